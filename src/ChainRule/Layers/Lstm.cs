using ChainRule.Randomness;

namespace ChainRule.Layers;

/// <summary>
/// A long short-term memory: [batch, steps, inputs] → [batch, steps, hidden], one layer in one direction.
/// <code>
/// i, f, o = σ(W x + b + W′ h₋ + b′), g = tanh(…)      what to take in, to keep, to say; and what is new
/// c = f c₋ + i g,  h = o tanh c
/// </code>
/// New weights and biases are uniform within ±1/√hidden: torch's nn.LSTM with batch_first, draw for draw and name for name.
/// </summary>
/// <remarks>Hochreiter and Schmidhuber, 1997; the gate f: Gers, Schmidhuber and Cummins, 2000.</remarks>
public sealed class Lstm : Module
{
    readonly int _inputs, _hidden;

    /// <param name="inputs">How many numbers go in at each step.</param>
    /// <param name="hidden">How many numbers come out, and how many are remembered.</param>
    /// <param name="rng">Where the first weights are drawn from.</param>
    public Lstm(int inputs, int hidden, TorchRandom rng)
    {
        (_inputs, _hidden) = (inputs, hidden);
        Throw.IfNull(rng, $"Lstm({inputs}, {hidden})");
        if (inputs < 1 || hidden < 1) Throw.Argument($"{Describe()}: sizes must be 1 or more");
        (WeightIhL0, WeightHhL0) = (Parameter([4 * hidden, inputs]), Parameter([4 * hidden, hidden]));
        (BiasIhL0, BiasHhL0) = (Parameter([4 * hidden]), Parameter([4 * hidden]));
        double bound = 1 / Math.Sqrt(hidden);
        foreach (var w in (ReadOnlySpan<Tensor>)[WeightIhL0, WeightHhL0, BiasIhL0, BiasHhL0]) Init.Uniform(w, -bound, bound, rng);
    }

    /// <summary>W, [4 · hidden, inputs]: rows for i, f, g and o.</summary>
    public Tensor WeightIhL0 { get; }

    /// <summary>W′, [4 · hidden, hidden].</summary>
    public Tensor WeightHhL0 { get; }

    /// <summary>b, [4 · hidden].</summary>
    public Tensor BiasIhL0 { get; }

    /// <summary>b′, [4 · hidden].</summary>
    public Tensor BiasHhL0 { get; }

    /// <summary>Goes on from a state, that of the step before, and gives the state to go on from; gradients flow through both.</summary>
    /// <param name="x">[batch, steps, inputs].</param>
    /// <param name="initial">Where to begin; at zeros for none.</param>
    /// <param name="final">The state after the last step.</param>
    public Tensor Forward(Tensor x, LstmState? initial, out LstmState final)
    {
        CheckLastAxis(x, _inputs);
        return Seen(x.Lstm(WeightIhL0, WeightHhL0, BiasIhL0, BiasHhL0, initial, out final));
    }

    protected override Tensor Compute(Tensor x)
    {
        CheckLastAxis(x, _inputs);
        return x.Lstm(WeightIhL0, WeightHhL0, BiasIhL0, BiasHhL0);
    }

    protected internal override string Describe() => $"Lstm({_inputs}, {_hidden})";
}
