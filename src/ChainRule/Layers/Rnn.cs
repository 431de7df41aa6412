using ChainRule.Randomness;

namespace ChainRule.Layers;

/// <summary>
/// A simple recurrent network: h = tanh(W x + b + W′ h₋ + b′), or max(…, 0), [batch, steps, inputSize] → [batch, steps,
/// directions · hiddenSize]. New weights and biases are uniform within ±1/√hiddenSize: torch's nn.RNN with batch_first,
/// draw for draw and name for name.
/// </summary>
/// <remarks>Elman, 1990; with ReLU: Le, Jaitly and Hinton, 2015.</remarks>
public sealed class Rnn : RecurrentLayer
{
    readonly bool _relu;

    /// <param name="inputSize">How many numbers go in at each step.</param>
    /// <param name="hiddenSize">How many numbers come out of a direction, and how many are remembered.</param>
    /// <param name="rng">Where the first weights are drawn from, and the masks of dropout.</param>
    /// <param name="options">Layers, directions, dropout and bias; the defaults if null.</param>
    /// <param name="relu">Whether the nonlinearity is ReLU and not tanh.</param>
    /// <exception cref="ArgumentException">A size is less than 1, or there is dropout and only one layer.</exception>
    public Rnn(int inputSize, int hiddenSize, RandomSource rng, RecurrentOptions? options = null, bool relu = false)
        : base(1, inputSize, hiddenSize, rng, options) => _relu = relu;

    /// <inheritdoc cref="Gru.Forward(Tensor, Tensor?, out Tensor, Ids?)"/>
    public Tensor Forward(Tensor x, Tensor? initial, out Tensor final, Ids? lengths = null)
    {
        var end = new Tensor[1];
        var y = Run(x, initial is { } state ? [state] : [], end, lengths);
        final = end[0];
        return Seen(y);
    }

    private protected override Tensor Cell(Tensor x, RecurrentWeights weights, ReadOnlySpan<Tensor> initial,
        Span<Tensor> final, Ids? lengths)
    {
        var (input, hidden) = Biases(weights);
        var y = x.Rnn(weights.InputWeight, weights.HiddenWeight, input, hidden, initial.IsEmpty ? null : initial[0],
            _relu, lengths);
        if (!final.IsEmpty) final[0] = y.LastStep(lengths);
        return y;
    }

    protected internal override string Describe() => _relu ? $"{base.Describe()[..^1]}, relu: true)" : base.Describe();
}
