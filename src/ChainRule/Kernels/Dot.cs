using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ChainRule.Kernels;

/// <summary>Σ aᵢ bᵢ of rows, products and sums in double: what a product with a single column is made of.</summary>
static class Dot
{
    /// <summary>The definition: the sum of a row of products, as <see cref="Chains"/> adds it up.</summary>
    public static double Naive<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] products = new double[a.Length];
        for (int i = 0; i < products.Length; i++)
            products[i] = double.CreateTruncating(a[i]) * double.CreateTruncating(b[i]);
        return Chains.NaiveRow<double>(products);
    }

    /// <summary>As <see cref="Naive"/>.</summary>
    public static double Of<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Chains.OfRow(new DoubleEights<Products<T>, T>(new(ref MemoryMarshal.GetReference(a),
            ref MemoryMarshal.GetReference(b[..a.Length]))), a.Length);

    /// <summary>
    /// As <see cref="Of"/>, with products and the sums of eights in T: faster, and near enough for what is subtracted
    /// from single numbers.
    /// </summary>
    public static T Near<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        T.CreateTruncating(
        Chains.OfRow(new Eights<NearProducts<T>, T>(new(ref MemoryMarshal.GetReference(a),
            ref MemoryMarshal.GetReference(b[..a.Length]))), a.Length));

    /// <summary>c = a b, or c += a b: the rows of a, m × k, times a column whose numbers lie a step apart.</summary>
    public static void Column<T>(int m, int k, Factor<T> a, ReadOnlySpan<T> b, int step, Span<T> c,
        int strideC, bool add)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[]? room = step == 1 ? null : ArrayPool<T>.Shared.Rent(k);
        for (int p = 0; room is not null && p < k; p++) room[p] = b[p * step];
        ForRows.Run(m, 1, k, ForRows.Numbers / 2, a.Numbers, room is null ? b[..k] : room.AsSpan(0, k), c,
            new Work<T>(k, a.Stride, strideC, add));
        if (room is not null) ArrayPool<T>.Shared.Return(room);
    }

    /// <summary>A range of rows.</summary>
    readonly struct Work<T>(int k, int strideA, int strideC, bool add) : IRowWork<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Run(int from, int to, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c)
        {
            for (int i = from; i < to; i++)
            {
                var sum = T.CreateTruncating(Of(a.Slice(i * strideA, k), b));
                c[i * strideC] = add ? c[i * strideC] + sum : sum;
            }
        }
    }

    /// <summary>The products of two rows, each read as a table.</summary>
    readonly ref struct Products<T>(ref T a, ref T b) : IDoubleTerms<T> where T : unmanaged, INumber<T>
    {
        readonly ref T _a = ref a, _b = ref b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<P>(nint row, P place, out Vector<double> low, out Vector<double> high) where P : struct, IPlace
        {
            ChainLoop.Widen(place.Load(ref Unsafe.Add(ref _a, row * Chains.Strands)), out low, out high);
            ChainLoop.Widen(place.Load(ref Unsafe.Add(ref _b, row * Chains.Strands)), out var low1, out var high1);
            (low, high) = (low * low1, high * high1);
        }
    }

    /// <summary>As <see cref="Products{T}"/>, in T.</summary>
    readonly ref struct NearProducts<T>(ref T a, ref T b) : ITerms<T> where T : unmanaged, INumber<T>
    {
        readonly ref T _a = ref a, _b = ref b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> At<P>(nint row, P place) where P : struct, IPlace =>
            place.Load(ref Unsafe.Add(ref _a, row * Chains.Strands))
                * place.Load(ref Unsafe.Add(ref _b, row * Chains.Strands));
    }
}
