using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChainRule.Kernels;

/// <summary>
/// One row times a transpose, c = x Bᵀ of float32, for groups of 32 rows of B. B is read once, from front to back, and
/// its numbers are turned in registers, eight rows by eight depths at a time: memory is the limit of such a product,
/// and to lay B out first would write and read all of it once more. Of a row a whole line of the cache is used up
/// before the next row, which may lie where the cache keeps the same few lines. The order of the sums is that of
/// <see cref="GemmTile"/>.
/// </summary>
readonly struct GemmLoneRow(int depth, int xStep, int stride, bool add) : IRowWork<float>
{
    /// <summary>How many rows of B are read side by side, and columns of c computed.</summary>
    public const int Group = 32;

    const int Side = 8, Line = 16;

    /// <summary>Whether there are the instructions for it.</summary>
    public static bool IsSupported => Avx.IsSupported;

    /// <summary>A range of groups.</summary>
    public void Run(int from, int to, ReadOnlySpan<float> x, ReadOnlySpan<float> b, Span<float> c)
    {
        _ = (x[(depth - 1) * xStep], b[(to * Group - 1) * stride + depth - 1], c[to * Group - 1]);
        for (int group = from; group < to; group++)
            Columns(ref MemoryMarshal.GetReference(x), ref MemoryMarshal.GetReference(b[(group * Group * stride)..]),
                ref c[group * Group]);
    }

    [MethodImpl(Compiled.ForItself)]
    void Columns(ref float x, ref float b, ref float c)
    {
        nint eight = (nint)Side * stride;
        bool more = add;
        for (int p = 0; p < depth; more = true)
        {
            Vector256<float> c0 = default, c1 = default, c2 = default, c3 = default;
            int end = Math.Min(depth, p + GemmTile.Chain);
            for (; p + Line <= end; p += Line)
            {
                c0 = Square(c0, ref x, ref b);
                c1 = Square(c1, ref x, ref Unsafe.Add(ref b, eight));
                c2 = Square(c2, ref x, ref Unsafe.Add(ref b, 2 * eight));
                c3 = Square(c3, ref x, ref Unsafe.Add(ref b, 3 * eight));
                x = ref Unsafe.Add(ref x, Line * xStep);
                b = ref Unsafe.Add(ref b, Line);
            }
            for (; p < end; p++)
            {
                var all = Vector256.Create(x);
                c0 = Add(c0, all, Column(ref b));
                c1 = Add(c1, all, Column(ref Unsafe.Add(ref b, eight)));
                c2 = Add(c2, all, Column(ref Unsafe.Add(ref b, 2 * eight)));
                c3 = Add(c3, all, Column(ref Unsafe.Add(ref b, 3 * eight)));
                x = ref Unsafe.Add(ref x, xStep);
                b = ref Unsafe.Add(ref b, 1);
            }
            Store(c0, ref c, more);
            Store(c1, ref Unsafe.Add(ref c, Side), more);
            Store(c2, ref Unsafe.Add(ref c, 2 * Side), more);
            Store(c3, ref Unsafe.Add(ref c, 3 * Side), more);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    Vector256<float> Square(Vector256<float> sum, ref float x, ref float b)
    {
        sum = Half(sum, ref x, ref b);
        sum = Half(sum, ref Unsafe.Add(ref x, 4 * xStep), ref Unsafe.Add(ref b, 4));
        sum = Half(sum, ref Unsafe.Add(ref x, 8 * xStep), ref Unsafe.Add(ref b, 8));
        return Half(sum, ref Unsafe.Add(ref x, 12 * xStep), ref Unsafe.Add(ref b, 12));
    }

    /// <summary>
    /// Four depths of eight rows: halves of vectors hold rows 0 to 3 and 4 to 7, and are interleaved twice.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    Vector256<float> Half(Vector256<float> sum, ref float x, ref float b)
    {
        Vector256<float> r0 = Rows(ref b, 0), r1 = Rows(ref b, stride),
            r2 = Rows(ref b, 2 * stride), r3 = Rows(ref b, 3 * stride);
        Vector256<float> low01 = Avx.UnpackLow(r0, r1), high01 = Avx.UnpackHigh(r0, r1),
            low23 = Avx.UnpackLow(r2, r3), high23 = Avx.UnpackHigh(r2, r3);
        sum = Add(sum, Vector256.Create(x), Avx.Shuffle(low01, low23, 0x44));
        sum = Add(sum, Vector256.Create(Unsafe.Add(ref x, xStep)), Avx.Shuffle(low01, low23, 0xEE));
        sum = Add(sum, Vector256.Create(Unsafe.Add(ref x, 2 * xStep)), Avx.Shuffle(high01, high23, 0x44));
        return Add(sum, Vector256.Create(Unsafe.Add(ref x, 3 * xStep)), Avx.Shuffle(high01, high23, 0xEE));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    Vector256<float> Rows(ref float b, nint at) => Vector256.Create(
        Vector128.LoadUnsafe(ref b, (nuint)at), Vector128.LoadUnsafe(ref b, (nuint)(at + 4 * (nint)stride)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Add(Vector256<float> sum, Vector256<float> x, Vector256<float> b) =>
        Vector256.MultiplyAddEstimate(x, b, sum);

    Vector256<float> Column(ref float b) => Vector256.Create(b, Unsafe.Add(ref b, stride),
        Unsafe.Add(ref b, 2 * stride), Unsafe.Add(ref b, 3 * stride), Unsafe.Add(ref b, 4 * stride),
        Unsafe.Add(ref b, 5 * stride), Unsafe.Add(ref b, 6 * stride), Unsafe.Add(ref b, 7 * stride));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(Vector256<float> sum, ref float c, bool add) =>
        (add ? sum + Vector256.LoadUnsafe(ref c) : sum).StoreUnsafe(ref c);
}
