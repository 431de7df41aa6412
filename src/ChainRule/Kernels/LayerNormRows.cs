using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace ChainRule.Kernels;

/// <summary>
/// Layer normalisation row by row, and its slope: x̂ = (x − mean) / √(var + ε), y = γ x̂ + β. A row stays in the first cache while its sums and then its
/// results are computed. Noted for the way back are the mean and 1 / √(var + ε) of each row.
/// </summary>
static unsafe class LayerNormRows
{
    // A sum of millions would outgrow the digits of what is added to it: a row is added up in pieces, and then the pieces.
    const int Piece = 8192;

    /// <summary>The definition.</summary>
    public static void Naive<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> gain, ReadOnlySpan<T> bias, double eps, Span<T> note, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = gain.Length;
        for (int r = 0, at = 0; at < x.Length; r++, at += n)
        {
            T sum = T.Zero, squares = T.Zero, size = T.CreateTruncating(n);
            for (int i = 0; i < n; i++) sum += x[at + i];
            var mean = sum / size;
            for (int i = 0; i < n; i++) squares += (x[at + i] - mean) * (x[at + i] - mean);
            var inverse = T.One / T.Sqrt(squares / size + T.CreateTruncating(eps));
            for (int i = 0; i < n; i++) y[at + i] = gain[i] * (x[at + i] - mean) * inverse + bias[i];
            (note[2 * r], note[2 * r + 1]) = (mean, inverse);
        }
    }

    /// <summary>As <see cref="Naive"/>.</summary>
    public static void Forward<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> gain, ReadOnlySpan<T> bias, double eps, Span<T> note, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = gain.Length;
        fixed (T* xs = x, g = gain, b = bias, ys = y)
        {
            for (int r = 0, rows = note.Length / 2; r < rows; r++)
            {
                T* from = xs + (nint)r * n, to = ys + (nint)r * n;
                if (Avx512F.IsSupported) Forward<Wide<T>, T>(n, ref *from, ref *g, ref *b, T.CreateTruncating(eps), ref note[2 * r], ref note[2 * r + 1], ref *to);
                else Forward<Plain<T>, T>(n, ref *from, ref *g, ref *b, T.CreateTruncating(eps), ref note[2 * r], ref note[2 * r + 1], ref *to);
            }
        }
    }

    /// <summary>
    /// dβ += Σ dy, dγ += Σ dy x̂, dx (+)= (g − mean g − x̂ mean(g x̂)) / √(var + ε) with g = γ dy; dx is left out where it is empty.
    /// </summary>
    public static void Backward<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> gain, ReadOnlySpan<T> note, ReadOnlySpan<T> dy, Span<T> dgain, Span<T> dbias, Span<T> dx, bool add)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = gain.Length;
        fixed (T* xs = x, g = gain, dys = dy, dg = dgain, db = dbias, dxs = dx)
        {
            for (int r = 0, rows = note.Length / 2; r < rows; r++)
            {
                T* from = xs + (nint)r * n, slope = dys + (nint)r * n, to = dxs is null ? null : dxs + (nint)r * n;
                if (Avx512F.IsSupported) Backward<Wide<T>, T>(n, ref *from, ref *g, note[2 * r], note[2 * r + 1], ref *slope, ref *dg, ref *db, ref *to, add);
                else Backward<Plain<T>, T>(n, ref *from, ref *g, note[2 * r], note[2 * r + 1], ref *slope, ref *dg, ref *db, ref *to, add);
            }
        }
    }

    [MethodImpl(Compiled.ForItself)]
    static void Forward<V, T>(int n, ref T x, ref T gain, ref T bias, T eps, ref T noteMean, ref T noteInverse, ref T y)
        where V : struct, IMasked<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T size = T.CreateTruncating(n), sum = T.Zero, squares = T.Zero;
        int i = 0, left = n % V.Count, whole = n - left;
        while (i < whole)
        {
            V even = V.Of(0), odd = V.Of(0);
            int end = Math.Min(whole, i + Piece);
            for (; i <= end - 2 * V.Count; i += 2 * V.Count)
            {
                even += V.Load(ref x, i);
                odd += V.Load(ref x, i + V.Count);
            }
            if (i < end)
            {
                even += V.Load(ref x, i);
                i += V.Count;
            }
            sum += (even + odd).Sum();
        }
        if (left > 0) sum += V.LoadFirst(ref x, i, left).Sum();

        T mean = sum / size;
        V shift = V.All(mean);
        for (i = 0; i < whole;)
        {
            V even = V.Of(0), odd = V.Of(0);
            int end = Math.Min(whole, i + Piece);
            for (; i <= end - 2 * V.Count; i += 2 * V.Count)
            {
                V a = V.Load(ref x, i) - shift, b = V.Load(ref x, i + V.Count) - shift;
                even = V.MultiplyAdd(a, a, even);
                odd = V.MultiplyAdd(b, b, odd);
            }
            if (i < end)
            {
                var a = V.Load(ref x, i) - shift;
                even = V.MultiplyAdd(a, a, even);
                i += V.Count;
            }
            squares += (even + odd).Sum();
        }
        if (left > 0)
        {
            var a = V.First(left, V.LoadFirst(ref x, i, left) - shift, V.Of(0));
            squares += (a * a).Sum();
        }

        T inverse = T.One / T.Sqrt(squares / size + eps);
        (noteMean, noteInverse) = (mean, inverse);
        V scale = V.All(inverse);
        for (i = 0; i < whole; i += V.Count) V.MultiplyAdd((V.Load(ref x, i) - shift) * scale, V.Load(ref gain, i), V.Load(ref bias, i)).Store(ref y, i);
        if (left > 0)
            V.MultiplyAdd((V.LoadFirst(ref x, i, left) - shift) * scale, V.LoadFirst(ref gain, i, left), V.LoadFirst(ref bias, i, left)).StoreFirst(ref y, i, left);
    }

    [MethodImpl(Compiled.ForItself)]
    static void Backward<V, T>(int n, ref T x, ref T gain, T mean, T inverse, ref T dy, ref T dgain, ref T dbias, ref T dx, bool add)
        where V : struct, IMasked<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V shift = V.All(mean), scale = V.All(inverse), sum = V.Of(0), dot = V.Of(0);
        int i = 0, left = n % V.Count, whole = n - left;
        for (; i < whole; i += V.Count)
        {
            V d = V.Load(ref dy, i), hat = (V.Load(ref x, i) - shift) * scale, g = d * V.Load(ref gain, i);
            V.MultiplyAdd(d, hat, V.Load(ref dgain, i)).Store(ref dgain, i);
            (V.Load(ref dbias, i) + d).Store(ref dbias, i);
            sum += g;
            dot = V.MultiplyAdd(g, hat, dot);
        }
        if (left > 0)
        {
            V d = V.LoadFirst(ref dy, i, left), hat = (V.LoadFirst(ref x, i, left) - shift) * scale, g = d * V.LoadFirst(ref gain, i, left);
            V.MultiplyAdd(d, hat, V.LoadFirst(ref dgain, i, left)).StoreFirst(ref dgain, i, left);
            (V.LoadFirst(ref dbias, i, left) + d).StoreFirst(ref dbias, i, left);
            sum += g;
            dot = V.MultiplyAdd(g, hat, dot);
        }
        if (Unsafe.IsNullRef(ref dx)) return;

        T size = T.CreateTruncating(n);
        V centre = V.All(sum.Sum() / size), tilt = V.All(dot.Sum() / size);
        for (i = 0; i < whole; i += V.Count)
        {
            var d = (V.Load(ref dy, i) * V.Load(ref gain, i) - centre - (V.Load(ref x, i) - shift) * scale * tilt) * scale;
            if (add) d += V.Load(ref dx, i);
            d.Store(ref dx, i);
        }
        if (left > 0)
        {
            var d = (V.LoadFirst(ref dy, i, left) * V.LoadFirst(ref gain, i, left) - centre - (V.LoadFirst(ref x, i, left) - shift) * scale * tilt) * scale;
            if (add) d += V.LoadFirst(ref dx, i, left);
            d.StoreFirst(ref dx, i, left);
        }
    }
}
