using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace ChainRule.Kernels;

/// <summary>
/// The product of a range of rows of C. A block of A stays in the second cache while the panels of B, one after
/// another, pass over it in tiles of eight rows: a panel is fetched from afar once for all tiles of the block. The
/// last rows, where there are fewer than eight, are computed in a tile on the stack, of which only the numbers
/// that exist are copied out.
/// </summary>
readonly struct GemmRows<V, M, T>(
    int p, int depth, int n, int strideA, bool transposeA, int strideB, int[]? stepsB, int panelDepth, int skip,
    int strideC, bool add)
    : IRowWork<T>
    where V : struct, IMarked<V, M, T> where M : struct where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    const int BlockRows = 64;

    // A tile of a transposed A reads a few numbers of each of its rows: where rows lie farther apart than this, they
    // are brought together first.
    const int PackStride = 512;

    // Where the first row of B begins.
    readonly int _first = stepsB is null ? skip * strideB : Reach(stepsB, skip);

    static int Reach(int[] steps, int rows)
    {
        int reach = 0;
        for (int i = 0; i < rows; i++) reach += steps[i];
        return reach;
    }

    [SkipLocalsInit]
    public unsafe void Run(int from, int to, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c)
    {
        bool pack = transposeA && strideA > PackStride;
        T[]? room = pack ? ArrayPool<T>.Shared.Rent(BlockRows * depth) : null;
        T[]? end = !pack && (to - from) % GemmTile.Rows != 0 ? ArrayPool<T>.Shared.Rent(GemmTile.Rows * depth) : null;
        // What the edges' loads and stores need: see IMasked.
        fixed (T* _ = b, __ = c)
        {
            for (int i = from; i < to; i += BlockRows)
            {
                int rows = Math.Min(BlockRows, to - i), whole = rows / GemmTile.Rows * GemmTile.Rows;
                if (pack) for (int r = 0; r < rows; r += GemmTile.Rows)
                    PackRows(a, i + r, Math.Min(GemmTile.Rows, rows - r), room.AsSpan(r * depth));
                else if (whole < rows) PackRows(a, i + whole, rows - whole, end);
                Block block;
                if (pack) block = new(ref room![0], GemmTile.Rows * depth, 1, GemmTile.Rows);
                else if (transposeA)
                    block = new(ref MemoryMarshal.GetReference(a[(p * strideA + i)..]), GemmTile.Rows, 1, strideA);
                else
                    block = new(ref MemoryMarshal.GetReference(a[(i * strideA + p)..]),
                        GemmTile.Rows * strideA, strideA, 1);
                Panels(block, end, i, rows, b, c);
            }
        }
        if (room is not null) ArrayPool<T>.Shared.Return(room);
        if (end is not null) ArrayPool<T>.Shared.Return(end);
    }

    /// <summary>Some rows of op(A): tiles of eight lie a step apart, in them rows and depths.</summary>
    readonly ref struct Block(ref T first, nint tileStep, nint rowStep, nint depthStep)
    {
        public readonly ref T First = ref first;
        public readonly nint TileStep = tileStep, RowStep = rowStep, DepthStep = depthStep;
    }

    void Panels(Block a, Span<T> rest, int i, int rows, ReadOnlySpan<T> b, Span<T> c)
    {
        for (int j = 0; j < n;)
        {
            int width = GemmPanels.Width(j, n, V.Count), columns = Math.Min(width, n - j);
            ref T panel = ref MemoryMarshal.GetReference(
                b[(panelDepth > 0 ? j * panelDepth + skip * width : _first + j)..]);
            nint step = panelDepth > 0 ? width : strideB;
            var to = c[(i * strideC + j)..];
            if (columns == width)
            {
                if (width == V.Count) Tiles<One<V, M, T, Whole<V, M, T>>>(a, rest, rows, ref panel, step, to, columns);
                else if (width == 2 * V.Count)
                    Tiles<Two<V, M, T, Whole<V, M, T>>>(a, rest, rows, ref panel, step, to, columns);
                else Tiles<Three<V, M, T, Whole<V, M, T>>>(a, rest, rows, ref panel, step, to, columns);
            }
            else if (width == V.Count) Tiles<One<V, M, T, Cut<V, M, T>>>(a, rest, rows, ref panel, step, to, columns);
            else if (width == 2 * V.Count)
                Tiles<Two<V, M, T, Cut<V, M, T>>>(a, rest, rows, ref panel, step, to, columns);
            else Tiles<Three<V, M, T, Cut<V, M, T>>>(a, rest, rows, ref panel, step, to, columns);
            j += width;
        }
    }

    [SkipLocalsInit]
    void Tiles<R>(Block a, Span<T> rest, int rows, ref T b, nint bStep, Span<T> c, int columns)
        where R : struct, IGemmRow<R, V, M, T>
    {
        int last = columns - (R.Vectors - 1) * V.Count;
        ref T x = ref a.First;
        ref T y = ref MemoryMarshal.GetReference(c);
        int left = rows;
        for (; left >= GemmTile.Rows; left -= GemmTile.Rows)
        {
            if (add && left > GemmTile.Rows)
                Fetch(ref Unsafe.Add(ref y, (nint)GemmTile.Rows * strideC), R.Vectors * V.Count);
            Tile<R>(ref x, a.RowStep, a.DepthStep, ref b, bStep, ref y, strideC, last);
            x = ref Unsafe.Add(ref x, a.TileStep);
            y = ref Unsafe.Add(ref y, (nint)GemmTile.Rows * strideC);
        }
        if (left == 0) return;

        int width = R.Vectors * V.Count;
        Span<T> tile = stackalloc T[GemmTile.Rows * GemmTile.Vectors * V.Count];
        c = c[((rows - left) * strideC)..];
        if (add) for (int r = 0; r < left; r++) c.Slice(r * strideC, columns).CopyTo(tile[(r * width)..]);
        Tile<R>(ref rest.IsEmpty ? ref x : ref rest[0], 1, GemmTile.Rows, ref b, bStep, ref tile[0], width, last);
        for (int r = 0; r < left; r++) tile.Slice(r * width, columns).CopyTo(c[(r * strideC)..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Tile<R>(ref T a, nint rowStep, nint depthStep, ref T b, nint bStep, ref T c, nint cStep, int last)
        where R : struct, IGemmRow<R, V, M, T>
    {
        if (stepsB is null)
            GemmTile.Run<R, V, M, T, Evenly>(depth, ref a, rowStep, depthStep, ref b, new(bStep), ref c, cStep, add,
                last);
        else
            GemmTile.Run<R, V, M, T, Listed>(depth, ref a, rowStep, depthStep, ref b, new(stepsB, skip), ref c, cStep,
                add, last);
    }

    /// <summary>Asks for the tile of C that comes next, which lies far away by the time its sums go on.</summary>
    unsafe void Fetch(ref T c, int width)
    {
        if (!Sse.IsSupported) return;
        for (int r = 0; r < GemmTile.Rows; r++)
        {
            byte* p = (byte*)Unsafe.AsPointer(ref Unsafe.Add(ref c, (nint)r * strideC));
            for (int at = 0; at < width * Unsafe.SizeOf<T>(); at += 64) Sse.Prefetch0(p + at);
            Sse.Prefetch0(p + width * Unsafe.SizeOf<T>() - 1);
        }
    }

    /// <summary>Up to eight rows of op(A) side by side, depth by depth, filled up with zeros.</summary>
    void PackRows(ReadOnlySpan<T> a, int i, int count, Span<T> rows)
    {
        if (count < GemmTile.Rows) rows[..(depth * GemmTile.Rows)].Clear();
        if (!transposeA)
            Moves.Transpose(count, depth, a.Slice(i * strideA + p, (count - 1) * strideA + depth), strideA, rows,
                GemmTile.Rows);
        else for (int d = 0; d < depth; d++) a.Slice((p + d) * strideA + i, count).CopyTo(rows[(d * GemmTile.Rows)..]);
    }
}
