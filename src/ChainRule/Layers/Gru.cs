using ChainRule.Randomness;

namespace ChainRule.Layers;

/// <summary>
/// A gated recurrent unit: [batch, steps, inputSize] → [batch, steps, directions · hiddenSize].
/// <code lang="math">
/// r, z = σ(W x + b + W′ h₋ + b′)            reset gate, update gate
/// n = tanh(W x + b + r (W′ h₋ + b′))        candidate
/// h = (1 − z) n + z h₋
/// </code>
/// Rows of W and W′ stand in the order r z n. New weights and biases are uniform within ±1/√hiddenSize: torch's nn.GRU
/// with batch_first, draw for draw and name for name.
/// </summary>
/// <remarks>Cho and others, 2014, with the reset gate behind the product, as in cuDNN.</remarks>
public sealed class Gru : RecurrentLayer
{
    /// <inheritdoc cref="Lstm(int, int, RandomSource, RecurrentOptions?, int?)"/>
    public Gru(int inputSize, int hiddenSize, RandomSource rng, RecurrentOptions? options = null)
        : base(3, inputSize, hiddenSize, rng, options)
    {
    }

    /// <summary>
    /// Goes on from a state, that of the step before, and gives the state to go on from; gradients flow through both.
    /// </summary>
    /// <param name="x">[batch, steps, inputSize].</param>
    /// <param name="initial">Where to begin, [layers · directions, batch, hiddenSize]; zeros if null.</param>
    /// <param name="final">The state after the last step of each direction.</param>
    /// <param name="lengths">How many steps each sequence has, [batch]; all if null.</param>
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
        var y = x.Gru(weights.InputWeight, weights.HiddenWeight, input, hidden,
            initial.IsEmpty ? null : initial[0], lengths);
        if (!final.IsEmpty) final[0] = y.LastStep(lengths);
        return y;
    }
}
