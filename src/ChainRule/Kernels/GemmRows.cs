using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ChainRule.Kernels;

/// <summary>
/// The product of a range of rows of C. Blocks of B that fit the second cache are passed over by tiles of eight rows; what is left at the edges is
/// computed in a tile on the stack, of which only the numbers that exist are copied out.
/// </summary>
readonly struct GemmRows<W, V, T>(int k, int n, int strideA, bool transposeA, int strideB, bool packed, int strideC, bool add) : IRowWork<T>
    where W : struct, IWidth<V, T> where V : struct where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public const int TileRows = 8;

    // Measured: eight rows of A over this depth stay in the first cache (16 kB of float32), and a block of B of this depth and width, though larger than
    // the second cache, streams in as fast as the tiles use it up. Half the depth was 6 % slower at n = 2048.
    const int BlockDepth = 512;
    const int BlockPanels = 22;

    // A tile of a transposed A reads a few numbers of each of its rows: where rows lie farther apart than this, they are brought together first.
    const int PackStride = 512;

    public void Run(int from, int to, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c)
    {
        int wide = GemmTile.Vectors * W.Count;
        int blockWidth = packed ? BlockPanels * wide : n;
        Span<T> rows = stackalloc T[transposeA || (to - from) % TileRows != 0 ? TileRows * BlockDepth : 0];
        for (int j0 = 0; j0 < n; j0 += blockWidth)
        {
            int j1 = Math.Min(n, j0 + blockWidth);
            for (int p0 = 0; p0 < k; p0 += BlockDepth)
            {
                int depth = Math.Min(BlockDepth, k - p0);
                for (int i = from; i < to; i += TileRows)
                {
                    int count = Math.Min(TileRows, to - i);
                    if (count < TileRows || (transposeA && strideA > PackStride))
                    {
                        PackRows(a, i, count, p0, depth, rows);
                        Columns(rows, 1, TileRows, i, count, j0, j1, p0, depth, b, c);
                    }
                    else if (transposeA) Columns(a[(p0 * strideA + i)..], 1, strideA, i, count, j0, j1, p0, depth, b, c);
                    else Columns(a[(i * strideA + p0)..], strideA, 1, i, count, j0, j1, p0, depth, b, c);
                }
            }
        }
    }

    /// <summary>Up to eight rows of op(A) side by side, depth by depth, filled up with zeros.</summary>
    void PackRows(ReadOnlySpan<T> a, int i, int count, int p0, int depth, Span<T> rows)
    {
        if (count < TileRows) rows.Clear();
        if (transposeA && count == TileRows)
        {
            ref byte from = ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(a[(p0 * strideA + i)..]));
            ref byte to = ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(rows));
            nint row = TileRows * Unsafe.SizeOf<T>(), stride = (nint)strideA * Unsafe.SizeOf<T>();
            for (nint p = 0; p < depth; p++)
                for (nint at = 0; at < row; at += Vector256<byte>.Count)
                    Vector256.LoadUnsafe(ref Unsafe.Add(ref from, p * stride + at)).StoreUnsafe(ref Unsafe.Add(ref to, p * row + at));
            return;
        }
        for (int p = 0; p < depth; p++)
        {
            if (transposeA) a.Slice((p0 + p) * strideA + i, count).CopyTo(rows[(p * TileRows)..]);
            else for (int r = 0; r < count; r++) rows[p * TileRows + r] = a[(i + r) * strideA + p0 + p];
        }
    }

    void Columns(ReadOnlySpan<T> a, nint rowStep, nint depthStep, int i, int count, int j0, int j1, int p0, int depth, ReadOnlySpan<T> b, Span<T> c)
    {
        ref T pa = ref MemoryMarshal.GetReference(a);
        Span<T> tile = stackalloc T[TileRows * GemmTile.Vectors * W.Count];
        bool goOn = add || p0 > 0;
        for (int j = j0; j < j1;)
        {
            int width = GemmPanels.Width(j, n, W.Count), columns = Math.Min(width, n - j);
            nint bStep = packed ? width : strideB;
            int bAt = packed ? j * k + p0 * width : p0 * strideB + j;
            if (count == TileRows && columns == width)
            {
                ref T to = ref MemoryMarshal.GetReference(c[(i * strideC + j)..]);
                Tile(width, depth, ref pa, rowStep, depthStep, ref MemoryMarshal.GetReference(b[bAt..]), bStep, ref to, strideC, goOn);
            }
            else
            {
                if (goOn) for (int r = 0; r < count; r++) c.Slice((i + r) * strideC + j, columns).CopyTo(tile[(r * width)..]);
                // Where b was not packed, full vectors at its end would be read beyond it: the last depths are copied, and filled up.
                int safe = packed ? depth : Math.Clamp((b.Length - bAt - width) / strideB + 1, 0, depth);
                if (b.Length - bAt < width) safe = 0;
                if (safe > 0) Tile(width, safe, ref pa, rowStep, depthStep, ref MemoryMarshal.GetReference(b[bAt..]), bStep, ref tile[0], width, goOn);
                if (safe < depth) Last(safe, depth, ref pa, rowStep, depthStep, b[bAt..], width, columns, tile, goOn || safe > 0);
                for (int r = 0; r < count; r++) tile.Slice(r * width, columns).CopyTo(c[((i + r) * strideC + j)..]);
            }
            j += width;
        }
    }

    void Last(int from, int to, ref T a, nint rowStep, nint depthStep, ReadOnlySpan<T> b, int width, int columns, Span<T> tile, bool goOn)
    {
        Span<T> row = stackalloc T[GemmTile.Vectors * W.Count];
        for (int p = from; p < to; p++)
        {
            b.Slice(p * strideB, columns).CopyTo(row);
            Tile(width, 1, ref Unsafe.Add(ref a, p * depthStep), rowStep, depthStep, ref row[0], width, ref tile[0], width, goOn || p > from);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Tile(int width, int depth, ref T a, nint rowStep, nint depthStep, ref T b, nint bStep, ref T c, nint cStep, bool goOn)
    {
        if (width == W.Count) GemmTile.Narrow<W, V, T>(depth, ref a, rowStep, depthStep, ref b, bStep, ref c, cStep, goOn);
        else if (width == 2 * W.Count && Unsafe.SizeOf<V>() == 64) GemmTile.Pair<W, V, T>(depth, ref a, rowStep, depthStep, ref b, bStep, ref c, cStep, goOn);
        else if (width == 2 * W.Count)
        {
            GemmTile.Narrow<W, V, T>(depth, ref a, rowStep, depthStep, ref b, bStep, ref c, cStep, goOn);
            GemmTile.Narrow<W, V, T>(depth, ref a, rowStep, depthStep, ref Unsafe.Add(ref b, W.Count), bStep, ref Unsafe.Add(ref c, W.Count), cStep, goOn);
        }
        else if (Unsafe.SizeOf<V>() == 64) GemmTile.Eight<W, V, T>(depth, ref a, rowStep, depthStep, ref b, bStep, ref c, cStep, goOn);
        else
        {
            GemmTile.Four<W, V, T>(depth, ref a, rowStep, depthStep, ref b, bStep, ref c, cStep, goOn);
            GemmTile.Four<W, V, T>(depth, ref Unsafe.Add(ref a, 4 * rowStep), rowStep, depthStep, ref b, bStep, ref Unsafe.Add(ref c, 4 * cStep), cStep, goOn);
        }
    }
}
