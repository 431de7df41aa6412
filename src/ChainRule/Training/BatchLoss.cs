using ChainRule.Data;

namespace ChainRule.Training;

/// <summary>The loss of a batch with the graph that it was computed by: for explanations, not for training.</summary>
/// <param name="Loss">The loss, a single number.</param>
/// <param name="Output">The model's output; null where the trainer knows no output, but only a loss.</param>
public abstract record BatchLoss(Tensor Loss, Tensor? Output);

/// <inheritdoc/>
/// <param name="Inputs">The inputs, row by row.</param>
/// <param name="Targets">What they should lead to.</param>
/// <param name="Loss">The loss, a single number.</param>
/// <param name="Output">The model's output; null where the trainer knows no output, but only a loss.</param>
public sealed record BatchLoss<TX, TY>(TX Inputs, TY Targets, Tensor Loss, Tensor? Output) : BatchLoss(Loss, Output)
    where TX : IRows<TX> where TY : IRows<TY>;
