using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChainRule.Kernels;

static partial class Moves
{
    // Sixteen float32 fill a cache line: what was fetched is used up before the next row, which may lie where the cache
    // keeps the same few lines, is read.
    const int Strip = 16, Side = 8;

    /// <summary>to[c, r] = from[r, c] of rows × columns numbers, the rows of either a stride apart.</summary>
    public static void Transpose<T>(int rows, int columns, ReadOnlySpan<T> from, int fromStride, Span<T> to,
        int toStride) where T : unmanaged
    {
        if (rows == 0 || columns == 0) return;
        // The ends of what is read and written: spans say whether they are there.
        _ = (from[(rows - 1) * fromStride + columns - 1], to[(columns - 1) * toStride + rows - 1]);
        ref T first = ref MemoryMarshal.GetReference(from), target = ref MemoryMarshal.GetReference(to);
        bool squares = typeof(T) == typeof(float) && Avx.IsSupported;
        for (int c0 = 0; c0 < columns; c0 += Strip)
        {
            int c1 = Math.Min(columns, c0 + Strip);
            for (int r = 0; r < rows; r += Side)
            {
                int tall = Math.Min(Side, rows - r);
                for (int c = c0; c < c1; c += Side)
                {
                    int wide = Math.Min(Side, c1 - c);
                    ref T x = ref Unsafe.Add(ref first, (nint)r * fromStride + c);
                    ref T y = ref Unsafe.Add(ref target, (nint)c * toStride + r);
                    if (squares && tall == Side && wide == Side)
                        Square(ref Unsafe.As<T, float>(ref x), fromStride, ref Unsafe.As<T, float>(ref y), toStride);
                    else Piece(tall, wide, ref x, fromStride, ref y, toStride);
                }
            }
        }
    }

    static void Piece<T>(int rows, int columns, ref T x, nint from, ref T y, nint to) where T : unmanaged
    {
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < columns; c++)
                Unsafe.Add(ref y, c * to + r) = Unsafe.Add(ref x, r * from + c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Square(ref float x, nint from, ref float y, nint to)
    {
        Half(ref x, from, ref y, to);
        Half(ref Unsafe.Add(ref x, 4), from, ref Unsafe.Add(ref y, 4 * to), to);
    }

    /// <summary>
    /// Four columns of eight rows become four rows: halves of vectors hold rows 0 to 3 and 4 to 7, and are
    /// interleaved twice.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Half(ref float x, nint from, ref float y, nint to)
    {
        Vector256<float> r0 = Rows(ref x, 0, from), r1 = Rows(ref x, from, from), r2 = Rows(ref x, 2 * from, from),
            r3 = Rows(ref x, 3 * from, from);
        Vector256<float> low01 = Avx.UnpackLow(r0, r1), high01 = Avx.UnpackHigh(r0, r1), low23 = Avx.UnpackLow(r2, r3),
            high23 = Avx.UnpackHigh(r2, r3);
        Avx.Shuffle(low01, low23, 0x44).StoreUnsafe(ref y);
        Avx.Shuffle(low01, low23, 0xEE).StoreUnsafe(ref y, (nuint)to);
        Avx.Shuffle(high01, high23, 0x44).StoreUnsafe(ref y, (nuint)(2 * to));
        Avx.Shuffle(high01, high23, 0xEE).StoreUnsafe(ref y, (nuint)(3 * to));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Rows(ref float x, nint at, nint from) =>
        Vector256.Create(Vector128.LoadUnsafe(ref x, (nuint)at), Vector128.LoadUnsafe(ref x, (nuint)(at + 4 * from)));
}
