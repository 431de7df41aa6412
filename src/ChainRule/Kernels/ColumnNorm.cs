using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ChainRule.Kernels;

/// <summary>
/// Batch normalisation of the columns of a matrix, and its gradient. As many columns as a vector holds go through all
/// their rows, once for each sum and once for the result, while they are in the first cache; narrower vectors and at
/// last single numbers do what is left at the right.
/// </summary>
static class ColumnNorm
{
    // A sum of millions would outgrow the digits of what is added to it: rows are added up in pieces, and
    // pieces by a binary tree.
    const int RowsTogether = 512;

    /// <summary>
    /// mean = Σ x / n, var = Σ (x − mean)² / divisor, y = γ (x − mean) / √(var + ε) + β for each column.
    /// </summary>
    public static void Forward<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> gain, ReadOnlySpan<T> bias, double eps,
        int divisor, Span<T> mean, Span<T> var, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int at = 0;
        if (Vector512.IsHardwareAccelerated) at = Forward<Wide<T>, T>(at, x, gain, bias, eps, divisor, mean, var, y);
        at = Forward<Plain<T>, T>(at, x, gain, bias, eps, divisor, mean, var, y);
        Forward<Lone<T>, T>(at, x, gain, bias, eps, divisor, mean, var, y);
    }

    /// <summary>
    /// dβ += Σ dy, dγ += Σ dy x̂, dx (+)= γ / √(var + ε) · (dy − Σ dy / n − x̂ Σ dy x̂ / divisor) with
    /// x̂ = (x − mean) / √(var + ε). What is empty is left out.
    /// </summary>
    public static void Backward<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> gain, double eps, int divisor,
        ReadOnlySpan<T> mean, ReadOnlySpan<T> var, ReadOnlySpan<T> dy, Span<T> dgain, Span<T> dbias, Span<T> dx,
        bool first) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int at = 0;
        if (Vector512.IsHardwareAccelerated)
            at = Backward<Wide<T>, T>(at, x, gain, eps, divisor, mean, var, dy, dgain, dbias, dx, first);
        at = Backward<Plain<T>, T>(at, x, gain, eps, divisor, mean, var, dy, dgain, dbias, dx, first);
        Backward<Lone<T>, T>(at, x, gain, eps, divisor, mean, var, dy, dgain, dbias, dx, first);
    }

    [MethodImpl(Compiled.ForItself)]
    static int Forward<V, T>(int at, ReadOnlySpan<T> x, ReadOnlySpan<T> gain, ReadOnlySpan<T> bias, double eps,
        int divisor, Span<T> mean, Span<T> var, Span<T> y)
        where V : struct, IVector<V, T> where T : unmanaged
    {
        int columns = mean.Length, rows = x.Length / columns;
        V n = V.Of(rows), d = V.Of(divisor), small = V.Of(eps);
        for (; at <= columns - V.Count; at += V.Count)
        {
            ref T xs = ref At(x, at), ys = ref At(y, at);
            var centre = Sum<Value<V, T>, V>(new(ref xs), rows, columns) / n;
            var variance = Sum<Square<V, T>, V>(new(ref xs, centre), rows, columns) / d;
            V scale = V.Load(ref At(gain, at), 0) / V.Sqrt(variance + small), shift = V.Load(ref At(bias, at), 0);
            centre.Store(ref At(mean, at), 0);
            variance.Store(ref At(var, at), 0);
            for (nint i = 0, end = (nint)rows * columns; i < end; i += columns)
                ((V.Load(ref xs, i) - centre) * scale + shift).Store(ref ys, i);
        }
        return at;
    }

    [MethodImpl(Compiled.ForItself)]
    static int Backward<V, T>(int at, ReadOnlySpan<T> x, ReadOnlySpan<T> gain, double eps, int divisor,
        ReadOnlySpan<T> mean, ReadOnlySpan<T> var, ReadOnlySpan<T> dy, Span<T> dgain, Span<T> dbias, Span<T> dx,
        bool first) where V : struct, IVector<V, T> where T : unmanaged
    {
        int columns = mean.Length, rows = x.Length / columns;
        V n = V.Of(rows), d = V.Of(divisor), small = V.Of(eps);
        for (; at <= columns - V.Count; at += V.Count)
        {
            ref T xs = ref At(x, at), dys = ref At(dy, at);
            var centre = V.Load(ref At(mean, at), 0);
            var inverse = V.Of(1) / V.Sqrt(V.Load(ref At(var, at), 0) + small);
            var sum = Sum<Value<V, T>, V>(new(ref dys), rows, columns);
            var product = Sum<Product<V, T>, V>(new(ref xs, centre, ref dys), rows, columns) * inverse;
            if (!dgain.IsEmpty) (V.Load(ref At(dgain, at), 0) + product).Store(ref At(dgain, at), 0);
            if (!dbias.IsEmpty) (V.Load(ref At(dbias, at), 0) + sum).Store(ref At(dbias, at), 0);
            if (dx.IsEmpty) continue;

            V scale = V.Load(ref At(gain, at), 0) * inverse, even = sum / n, along = product * inverse / d;
            ref T dxs = ref At(dx, at);
            for (nint i = 0, end = (nint)rows * columns; i < end; i += columns)
            {
                var gradient = scale * (V.Load(ref dys, i) - even - (V.Load(ref xs, i) - centre) * along);
                if (!first) gradient += V.Load(ref dxs, i);
                gradient.Store(ref dxs, i);
            }
        }
        return at;
    }

    /// <summary>Σ f over the rows, whose beginnings lie a step apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V Sum<F, V>(F f, int rows, nint step) where F : struct, IColumn<V>, allows ref struct
        where V : struct, INumbers<V> =>
        rows <= RowsTogether ? Piece<F, V>(f, 0, rows, step) : Tree<F, V>(f, 0, rows, step);

    /// <summary>The sums of pieces, by a binary tree.</summary>
    static V Tree<F, V>(F f, int from, int to, nint step) where F : struct, IColumn<V>, allows ref struct
        where V : struct, INumbers<V>
    {
        if (to - from <= RowsTogether) return Piece<F, V>(f, from, to, step);
        int middle = from + (RowsTogether << BitOperations.Log2((uint)(to - from - 1) / RowsTogether));
        return Tree<F, V>(f, from, middle, step) + Tree<F, V>(f, middle, to, step);
    }

    /// <summary>Four sums that do not wait for one another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V Piece<F, V>(F f, int from, int to, nint step) where F : struct, IColumn<V>, allows ref struct
        where V : struct, INumbers<V>
    {
        V a = default, b = default, c = default, d = default;
        nint i = from * step, end = to * step;
        for (; i <= end - 4 * step; i += 4 * step)
        {
            a += f.At(i);
            b += f.At(i + step);
            c += f.At(i + 2 * step);
            d += f.At(i + 3 * step);
        }
        for (; i < end; i += step) a += f.At(i);
        return a + b + (c + d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ref T At<T>(ReadOnlySpan<T> x, int at) => ref Unsafe.Add(ref MemoryMarshal.GetReference(x), at);

    /// <summary>
    /// A formula of the numbers in a column, which stand at the same place in each of several matrices.
    /// </summary>
    interface IColumn<V>
    {
        V At(nint place);
    }

    readonly ref struct Value<V, T>(ref T x) : IColumn<V> where V : struct, IVector<V, T> where T : unmanaged
    {
        readonly ref T _x = ref x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V At(nint place) => V.Load(ref _x, place);
    }

    readonly ref struct Square<V, T>(ref T x, V mean) : IColumn<V> where V : struct, IVector<V, T> where T : unmanaged
    {
        readonly ref T _x = ref x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V At(nint place)
        {
            var away = V.Load(ref _x, place) - mean;
            return away * away;
        }
    }

    readonly ref struct Product<V, T>(ref T x, V mean, ref T dy) : IColumn<V> where V : struct, IVector<V, T>
        where T : unmanaged
    {
        readonly ref T _x = ref x, _dy = ref dy;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V At(nint place) => (V.Load(ref _x, place) - mean) * V.Load(ref _dy, place);
    }
}
