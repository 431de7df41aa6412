namespace ChainRule;

public readonly partial struct Tensor
{
    /// <summary>
    /// A recurrent layer step by step, by other ops: the outputs of all steps, and the last memory. Inputs: x, W, W′,
    /// b, b′, and the state to begin from where one is given.
    /// </summary>
    /// <param name="x">The inputs of the op.</param>
    /// <param name="ends">How many steps each sequence has; all if null.</param>
    /// <param name="cell">From W x + b, W′ h₋ + b′, h₋ and c₋ to h and c.</param>
    internal static Tensor[] Unrolled(ReadOnlySpan<Tensor> x, int[]? ends,
        Func<Tensor, Tensor, Tensor, Tensor, (Tensor Hidden, Tensor Memory)> cell)
    {
        var all = x[0];
        int steps = all.Shape[1];
        var begin = Zeros([all.Shape[0], x[2].Shape[1]], all.DType);
        Tensor h = x.Length > 5 ? x[5] : begin, c = x.Length > 6 ? x[6] : begin;
        var ys = new Tensor[steps];
        for (int t = 0; t < steps; t++)
        {
            var over = all.Over(ends, t);
            var shown = all.Select(1, t);
            if (over is { } unread) shown = shown.MaskedFill(unread, 0);
            var (hidden, memory) = cell(shown.Linear(x[1], x[3]), h.Linear(x[2], x[4]), h, c);
            (h, c, ys[t]) = over is { } stays
                ? (Kept(hidden, h, stays), Kept(memory, c, stays), hidden.MaskedFill(stays, 0))
                : (hidden, memory, hidden);
        }
        return [Stack(1, ys), c];
    }
}
