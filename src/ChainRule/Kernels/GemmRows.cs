using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace ChainRule.Kernels;

/// <summary>
/// The product of a range of rows of C. A block of A stays in the second cache while the panels of B, one after
/// another, pass over it in tiles of eight rows: a panel is fetched from afar once for all tiles of the block. The
/// last rows, where there are fewer than eight, are computed in tiles of four, two and one. Where they are all the rows
/// there are, a panel of Bᵀ is laid out when its turn comes, and read while it is in the first cache.
/// </summary>
readonly ref struct GemmRows<V, M, T>(
    int p, int depth, int n, int strideA, bool transposeA, int strideB, int[]? stepsB, int panelDepth, int skip,
    bool lay, int strideC, bool add, ReadOnlySpan<T> start)
    : IRowWork<T>
    where V : struct, IMarked<V, M, T> where M : struct where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    const int BlockRows = 64;

    // A tile of a transposed A reads a few numbers of each of its rows: where rows lie farther apart than this, they
    // are brought together first.
    const int PackStride = 512;

    // What each row of C begins with, where it does not go on from what is there.
    readonly ReadOnlySpan<T> _start = start;

    // Where the first row of B begins.
    readonly int _first = stepsB is null ? skip * strideB : Reach(stepsB, skip);

    static int Reach(int[] steps, int rows)
    {
        int reach = 0;
        for (int i = 0; i < rows; i++) reach += steps[i];
        return reach;
    }

    public unsafe void Run(int from, int to, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c)
    {
        bool pack = transposeA && strideA > PackStride && to - from >= GemmTile.Rows;
        T[]? room = pack ? ArrayPool<T>.Shared.Rent(BlockRows * depth) : null;
        T[]? panel = lay ? ArrayPool<T>.Shared.Rent(depth * GemmTile.Vectors * V.Count) : null;
        // What the edges' loads and stores need: see IMasked.
        fixed (T* _ = b, __ = c, ___ = panel, ____ = _start)
        {
            for (int i = from; i < to; i += BlockRows)
            {
                int rows = Math.Min(BlockRows, to - i);
                if (pack) for (int r = 0; r < rows; r += GemmTile.Rows)
                    PackRows(a, i + r, Math.Min(GemmTile.Rows, rows - r), room.AsSpan(r * depth));
                Block block;
                if (pack) block = new(ref room![0], GemmTile.Rows * depth, 1, GemmTile.Rows);
                else if (transposeA)
                    block = new(ref MemoryMarshal.GetReference(a[(p * strideA + i)..]), GemmTile.Rows, 1, strideA);
                else
                    block = new(ref MemoryMarshal.GetReference(a[(i * strideA + p)..]),
                        GemmTile.Rows * strideA, strideA, 1);
                Panels(block, i, rows, b, panel, c);
            }
        }
        if (room is not null) ArrayPool<T>.Shared.Return(room);
        if (panel is not null) ArrayPool<T>.Shared.Return(panel);
    }

    /// <summary>Some rows of op(A): tiles of eight lie a step apart, in them rows and depths.</summary>
    readonly ref struct Block(ref T first, nint tileStep, nint rowStep, nint depthStep)
    {
        public readonly ref T First = ref first;
        public readonly nint TileStep = tileStep, RowStep = rowStep, DepthStep = depthStep;
    }

    void Panels(Block a, int i, int rows, ReadOnlySpan<T> b, Span<T> laid, Span<T> c)
    {
        for (int j = 0; j < n;)
        {
            int width = GemmPanels.Width(j, n, V.Count), columns = Math.Min(width, n - j);
            if (lay) GemmPanels.Lay(p, depth, j, columns, width, strideB, transposed: true, b, laid);
            ref T panel = ref MemoryMarshal.GetReference(
                lay ? laid : b[(panelDepth > 0 ? j * panelDepth + skip * width : _first + j)..]);
            nint step = lay || panelDepth > 0 ? width : strideB;
            ref T to = ref MemoryMarshal.GetReference(c[(i * strideC + j)..]);
            ref T start = ref MemoryMarshal.GetReference(_start.IsEmpty ? [] : _start[j..]);
            if (columns == width)
            {
                if (width == V.Count)
                    Tiles<One<V, M, T, Whole<V, M, T>>>(a, rows, ref panel, step, ref to, ref start, columns);
                else if (width == 2 * V.Count)
                    Tiles<Two<V, M, T, Whole<V, M, T>>>(a, rows, ref panel, step, ref to, ref start, columns);
                else Tiles<Three<V, M, T, Whole<V, M, T>>>(a, rows, ref panel, step, ref to, ref start, columns);
            }
            else if (width == V.Count)
                Tiles<One<V, M, T, Cut<V, M, T>>>(a, rows, ref panel, step, ref to, ref start, columns);
            else if (width == 2 * V.Count)
                Tiles<Two<V, M, T, Cut<V, M, T>>>(a, rows, ref panel, step, ref to, ref start, columns);
            else Tiles<Three<V, M, T, Cut<V, M, T>>>(a, rows, ref panel, step, ref to, ref start, columns);
            j += width;
        }
    }

    void Tiles<R>(Block a, int rows, ref T b, nint bStep, ref T y, ref T start, int columns)
        where R : struct, IGemmRow<R, V, M, T>
    {
        int last = columns - (R.Vectors - 1) * V.Count, left = rows;
        ref T x = ref a.First;
        for (; left >= GemmTile.Rows; left -= GemmTile.Rows)
        {
            if (add && _start.IsEmpty && left > GemmTile.Rows)
                Fetch(ref Unsafe.Add(ref y, (nint)GemmTile.Rows * strideC), R.Vectors * V.Count);
            Tile<EightRows, R>(ref x, a, ref b, bStep, ref y, ref start, last);
            x = ref Unsafe.Add(ref x, a.TileStep);
            y = ref Unsafe.Add(ref y, (nint)GemmTile.Rows * strideC);
        }
        if ((left & 4) != 0)
        {
            Tile<FourRows, R>(ref x, a, ref b, bStep, ref y, ref start, last);
            x = ref Unsafe.Add(ref x, 4 * a.RowStep);
            y = ref Unsafe.Add(ref y, (nint)4 * strideC);
        }
        if ((left & 2) != 0)
        {
            Tile<TwoRows, R>(ref x, a, ref b, bStep, ref y, ref start, last);
            x = ref Unsafe.Add(ref x, 2 * a.RowStep);
            y = ref Unsafe.Add(ref y, (nint)2 * strideC);
        }
        if ((left & 1) != 0) Tile<OneRow, R>(ref x, a, ref b, bStep, ref y, ref start, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Tile<H, R>(ref T x, Block a, ref T b, nint bStep, ref T c, ref T start, int last)
        where H : struct, IHeight where R : struct, IGemmRow<R, V, M, T>
    {
        nint startStep = 0;
        if (_start.IsEmpty)
        {
            start = ref c;
            startStep = strideC;
        }
        if (stepsB is null)
            GemmTile.Run<H, R, V, M, T, Evenly>(depth, ref x, a.RowStep, a.DepthStep, ref b, new(bStep), ref c, strideC,
                add, ref start, startStep, last);
        else
            GemmTile.Run<H, R, V, M, T, Listed>(depth, ref x, a.RowStep, a.DepthStep, ref b, new(stepsB, skip), ref c,
                strideC, add, ref start, startStep, last);
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

    /// <summary>Up to eight rows of Aᵀ side by side, depth by depth.</summary>
    void PackRows(ReadOnlySpan<T> a, int i, int count, Span<T> rows)
    {
        for (int d = 0; d < depth; d++) a.Slice((p + d) * strideA + i, count).CopyTo(rows[(d * GemmTile.Rows)..]);
    }
}
