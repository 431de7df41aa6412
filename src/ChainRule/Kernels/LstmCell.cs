using System.Numerics;

namespace ChainRule.Kernels;

/// <summary>
/// What one cell of an LSTM does with the sums that its gates are given, for one row of a batch at one step; H numbers
/// wide. A step keeps a row of 7H numbers for the backward pass: i f g o | c | tanh c | h.
/// </summary>
readonly struct LstmCell : ICell
{
    const int Cell = 4, Hidden = 6;

    static int ICell.Gates => 4;

    static int ICell.Recurrent => 0;

    static int ICell.Kept => 7;

    static int ICell.Hidden => Hidden;

    static int ICell.Memory => Cell;

    static bool ICell.Skips => false;

    /// <summary>
    /// i = σ(zᵢ + bᵢ), f = σ(z_f + b_f), g = tanh(z_g + b_g), o = σ(zₒ + bₒ); c = f c₋ + i g; h = o tanh c. The first
    /// 4H of what is kept hold z, and i f g o afterwards.
    /// </summary>
    void ICell.Forward<T>(Span<T> kept, ReadOnlySpan<T> bias, ReadOnlySpan<T> h, ReadOnlySpan<T> before)
    {
        int n = before.Length;
        Span<T> ins = kept[..n], forgets = kept.Slice(n, n), news = kept.Slice(2 * n, n), outs = kept.Slice(3 * n, n);
        Span<T> cell = kept.Slice(Cell * n, n), squashed = kept.Slice(5 * n, n), hidden = kept.Slice(Hidden * n, n);
        ReadOnlySpan<T> biasI = bias[..n], biasF = bias.Slice(n, n), biasG = bias.Slice(2 * n, n),
            biasO = bias.Slice(3 * n, n);
        for (int j = 0; j < n; j += Vector<T>.Count)
        {
            var i = Lanes.Sigmoid(Tail.From<T>(ins, j) + Tail.From(biasI, j));
            var f = Lanes.Sigmoid(Tail.From<T>(forgets, j) + Tail.From(biasF, j));
            var g = Lanes.Tanh(Tail.From<T>(news, j) + Tail.From(biasG, j));
            var o = Lanes.Sigmoid(Tail.From<T>(outs, j) + Tail.From(biasO, j));
            var c = Lanes.MultiplyAdd(f, Tail.From(before, j), i * g);
            var s = Lanes.Tanh(c);
            Tail.To(i, ins, j);
            Tail.To(f, forgets, j);
            Tail.To(g, news, j);
            Tail.To(o, outs, j);
            Tail.To(c, cell, j);
            Tail.To(s, squashed, j);
            Tail.To(o * s, hidden, j);
        }
    }

    /// <summary>
    /// dc += dh o (1 − tanh² c); dzᵢ = dc g i (1 − i), dz_f = dc c₋ f (1 − f), dz_g = dc i (1 − g²), dzₒ = dh tanh
    /// c o (1 − o); dc₋ = dc f.
    /// </summary>
    void ICell.Backward<T>(ReadOnlySpan<T> kept, ReadOnlySpan<T> h, ReadOnlySpan<T> before, ReadOnlySpan<T> dy,
        Span<T> dh, Span<T> dc, Span<T> dz)
    {
        int n = before.Length;
        ReadOnlySpan<T> ins = kept[..n], forgets = kept.Slice(n, n), news = kept.Slice(2 * n, n),
            outs = kept.Slice(3 * n, n), squashed = kept.Slice(5 * n, n);
        Span<T> di = dz[..n], df = dz.Slice(n, n), dg = dz.Slice(2 * n, n), dO = dz.Slice(3 * n, n);
        for (int j = 0; j < n; j += Vector<T>.Count)
        {
            Vector<T> i = Tail.From(ins, j), f = Tail.From(forgets, j), g = Tail.From(news, j), o = Tail.From(outs, j),
                s = Tail.From(squashed, j);
            Vector<T> one = Vector<T>.One, up = Tail.From(dy, j) + Tail.From<T>(dh, j),
                along = Lanes.MultiplyAdd(up * o, one - s * s, Tail.From<T>(dc, j));
            Tail.To(along * g * i * (one - i), di, j);
            Tail.To(along * Tail.From(before, j) * f * (one - f), df, j);
            Tail.To(along * i * (one - g * g), dg, j);
            Tail.To(up * s * o * (one - o), dO, j);
            Tail.To(along * f, dc, j);
        }
    }
}
