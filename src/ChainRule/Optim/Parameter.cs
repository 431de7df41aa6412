using System.Numerics;

namespace ChainRule.Optim;

/// <summary>What an optimiser sees of one parameter while it updates it; all spans are of one length.</summary>
public readonly ref struct Parameter<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    readonly ReadOnlySpan<Tensor> _state;

    internal Parameter(Slot w, Slot g, ReadOnlySpan<Tensor> state, double learningRate, double decay, int steps)
    {
        W = w.Span<T>();
        G = g.Span<T>();
        _state = state;
        LearningRate = learningRate;
        Decay = decay;
        Steps = steps;
    }

    /// <summary>The parameter's numbers, to be overwritten.</summary>
    public Span<T> W { get; }

    /// <summary>dL/dw, the caller's: only to be read.</summary>
    public ReadOnlySpan<T> G { get; }

    /// <summary>
    /// The learning rate of this parameter: the optimiser's, times the factor of its <see cref="Optimizer.Group"/>.
    /// </summary>
    public double LearningRate { get; }

    /// <summary>
    /// The weight decay of this parameter: the optimiser's, or 0 for a parameter that does not decay.
    /// </summary>
    public double Decay { get; }

    /// <summary>How often this parameter has been updated, this time included: 1 at the first.</summary>
    public int Steps { get; }

    /// <summary>
    /// What the optimiser remembers of each number, to be overwritten: the i-th of the names it gave its
    /// base; 0 at first.
    /// </summary>
    public Span<T> State(int i) => _state[i].Slot.Span<T>();
}
