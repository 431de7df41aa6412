using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace ChainRule.Kernels;

/// <summary>
/// Layer normalisation row by row, and its gradient: x̂ = (x − mean) / √(var + ε), y = γ x̂ + β. A row stays in the
/// first cache while its sums and then its results are computed. Saved for the backward pass are the mean and
/// 1 / √(var + ε) of each row.
/// </summary>
static unsafe class LayerNormRows
{
    // A sum of millions would outgrow the digits of what is added to it: a row is added up in
    // pieces, and then the pieces.
    const int Piece = 8192;

    // How many rows have sums of γ's and β's gradients of their own.
    const int Block = 32;

    /// <summary>The definition.</summary>
    public static void Naive<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> gain, ReadOnlySpan<T> bias, double eps,
        Span<T> statistics, Span<T> y)
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
            (statistics[2 * r], statistics[2 * r + 1]) = (mean, inverse);
        }
    }

    /// <summary>As <see cref="Naive"/>.</summary>
    public static void Forward<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> gain, ReadOnlySpan<T> bias, double eps,
        Span<T> statistics, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        ForRows.Run(statistics.Length / 2, 1, 4 * gain.Length, ForRows.Numbers,
            new ForwardWork<T>(x, gain, bias, T.CreateTruncating(eps), statistics, y));

    /// <summary>
    /// dβ += Σ dy, dγ += Σ dy x̂, dx (+)= (g − mean g − x̂ mean(g x̂)) / √(var + ε) with g = γ dy; dx is left out
    /// where it is empty. Blocks of rows have sums of their own, which are added up by <see cref="Chains"/>: the same
    /// bits at any number of threads.
    /// </summary>
    public static void Backward<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> gain, ReadOnlySpan<T> statistics,
        ReadOnlySpan<T> dy, Span<T> dgain, Span<T> dbias, Span<T> dx, bool add)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = gain.Length, blocks = (statistics.Length / 2 + Block - 1) / Block;
        T[] room = ArrayPool<T>.Shared.Rent(2 * n * (blocks + 1));
        Span<T> sums = room.AsSpan(0, 2 * n * blocks), total = room.AsSpan(sums.Length, 2 * n);
        sums.Clear();
        ForRows.Run(blocks, 1, 6L * n * Block, ForRows.Numbers,
            new BackwardWork<T>(x, gain, statistics, dy, sums, dx, add));
        Rows.Sum<T>(sums, total);
        TensorPrimitives.Add(dgain, total[..n], dgain);
        TensorPrimitives.Add(dbias, total[n..], dbias);
        ArrayPool<T>.Shared.Return(room);
    }

    readonly ref struct ForwardWork<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> gain, ReadOnlySpan<T> bias, T eps,
        Span<T> statistics, Span<T> y) : IRowWork
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        readonly ReadOnlySpan<T> _x = x, _gain = gain, _bias = bias;
        readonly Span<T> _statistics = statistics, _y = y;

        public void Run(int from, int to)
        {
            int n = _gain.Length;
            fixed (T* xs = _x, g = _gain, b = _bias, ys = _y)
            {
                for (int r = from; r < to; r++)
                {
                    T* row = xs + (nint)r * n, result = ys + (nint)r * n;
                    if (Avx512F.IsSupported)
                        Forward<Wide<T>, T>(n, ref *row, ref *g, ref *b, eps, out _statistics[2 * r],
                            out _statistics[2 * r + 1], ref *result);
                    else
                        Forward<Plain<T>, T>(n, ref *row, ref *g, ref *b, eps, out _statistics[2 * r],
                            out _statistics[2 * r + 1], ref *result);
                }
            }
        }
    }

    readonly ref struct BackwardWork<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> gain, ReadOnlySpan<T> statistics,
        ReadOnlySpan<T> dy, Span<T> sums, Span<T> dx, bool add)
        : IRowWork where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        readonly ReadOnlySpan<T> _x = x, _gain = gain, _statistics = statistics, _dy = dy;
        readonly Span<T> _sums = sums, _dx = dx;

        public void Run(int from, int to)
        {
            int n = _gain.Length;
            fixed (T* xs = _x, g = _gain, dys = _dy, all = _sums, dxs = _dx)
            {
                for (int r = from * Block, end = Math.Min(to * Block, _statistics.Length / 2); r < end; r++)
                {
                    T* row = xs + (nint)r * n, gradient = dys + (nint)r * n, sum = all + (nint)(r / Block) * 2 * n,
                        result = dxs is null ? null : dxs + (nint)r * n;
                    T mean = _statistics[2 * r], inverse = _statistics[2 * r + 1];
                    if (Avx512F.IsSupported)
                        Backward<Wide<T>, T>(n, ref *row, ref *g, mean, inverse, ref *gradient, ref *sum, ref sum[n],
                            ref *result, add);
                    else
                        Backward<Plain<T>, T>(n, ref *row, ref *g, mean, inverse, ref *gradient, ref *sum, ref sum[n],
                            ref *result, add);
                }
            }
        }
    }

    [MethodImpl(Compiled.ForItself)]
    static void Forward<V, T>(int n, ref T x, ref T gain, ref T bias, T eps, out T mean, out T inverse, ref T y)
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

        mean = sum / size;
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

        inverse = T.CreateTruncating(1
            / Math.Sqrt(double.CreateTruncating(squares) / n + double.CreateTruncating(eps)));
        V scale = V.All(inverse);
        for (i = 0; i < whole; i += V.Count)
            V.MultiplyAdd((V.Load(ref x, i) - shift) * scale, V.Load(ref gain, i), V.Load(ref bias, i)).Store(ref y, i);
        if (left > 0)
            V.MultiplyAdd((V.LoadFirst(ref x, i, left) - shift) * scale, V.LoadFirst(ref gain, i, left),
                V.LoadFirst(ref bias, i, left)).StoreFirst(ref y, i, left);
    }

    [MethodImpl(Compiled.ForItself)]
    static void Backward<V, T>(int n, ref T x, ref T gain, T mean, T inverse, ref T dy, ref T dgain, ref T dbias,
        ref T dx, bool add)
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
            V d = V.LoadFirst(ref dy, i, left), hat = (V.LoadFirst(ref x, i, left) - shift) * scale,
                g = d * V.LoadFirst(ref gain, i, left);
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
            var d = (V.Load(ref dy, i) * V.Load(ref gain, i) - centre - (V.Load(ref x, i) - shift) * scale * tilt)
                * scale;
            if (add) d += V.Load(ref dx, i);
            d.Store(ref dx, i);
        }
        if (left > 0)
        {
            var d = (V.LoadFirst(ref dy, i, left) * V.LoadFirst(ref gain, i, left) - centre
                - (V.LoadFirst(ref x, i, left) - shift) * scale * tilt) * scale;
            if (add) d += V.LoadFirst(ref dx, i, left);
            d.StoreFirst(ref dx, i, left);
        }
    }
}
