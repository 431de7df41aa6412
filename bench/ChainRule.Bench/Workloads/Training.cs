using ChainRule.Optim;

namespace ChainRule.Bench.Workloads;

/// <summary>Training steps: batch, forward, backward, update, in a scope each, as <c>Trainer</c> makes them.</summary>
abstract class Training : Workload
{
    protected abstract Optimizer Optimizer { get; }

    /// <summary>The loss of the next batch.</summary>
    protected abstract Tensor Loss();

    public sealed override void Step()
    {
        using var step = Scope.Begin();
        Train();
    }

    /// <summary>The losses of the first three steps.</summary>
    public sealed override double[] Check()
    {
        double[] losses = new double[3];
        for (int i = 0; i < losses.Length; i++)
        {
            using var step = Scope.Begin();
            losses[i] = Train().Item();
        }
        return losses;
    }

    Tensor Train()
    {
        var loss = Loss();
        Optimizer.ZeroGrad();
        loss.Backward();
        Optimizer.Step();
        return loss;
    }
}
