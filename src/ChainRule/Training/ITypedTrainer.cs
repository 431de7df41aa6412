using ChainRule.Data;

namespace ChainRule.Training;

/// <summary>A trainer that hands itself to work that needs to know the types of its batches.</summary>
interface ITypedTrainer
{
    void Accept(ITrainerWork work);
}

/// <summary>Work on a trainer whose batches may be of any type.</summary>
interface ITrainerWork
{
    void Run<TX, TY>(Trainer<TX, TY> trainer) where TX : IRows<TX> where TY : IRows<TY>;
}
