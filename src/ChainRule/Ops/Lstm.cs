using ChainRule.Kernels;

namespace ChainRule;

/// <summary>
/// z = W x_t + b + W′ h₋ + b′ in four parts of H; i = σ(zᵢ), f = σ(z_f), g = tanh(z_g), o = σ(zₒ); c_t = f c₋ + i
/// g; y_t = h_t = o tanh c_t.
/// </summary>
readonly struct Lstm(Recurrence<LstmCell> steps) : IOp
{
    (string Name, object Value)[] IOp.Attributes => steps.Attributes;

    OpText IOp.Text => new("y = h, z = W x + b + W′ h₋ + b′, c = σ(f) c₋ + σ(i) tanh(g), h = σ(o) tanh(c)",
        "dx, dW, dW′, db, db′ = sums over the steps, from the last to the first") { IsAlike = true };

    Tensor[] IOp.Unfold(ReadOnlySpan<Tensor> x) => Tensor.Unrolled(x, steps.Lengths, static (z, r, h, c) =>
    {
        int n = h.Shape[1];
        Tensor[] gates = (z + r).Split(1, n, n, n, n);
        var memory = gates[1].Sigmoid() * c + gates[0].Sigmoid() * gates[2].Tanh();
        return (gates[3].Sigmoid() * memory.Tanh(), memory);
    });

    void IOp.Forward<T>(Frame<T> f) => steps.Forward(f);

    void IOp.Backward<T>(Frame<T> f) => steps.Backward(f);
}

/// <summary>The state of an LSTM between two steps, for each row of a batch.</summary>
/// <param name="Hidden">h, the hidden state, which is also the output: [B, H], and [layers · directions,
/// B, H] of a layer.</param>
/// <param name="Cell">c, the cell state, of the same shape.</param>
public readonly record struct LstmState(Tensor Hidden, Tensor Cell);

public readonly partial struct Tensor
{
    /// <summary>
    /// A long short-term memory over all steps of a batch of sequences, [B, T, I] → [B, T, H]: with [i f g o] = W
    /// x_t + b + W′ h₋ + b′ in four parts, c = σ(f) c₋ + σ(i) tanh(g) and h = σ(o) tanh(c).
    /// </summary>
    /// <param name="inputWeight">W, [4H, I].</param>
    /// <param name="hiddenWeight">W′, [4H, H].</param>
    /// <param name="inputBias">b, [4H].</param>
    /// <param name="hiddenBias">b′, [4H].</param>
    /// <param name="initial">The state to begin from, h and c each [B, H]; zeros if null.</param>
    /// <param name="lengths">
    /// How many steps each sequence has, [B]; all if null. The steps behind its last are not read, and y is 0 there: a
    /// sequence comes out as it would alone.
    /// </param>
    /// <remarks>
    /// Hochreiter and Schmidhuber, 1997; the gate f that forgets: Gers, Schmidhuber and Cummins, 2000.
    /// </remarks>
    public Tensor Lstm(
        Tensor inputWeight, Tensor hiddenWeight, Tensor inputBias, Tensor hiddenBias, LstmState? initial = null,
        Ids? lengths = null) =>
        ChainRule.Op.Run(CheckLstm(inputWeight, hiddenWeight, inputBias, hiddenBias, initial, lengths),
            Shape.With(2, hiddenWeight.Shape[1]),
            LstmInputs(inputWeight, hiddenWeight, inputBias, hiddenBias, initial));

    /// <summary>
    /// As without <paramref name="final"/>, which is the state after the last step of each sequence; gradients
    /// flow through it.
    /// </summary>
    public Tensor Lstm(Tensor inputWeight, Tensor hiddenWeight, Tensor inputBias, Tensor hiddenBias, LstmState? initial,
        out LstmState final, Ids? lengths = null)
    {
        var op = CheckLstm(inputWeight, hiddenWeight, inputBias, hiddenBias, initial, lengths);
        int hidden = hiddenWeight.Shape[1];
        var (y, cell) = ChainRule.Op.Run(op, Shape.With(2, hidden), [Shape[0], hidden],
            LstmInputs(inputWeight, hiddenWeight, inputBias, hiddenBias, initial));
        final = new(y.LastStep(lengths), cell);
        return y;
    }

    Slot[] LstmInputs(Tensor inputWeight, Tensor hiddenWeight, Tensor inputBias, Tensor hiddenBias,
        LstmState? initial) => initial is { } begin
        ? [Slot, inputWeight.Slot, hiddenWeight.Slot, inputBias.Slot, hiddenBias.Slot, begin.Hidden.Slot,
            begin.Cell.Slot]
        : [Slot, inputWeight.Slot, hiddenWeight.Slot, inputBias.Slot, hiddenBias.Slot];

    Lstm CheckLstm(Tensor inputWeight, Tensor hiddenWeight, Tensor inputBias, Tensor hiddenBias,
        LstmState? initial, Ids? lengths)
    {
        var shape = Shape;
        int hidden = CheckRecurrent("lstm", 4, inputWeight, hiddenWeight, inputBias, hiddenBias);
        if (initial is { } state
            && (state.Hidden.Shape != [shape[0], hidden] || state.Cell.Shape != state.Hidden.Shape))
            Throw.Argument($"lstm of {shape}: the state to begin from is {state.Hidden.Shape} and {state.Cell.Shape}: "
                + $"both must be [{shape[0]}, {hidden}]",
                nameof(initial));
        foreach (var given in (ReadOnlySpan<Tensor>)[initial?.Hidden ?? this, initial?.Cell ?? this])
            if (given.DType != DType) Throw.Mixed("lstm", DType, given.DType, nameof(initial));
        return new(new(default, shape[0], shape[1], shape[2], hidden, initial is not null)
            { Lengths = CheckLengths("lstm", lengths) });
    }
}
