using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ChainRule.Kernels;

/// <summary>
/// ln Σ exp x of rows, and its gradient. The last vector of a row ends where the row ends, and lies over the one before
/// it; what is common to both counts once. So a row of 27 is two vectors, not one and eleven numbers.
/// </summary>
static class LogSums
{
    // An exponential costs as much as passing over this many numbers.
    const long Passes = 4;

    /// <summary>
    /// max x and ln Σ exp(x − max x) of each row: the largest exponent is 0, so nothing overflows, and kept apart a
    /// small difference keeps its digits.
    /// </summary>
    public static void Of<T>(ReadOnlySpan<T> x, int width, Span<T> max, Span<T> log)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ForRows.Run(max.Length, 1, Passes * width, ForRows.Numbers, new SumsWork<T>(x, width, max, log));
        TensorPrimitives.Log<T>(log, log);
    }

    /// <summary>dx (+)= dy (exp(x − max − log) − even) for each row: softmax, less an equal part.</summary>
    public static void AddGradient<T>(ReadOnlySpan<T> x, int width, ReadOnlySpan<T> max, ReadOnlySpan<T> log, T even,
        ReadOnlySpan<T> dy, Span<T> dx, bool first)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ForRows.Run(dy.Length, 1, Passes * width, ForRows.Numbers,
            new GradientWork<T>(x, width, max, log, even, dy, dx, first));
    }

    readonly ref struct SumsWork<T>(ReadOnlySpan<T> x, int width, Span<T> max, Span<T> sum) : IRowWork
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        readonly ReadOnlySpan<T> _x = x;
        readonly Span<T> _max = max, _sum = sum;

        public void Run(int from, int to)
        {
            var x = _x[(from * width)..(to * width)];
            Span<T> max = _max[from..to], sum = _sum[from..to];
            if (Vector512.IsHardwareAccelerated && width >= Vector512<T>.Count) Sums<Wide<T>, T>(x, width, max, sum);
            else if (width >= Vector<T>.Count) Sums<Plain<T>, T>(x, width, max, sum);
            else Sums<Lone<T>, T>(x, width, max, sum);
        }
    }

    readonly ref struct GradientWork<T>(ReadOnlySpan<T> x, int width, ReadOnlySpan<T> max, ReadOnlySpan<T> log, T even,
        ReadOnlySpan<T> dy, Span<T> dx, bool first)
        : IRowWork where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        readonly ReadOnlySpan<T> _x = x, _max = max, _log = log, _dy = dy;
        readonly Span<T> _dx = dx;

        public void Run(int from, int to)
        {
            ReadOnlySpan<T> x = _x[(from * width)..(to * width)], max = _max[from..to], log = _log[from..to],
                dy = _dy[from..to];
            var dx = _dx[(from * width)..(to * width)];
            if (Vector512.IsHardwareAccelerated && width >= Vector512<T>.Count)
                Gradients<Wide<T>, T>(x, width, max, log, even, dy, dx, first);
            else if (width >= Vector<T>.Count) Gradients<Plain<T>, T>(x, width, max, log, even, dy, dx, first);
            else Gradients<Lone<T>, T>(x, width, max, log, even, dy, dx, first);
        }
    }

    [MethodImpl(Compiled.ForItself)]
    static void Sums<V, T>(ReadOnlySpan<T> x, int width, Span<T> max, Span<T> sum)
        where V : struct, IVector<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int last = width - V.Count, over = width % V.Count;
        for (int r = 0; r < max.Length; r++)
        {
            var row = x.Slice(r * width, width);
            ref T xs = ref MemoryMarshal.GetReference(row);
            var largest = V.Load(ref xs, last);
            for (int i = 0; i < last; i += V.Count) largest = V.Max(largest, V.Load(ref xs, i));
            max[r] = largest.Largest();
            if (!T.IsFinite(max[r]))
            {
                // All of it is infinitely small, or the largest of it infinitely large, which leaves no probabilities;
                // or there is a NaN, and it wins.
                (max[r], sum[r]) = (TensorPrimitives.Max(row), T.NaN);
                continue;
            }
            V shift = V.All(max[r]), total = default;
            for (int i = 0; i <= last; i += V.Count) total += Exponentials.Exp(V.Load(ref xs, i) - shift);
            if (over > 0) total += V.KeepLast(Exponentials.Exp(V.Load(ref xs, last) - shift), over);
            sum[r] = total.Sum();
        }
    }

    [MethodImpl(Compiled.ForItself)]
    static void Gradients<V, T>(ReadOnlySpan<T> x, int width, ReadOnlySpan<T> max, ReadOnlySpan<T> log, T even,
        ReadOnlySpan<T> dy, Span<T> dx, bool first)
        where V : struct, IVector<V, T> where T : unmanaged
    {
        int last = width - V.Count, over = width % V.Count;
        var part = V.All(even);
        for (int r = 0; r < dy.Length; r++)
        {
            ref T xs = ref MemoryMarshal.GetReference(x.Slice(r * width, width)),
                dxs = ref MemoryMarshal.GetReference(dx.Slice(r * width, width));
            V most = V.All(max[r]), shift = V.All(log[r]), scale = V.All(dy[r]);
            for (int i = 0; i <= last; i += V.Count)
            {
                var gradient = (Exponentials.Exp(V.Load(ref xs, i) - most - shift) - part) * scale;
                if (!first) gradient += V.Load(ref dxs, i);
                gradient.Store(ref dxs, i);
            }
            if (over == 0) continue;
            var rest = (Exponentials.Exp(V.Load(ref xs, last) - most - shift) - part) * scale;
            if (!first) rest = V.Load(ref dxs, last) + V.KeepLast(rest, over);
            rest.Store(ref dxs, last);
        }
    }
}
