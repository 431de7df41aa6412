using System.Numerics;

namespace ChainRule.Kernels;

/// <summary>
/// The cell of a gated recurrent unit. A step keeps r z n | h | what it does not need again | q, where q = W′ₙ
/// h₋ + b′ₙ is what r lets through.
/// </summary>
readonly struct GruCell : ICell
{
    const int Gated = 5;

    static int ICell.Gates => 3;

    static int ICell.Recurrent => 3;

    static int ICell.Kept => 6;

    static int ICell.Hidden => 3;

    static int ICell.Memory => -1;

    static bool ICell.Skips => true;

    /// <summary>
    /// r = σ(xᵣ + hᵣ), z = σ(x_z + h_z), n = tanh(xₙ + r q); h = n + z (h₋ − n). The sums of W′ h₋ give
    /// their place to h.
    /// </summary>
    void ICell.Forward<T>(Span<T> kept, ReadOnlySpan<T> bias, ReadOnlySpan<T> h, ReadOnlySpan<T> c)
    {
        int n = h.Length;
        Span<T> resets = kept[..n], updates = kept.Slice(n, n), news = kept.Slice(2 * n, n);
        Span<T> hidden = kept.Slice(3 * n, n), updatesH = kept.Slice(4 * n, n), gated = kept.Slice(Gated * n, n);
        ReadOnlySpan<T> biasR = bias[..n], biasZ = bias.Slice(n, n), biasN = bias.Slice(2 * n, n);
        ReadOnlySpan<T> biasHr = bias.Slice(3 * n, n), biasHz = bias.Slice(4 * n, n), biasHn = bias.Slice(5 * n, n);
        for (int j = 0; j < n; j += Vector<T>.Count)
        {
            var r = Lanes.Sigmoid(Tail.From<T>(resets, j) + Tail.From(biasR, j)
                + (Tail.From<T>(hidden, j) + Tail.From(biasHr, j)));
            var z = Lanes.Sigmoid(Tail.From<T>(updates, j) + Tail.From(biasZ, j)
                + (Tail.From<T>(updatesH, j) + Tail.From(biasHz, j)));
            var q = Tail.From<T>(gated, j) + Tail.From(biasHn, j);
            var g = Lanes.Tanh(Lanes.MultiplyAdd(r, q, Tail.From<T>(news, j) + Tail.From(biasN, j)));
            Tail.To(r, resets, j);
            Tail.To(z, updates, j);
            Tail.To(g, news, j);
            Tail.To(q, gated, j);
            Tail.To(Lanes.MultiplyAdd(z, Tail.From(h, j) - g, g), hidden, j);
        }
    }

    /// <summary>
    /// dn = dh (1 − z) (1 − n²), dr = dn q r (1 − r), dz = dh (h₋ − n) z (1 − z), and dq = dn r stands in the place of
    /// dn among the sums of W′ h₋; dh₋ = dh z.
    /// </summary>
    void ICell.Backward<T>(ReadOnlySpan<T> kept, ReadOnlySpan<T> h, ReadOnlySpan<T> c, ReadOnlySpan<T> dy, Span<T> dh,
        Span<T> dc, Span<T> dz)
    {
        int n = h.Length;
        ReadOnlySpan<T> resets = kept[..n], updates = kept.Slice(n, n), news = kept.Slice(2 * n, n),
            gated = kept.Slice(Gated * n, n);
        for (int j = 0; j < n; j += Vector<T>.Count)
        {
            Vector<T> r = Tail.From(resets, j), z = Tail.From(updates, j), g = Tail.From(news, j), one = Vector<T>.One;
            var up = Tail.From(dy, j) + Tail.From<T>(dh, j);
            var dn = up * (one - z) * (one - g * g);
            Tail.To(dn * Tail.From(gated, j) * r * (one - r), dz[..n], j);
            Tail.To(up * (Tail.From(h, j) - g) * z * (one - z), dz.Slice(n, n), j);
            Tail.To(dn, dz.Slice(2 * n, n), j);
            Tail.To(dn * r, dz.Slice(Gated * n, n), j);
            Tail.To(up * z, dh, j);
        }
        dz[..(2 * n)].CopyTo(dz[(3 * n)..]);
    }
}
