namespace ChainRule;

public readonly partial struct Tensor
{
    /// <summary>
    /// Refuses what does not make a recurrent layer of [B, T, I], whose W has this many times H rows.
    /// </summary>
    int CheckRecurrent(string asked, int gates, Tensor inputWeight, Tensor hiddenWeight, Tensor inputBias,
        Tensor hiddenBias)
    {
        var shape = Shape;
        if (shape.Rank != 3 || shape[1] == 0)
            Throw.Argument($"{asked} of {shape}: sequences are [batch, steps, inputs], and there is a step at least");
        int hidden = hiddenWeight.Rank == 2 ? hiddenWeight.Shape[1] : 0;
        if (inputWeight.Shape != [gates * hidden, shape[2]] || hiddenWeight.Shape != [gates * hidden, hidden]
            || inputBias.Shape != [gates * hidden] || hiddenBias.Shape != inputBias.Shape)
        {
            string rows = gates == 1 ? "H" : $"{gates}H";
            Throw.Argument($"{asked} of {shape}: weights {inputWeight.Shape} and {hiddenWeight.Shape} with biases "
                + $"{inputBias.Shape} and {hiddenBias.Shape}: give [{rows}, {shape[2]}], [{rows}, H], [{rows}] and "
                + $"[{rows}], where H is one number", nameof(inputWeight));
        }
        if (inputWeight.DType != DType) Throw.Mixed(asked, DType, inputWeight.DType, nameof(inputWeight));
        if (hiddenWeight.DType != DType) Throw.Mixed(asked, DType, hiddenWeight.DType, nameof(hiddenWeight));
        if (inputBias.DType != DType) Throw.Mixed(asked, DType, inputBias.DType, nameof(inputBias));
        if (hiddenBias.DType != DType) Throw.Mixed(asked, DType, hiddenBias.DType, nameof(hiddenBias));
        return hidden;
    }

    /// <summary>The lengths of sequences as numbers; null if all have every step.</summary>
    int[]? CheckLengths(string asked, Ids? lengths)
    {
        if (lengths is null) return null;
        if (lengths.Shape != [Shape[0]])
            Throw.Argument($"{asked} of {Shape}: lengths of {lengths.Shape}: give one for each sequence, [{Shape[0]}]",
                nameof(lengths));
        for (int i = 0; i < lengths.Count; i++)
            if (lengths[i] < 1 || lengths[i] > Shape[1])
                Throw.OutOfRange(
                    $"{asked} of {Shape}: sequence {i} has a length of {lengths[i]}: give 1 to {Shape[1]}",
                    nameof(lengths));
        return lengths.Span.ToArray();
    }

    /// <summary>What stands at the last step of each sequence, [B, T, C] → [B, C].</summary>
    internal Tensor LastStep(Ids? lengths)
    {
        if (lengths is null) return Select(1, -1);
        int batch = Shape[0], steps = Shape[1];
        int[] rows = new int[batch];
        for (int i = 0; i < batch; i++) rows[i] = i * steps + lengths[i] - 1;
        return Reshape(batch * steps, Shape[2]).Rows(Ids.From(rows));
    }

    /// <summary>
    /// The steps of each sequence in reverse order, [B, T, C] → the same; what stands beyond its end stays.
    /// </summary>
    internal Tensor Reversed(Ids? lengths)
    {
        if (lengths is null) return Flip(1);
        int batch = Shape[0], steps = Shape[1];
        int[] rows = new int[batch * steps];
        for (int i = 0; i < rows.Length; i++)
        {
            int b = i / steps, t = i % steps;
            rows[i] = b * steps + (t < lengths[b] ? lengths[b] - 1 - t : t);
        }
        return Reshape(batch * steps, Shape[2]).Rows(Ids.From(rows)).Reshape(Shape.Span);
    }

    /// <summary>Runs a recurrent op whose state is h alone.</summary>
    Tensor RunRecurrent<TOp>(TOp op, string asked, Tensor inputWeight, Tensor hiddenWeight, Tensor inputBias,
        Tensor hiddenBias, Tensor? initial)
        where TOp : struct, IOp
    {
        int batch = Shape[0], steps = Shape[1], hidden = hiddenWeight.Shape[1];
        if (initial is { } state && state.Shape != [batch, hidden])
            Throw.Argument($"{asked} of {Shape}: the state to begin from is {state.Shape}: give [{batch}, {hidden}]",
                nameof(initial));
        if (initial is { } other && other.DType != DType) Throw.Mixed(asked, DType, other.DType, nameof(initial));
        return initial is { } begin
            ? ChainRule.Op.Run(op, [batch, steps, hidden],
                [Slot, inputWeight.Slot, hiddenWeight.Slot, inputBias.Slot, hiddenBias.Slot, begin.Slot])
            : ChainRule.Op.Run(op, [batch, steps, hidden],
                [Slot, inputWeight.Slot, hiddenWeight.Slot, inputBias.Slot, hiddenBias.Slot]);
    }
}
