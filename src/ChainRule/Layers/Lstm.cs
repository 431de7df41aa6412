using ChainRule.Randomness;

namespace ChainRule.Layers;

/// <summary>
/// A long short-term memory: [batch, steps, inputSize] → [batch, steps, directions · hiddenSize].
/// <code lang="math">
/// i, f, o = σ(W x + b + W′ h₋ + b′), g = tanh(…)      input gate, forget gate, output gate; candidate
/// c = f c₋ + i g,  h = o tanh c
/// </code>
/// Rows of W and W′ stand in the order i f g o. New weights and biases are uniform within ±1/√hiddenSize: torch's
/// nn.LSTM with batch_first, draw for draw and name for name. With a projection, h = W″ (o tanh c) has projSize
/// numbers, and so has the output of a direction.
/// </summary>
/// <remarks>Hochreiter and Schmidhuber, 1997; the gate f: Gers, Schmidhuber and Cummins, 2000.</remarks>
public sealed class Lstm : RecurrentLayer
{
    readonly int? _projSize;

    /// <param name="inputSize">How many numbers go in at each step.</param>
    /// <param name="hiddenSize">How many numbers come out of a direction, and how many are remembered.</param>
    /// <param name="rng">Where the first weights are drawn from, and the masks of dropout.</param>
    /// <param name="options">Layers, directions, dropout and bias; the defaults if null.</param>
    /// <param name="projSize">How many numbers h is projected to, fewer than hiddenSize; no projection if null.</param>
    /// <exception cref="ArgumentException">A size is less than 1, or there is dropout and only one layer.</exception>
    public Lstm(int inputSize, int hiddenSize, RandomSource rng, RecurrentOptions? options = null, int? projSize = null)
        : base(4, inputSize, hiddenSize, rng, options, projSize) => _projSize = projSize;

    /// <summary>
    /// Goes on from a state, that of the step before, and gives the state to go on from; gradients flow through both.
    /// </summary>
    /// <param name="x">[batch, steps, inputSize].</param>
    /// <param name="initial">Where to begin, h and c each [layers · directions, batch, hiddenSize], h with
    /// projSize; zeros if null.</param>
    /// <param name="final">The state after the last step of each direction.</param>
    /// <param name="lengths">How many steps each sequence has, [batch]; all if null.</param>
    public Tensor Forward(Tensor x, LstmState? initial, out LstmState final, Ids? lengths = null)
    {
        var end = new Tensor[2];
        var y = Run(x, initial is { } state ? [state.Hidden, state.Cell] : [], end, lengths);
        final = new(end[0], end[1]);
        return Seen(y);
    }

    private protected override Tensor Cell(Tensor x, RecurrentWeights weights, ReadOnlySpan<Tensor> initial,
        Span<Tensor> final, Ids? lengths)
    {
        var (input, hidden) = Biases(weights);
        LstmState? begin = initial.IsEmpty ? null : new(initial[0], initial[1]);
        if (final.IsEmpty && weights.ProjectionWeight is null)
            return x.Lstm(weights.InputWeight, weights.HiddenWeight, input, hidden, begin, lengths);
        LstmState end;
        var y = weights.ProjectionWeight is { } projection
            ? x.Lstm(weights.InputWeight, weights.HiddenWeight, input, hidden, projection, begin, out end, lengths)
            : x.Lstm(weights.InputWeight, weights.HiddenWeight, input, hidden, begin, out end, lengths);
        if (!final.IsEmpty) (final[0], final[1]) = (end.Hidden, end.Cell);
        return y;
    }

    protected internal override string Describe() =>
        _projSize is { } size ? $"{base.Describe()[..^1]}, projSize: {size})" : base.Describe();
}
