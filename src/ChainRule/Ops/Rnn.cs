using ChainRule.Kernels;

namespace ChainRule;

/// <summary>y_t = h_t = tanh(W x_t + b + W′ h₋ + b′), or max(…, 0).</summary>
readonly struct Rnn(Recurrence<RnnCell> steps) : IOp
{
    (string Name, object Value)[] IOp.Attributes =>
        [.. steps.Attributes, ("relu", steps.Cell.IsRelu)];

    OpText IOp.Text =>
        new(steps.Cell.IsRelu ? "y = h = max(W x + b + W′ h₋ + b′, 0)" : "y = h = tanh(W x + b + W′ h₋ + b′)",
        "dx, dW, dW′, db, db′ = sums over the steps, from the last to the first") { IsAlike = true };

    Tensor[] IOp.Unfold(ReadOnlySpan<Tensor> x) => steps.Cell.IsRelu
        ? Tensor.Unrolled(x, steps.Lengths, static (z, r, h, c) => ((z + r).Relu(), c))
        : Tensor.Unrolled(x, steps.Lengths, static (z, r, h, c) => ((z + r).Tanh(), c));

    void IOp.Forward<T>(Frame<T> f) => steps.Forward(f);

    void IOp.Backward<T>(Frame<T> f) => steps.Backward(f);
}

public readonly partial struct Tensor
{
    /// <summary>
    /// A simple recurrent network over all steps of a batch of sequences, [B, T, I] → [B, T, H]: h = tanh(W
    /// x_t + b + W′ h₋ + b′), or max(…, 0). The last step of the result is the state to go on from.
    /// </summary>
    /// <param name="inputWeight">W, [H, I].</param>
    /// <param name="hiddenWeight">W′, [H, H].</param>
    /// <param name="inputBias">b, [H].</param>
    /// <param name="hiddenBias">b′, [H].</param>
    /// <param name="initial">h before the first step, [B, H]; zeros if null.</param>
    /// <param name="lengths">
    /// How many steps each sequence has, [B]; all if null. The steps behind its last are not read, and y is 0 there: a
    /// sequence comes out as it would alone.
    /// </param>
    /// <param name="relu">Whether the nonlinearity is ReLU and not tanh.</param>
    /// <remarks>Elman, 1990.</remarks>
    /// <exception cref="ArgumentException">Shapes or number types disagree, or there is no step.</exception>
    public Tensor Rnn(Tensor inputWeight, Tensor hiddenWeight, Tensor inputBias, Tensor hiddenBias,
        Tensor? initial = null, bool relu = false, Ids? lengths = null)
    {
        int hidden = CheckRecurrent("rnn", 1, inputWeight, hiddenWeight, inputBias, hiddenBias);
        var steps = new Recurrence<RnnCell>(new(relu), Shape[0], Shape[1], Shape[2], hidden, initial is not null)
        {
            Lengths = CheckLengths("rnn", lengths),
        };
        return RunRecurrent(new Rnn(steps), "rnn", inputWeight, hiddenWeight, inputBias, hiddenBias, initial);
    }
}
