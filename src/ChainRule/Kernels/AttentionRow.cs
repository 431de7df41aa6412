using System.Numerics;

namespace ChainRule.Kernels;

/// <summary>One query's share in every key that its block of queries reaches.</summary>
static class AttentionRow
{
    /// <summary>In place p = softmax(scale x) over the first, open numbers, and 0 for the rest.</summary>
    public static void Softmax<T>(Span<T> x, int open, T scale) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int w = Vector<T>.Count, i = 0, n = x.Length;
        var scales = new Vector<T>(scale);
        for (; i <= n - w; i += w) (new Vector<T>(x[i..]) * scales).CopyTo(x[i..]);
        for (; i < n; i++) x[i] *= scale;
        // exp gives 0 for it: the rest needs no loop of its own.
        x[open..].Fill(T.NegativeInfinity);

        var max = new Vector<T>(T.NegativeInfinity);
        for (i = 0; i <= n - w; i += w) max = Vector.Max(max, new Vector<T>(x[i..]));
        T top = max[0];
        for (int lane = 1; lane < w; lane++) top = T.Max(top, max[lane]);
        for (; i < n; i++) top = T.Max(top, x[i]);

        Vector<T> shift = new(top), sum = Vector<T>.Zero;
        for (i = 0; i <= n - w; i += w)
        {
            var e = Lanes.Exp(new Vector<T>(x[i..]) - shift);
            sum += e;
            e.CopyTo(x[i..]);
        }
        if (i < n)
        {
            Tail.Store(Lanes.Exp(Tail.Load<T>(x[i..]) - shift), x[i..]);
            sum += Tail.LoadOrZero<T>(x[i..]);
        }

        T share = T.One / Vector.Sum(sum);
        var shares = new Vector<T>(share);
        for (i = 0; i <= n - w; i += w) (new Vector<T>(x[i..]) * shares).CopyTo(x[i..]);
        for (; i < n; i++) x[i] *= share;
    }

    /// <summary>In place dx = scale p (dp − ⟨dp, p⟩).</summary>
    public static void SoftmaxSlope<T>(ReadOnlySpan<T> p, Span<T> dp, T scale) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int w = Vector<T>.Count, i = 0, n = dp.Length;
        var dots = Vector<T>.Zero;
        for (; i <= n - w; i += w) dots = Lanes.MultiplyAdd(new Vector<T>(p[i..]), new(dp[i..]), dots);
        T dot = Vector.Sum(dots);
        for (; i < n; i++) dot += p[i] * dp[i];

        Vector<T> mean = new(dot), scales = new(scale);
        for (i = 0; i <= n - w; i += w) (scales * new Vector<T>(p[i..]) * (new Vector<T>(dp[i..]) - mean)).CopyTo(dp[i..]);
        for (; i < n; i++) dp[i] = scale * p[i] * (dp[i] - dot);
    }
}
