using ChainRule.Kernels;

namespace ChainRule;

/// <summary>
/// x̂ = W x_t + b and ĥ = W′ h₋ + b′ in three parts of H; r = σ(x̂ᵣ + ĥᵣ), z = σ(x̂_z + ĥ_z), n = tanh(x̂ₙ + r ĥₙ);
/// y_t = h_t = (1 − z) n + z h₋.
/// </summary>
readonly struct Gru(Recurrence<GruCell> steps) : IOp
{
    (string Name, object Value)[] IOp.Attributes => steps.Attributes;

    OpText IOp.Text => new("y = h = (1 − z) n + z h₋, z = σ(…), n = tanh(W x + b + r (W′ h₋ + b′)), r = σ(…)",
        "dx, dW, dW′, db, db′ = sums over the steps, from the last to the first") { IsAlike = true };

    Tensor[] IOp.Unfold(ReadOnlySpan<Tensor> x) => Tensor.Unrolled(x, steps.Lengths, static (z, r, h, c) =>
    {
        int n = h.Shape[1];
        Tensor[] shown = z.Split(1, n, n, n),
            before = r.Split(1, n, n, n);
        var update = (shown[1] + before[1]).Sigmoid();
        var next = (shown[2] + (shown[0] + before[0]).Sigmoid() * before[2]).Tanh();
        return ((1 - update) * next + update * h, c);
    });

    void IOp.Forward<T>(Frame<T> f) => steps.Forward(f);

    void IOp.Backward<T>(Frame<T> f) => steps.Backward(f);
}

public readonly partial struct Tensor
{
    /// <summary>
    /// A gated recurrent unit over all steps of a batch of sequences, [B, T, I] → [B, T, H]: with [r z n] = W x_t + b
    /// and [r′ z′ n′] = W′ h₋ + b′, each in three parts, z = σ(z + z′), n = tanh(n + σ(r + r′) n′) and h = (1 − z)
    /// n + z h₋. The last step of the result is the state to go on from.
    /// </summary>
    /// <param name="inputWeight">W, [3H, I].</param>
    /// <param name="hiddenWeight">W′, [3H, H].</param>
    /// <param name="inputBias">b, [3H].</param>
    /// <param name="hiddenBias">b′, [3H].</param>
    /// <param name="initial">h before the first step, [B, H]; zeros if null.</param>
    /// <param name="lengths">
    /// How many steps each sequence has, [B]; all if null. The steps behind its last are not read, and y is 0 there: a
    /// sequence comes out as it would alone.
    /// </param>
    /// <remarks>Cho and others, 2014, with the reset gate behind the product, as in cuDNN and PyTorch.</remarks>
    /// <exception cref="ArgumentException">Shapes or number types disagree, or there is no step.</exception>
    public Tensor Gru(Tensor inputWeight, Tensor hiddenWeight, Tensor inputBias, Tensor hiddenBias,
        Tensor? initial = null, Ids? lengths = null)
    {
        int hidden = CheckRecurrent("gru", 3, inputWeight, hiddenWeight, inputBias, hiddenBias);
        var steps = new Recurrence<GruCell>(default, Shape[0], Shape[1], Shape[2], hidden, initial is not null)
        {
            Lengths = CheckLengths("gru", lengths),
        };
        return RunRecurrent(new Gru(steps), "gru", inputWeight, hiddenWeight, inputBias, hiddenBias, initial);
    }
}
