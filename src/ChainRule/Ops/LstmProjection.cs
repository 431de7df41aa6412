namespace ChainRule;

public readonly partial struct Tensor
{
    /// <summary>
    /// A long short-term memory whose output is projected, [B, T, I] → [B, T, P]: c is H numbers wide, and h = P₀ (σ(o)
    /// tanh c) is P, of which the next step's gates are made. It is written with other ops, step by step.
    /// </summary>
    /// <param name="inputWeight">W, [4H, I].</param>
    /// <param name="hiddenWeight">W′, [4H, P].</param>
    /// <param name="inputBias">b, [4H].</param>
    /// <param name="hiddenBias">b′, [4H].</param>
    /// <param name="projection">P₀, [P, H].</param>
    /// <param name="initial">The state to begin from, h [B, P] and c [B, H]; zeros if null.</param>
    /// <param name="final">The state after the last step of each sequence; gradients flow through it.</param>
    /// <param name="lengths">How many steps each sequence has, [B]; all if null. The steps behind its last are not
    /// read, and y is 0 there.</param>
    /// <remarks>Sak, Senior and Beaufays, 2014.</remarks>
    /// <exception cref="ArgumentException">Shapes or number types disagree, or there is no step.</exception>
    public Tensor Lstm(Tensor inputWeight, Tensor hiddenWeight, Tensor inputBias, Tensor hiddenBias, Tensor projection,
        LstmState? initial, out LstmState final, Ids? lengths = null)
    {
        var shape = Shape;
        if (shape.Rank != 3 || shape[1] == 0)
            Throw.Argument($"lstm of {shape}: sequences are [batch, steps, inputs], and there is a step at least");
        int batch = shape[0], steps = shape[1], size = projection.Rank == 2 ? projection.Shape[0] : 0,
            width = projection.Rank == 2 ? projection.Shape[1] : 0;
        if (inputWeight.Shape != [4 * width, shape[2]] || hiddenWeight.Shape != [4 * width, size]
            || inputBias.Shape != [4 * width] || hiddenBias.Shape != inputBias.Shape)
        {
            Throw.Argument($"lstm of {shape}: weights {inputWeight.Shape} and {hiddenWeight.Shape} with biases "
                + $"{inputBias.Shape} and {hiddenBias.Shape} and a projection of {projection.Shape}: give [4H, "
                + $"{shape[2]}], [4H, P], [4H], [4H] and [P, H]");
        }
        if (initial is { } given && (given.Hidden.Shape != [batch, size] || given.Cell.Shape != [batch, width]))
            Throw.Argument($"lstm of {shape}: the state to begin from is {given.Hidden.Shape} and {given.Cell.Shape}: "
                + $"give [{batch}, {size}] and [{batch}, {width}]");
        int[]? ends = CheckLengths("lstm", lengths);

        Tensor h = initial?.Hidden ?? Zeros([batch, size], DType), c = initial?.Cell ?? Zeros([batch, width], DType);
        var ys = new Tensor[steps];
        for (int t = 0; t < steps; t++)
        {
            var over = Over(ends, t);
            var x = Select(1, t);
            if (over is { } unread) x = x.MaskedFill(unread, 0);
            Tensor[] gates = (x.Linear(inputWeight, inputBias) + h.Linear(hiddenWeight, hiddenBias)).Split(1, width,
                width, width, width);
            var cell = gates[1].Sigmoid() * c + gates[0].Sigmoid() * gates[2].Tanh();
            var hidden = (gates[3].Sigmoid() * cell.Tanh()).MatMul(projection, transposeB: true);
            (h, c, ys[t]) = over is { } stays
                ? (Kept(hidden, h, stays), Kept(cell, c, stays), hidden.MaskedFill(stays, 0)) : (hidden, cell, hidden);
        }
        final = new(h, c);
        return Stack(1, ys);
    }

    /// <summary>[B, 1]: 1 for each sequence that ended before a step; null if none did.</summary>
    Tensor? Over(int[]? ends, int t)
    {
        if (ends is null) return null;
        double[] mask = new double[ends.Length];
        for (int b = 0; b < mask.Length; b++) mask[b] = t < ends[b] ? 0 : 1;
        return mask.AsSpan().Contains(1) ? From(mask, [mask.Length, 1]).To(DType) : null;
    }

    /// <summary>What is new, and what was before where a mask is 1.</summary>
    static Tensor Kept(Tensor now, Tensor before, Tensor mask) =>
        now.MaskedFill(mask, 0) + before.MaskedFill(1 - mask, 0);
}
