using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ChainRule.Kernels;

/// <summary>
/// Matrix products: C = op(A) op(B), or C += op(A) op(B), where op is nothing or a transpose. Row-major. The products
/// of each number of C are summed over k in chains of <see cref="GemmTile.Chain"/> multiply-adds, fused where the
/// hardware can; the sums of up to 32 chains are added up in order, and what is deeper by a binary tree. Up to a depth
/// of 512 the sums are added to C where it is given; a deeper product is added to it as a whole. The order depends on
/// k alone: the same bits at any size, in any tile, and at any thread count. Where B is a single column, each number
/// of C is a <see cref="Dot"/>.
/// </summary>
static class Gemm
{
    /// <summary>How many multiply-adds make a thread worth while.</summary>
    public const long ThreadWorth = 1 << 19;

    /// <summary>
    /// How deep a pass over all of C is: deeper ones overflow the second cache, and every pass reads and
    /// writes C once more.
    /// </summary>
    public const int PassDepth = 4 * GemmTile.Chain;

    /// <summary>Up to this depth the sums of chains are added up in order.</summary>
    public const int BranchDepth = 32 * GemmTile.Chain;

    /// <summary>
    /// The product's definition, and the oracle of the tiled one: c[i, j] = (c[i, j] or 0) + Σ_p a[i, p] · b[p, j].
    /// </summary>
    public static void Naive<T>(int m, int k, int n, ReadOnlySpan<T> a, bool transposeA, ReadOnlySpan<T> b,
        bool transposeB, Span<T> c, bool add)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                ReadOnlySpan<T> row = k == 0 ? [] : a[(transposeA ? i : i * k)..],
                    column = k == 0 ? [] : b[(transposeB ? j * k : j)..];
                T start = add ? c[i * n + j] : T.Zero, first = k <= PassDepth ? start : T.Zero;
                var sum = n == 1 && !transposeA
                    ? first + T.CreateTruncating(Dot.Naive(row[..k], column[..k]))
                    : NaiveTree(0, k, row, transposeA ? m : 1, column, transposeB ? 1 : n, first);
                c[i * n + j] = k <= PassDepth ? sum : start + sum;
            }
        }
    }

    /// <summary>start + Σ a[p] · b[p] over a range of p, whose numbers lie a step apart.</summary>
    static T NaiveTree<T>(int from, int to, ReadOnlySpan<T> a, int stepA, ReadOnlySpan<T> b, int stepB, T start)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (to - from > BranchDepth)
        {
            int middle = from + Left(to - from);
            return NaiveTree(from, middle, a, stepA, b, stepB, start)
                + NaiveTree(middle, to, a, stepA, b, stepB, T.Zero);
        }
        var sum = start;
        for (int p = from; p < to;)
        {
            var chain = T.Zero;
            for (int end = Math.Min(to, p + GemmTile.Chain); p < end; p++)
                chain = T.MultiplyAddEstimate(a[p * stepA], b[p * stepB], chain);
            sum += chain;
        }
        return sum;
    }

    /// <summary>
    /// How much of a depth stands on the left of a tree's root: 1, 2, 4, 8 … times the depth of a branch, and as much
    /// as there is room for.
    /// </summary>
    static int Left(int depth) => BranchDepth << BitOperations.Log2((uint)(depth - 1) / BranchDepth);

    /// <summary>
    /// c = op(a) op(b), or c += …: op(a) is m × k, op(b) is k × n, and each of the three lies on its own without a gap.
    /// </summary>
    public static void Multiply<T>(int m, int k, int n, ReadOnlySpan<T> a, bool transposeA, ReadOnlySpan<T> b,
        bool transposeB, Span<T> c, bool add)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Multiply(m, k, n, new Factor<T>(a, transposeA ? m : k, transposeA),
            new Factor<T>(b, transposeB ? k : n, transposeB), c, n, add);

    /// <summary>As above, towards a gradient.</summary>
    public static void Multiply<T>(int m, int k, int n, ReadOnlySpan<T> a, bool transposeA, ReadOnlySpan<T> b,
        bool transposeB, Gradient<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Multiply(m, k, n, a, transposeA, b, transposeB, c.Numbers, c.Adds);

    /// <summary>
    /// c = a b, or c += a b: a is m × k as it is read, b is k × n, and the rows of c begin a stride apart.
    /// </summary>
    public static void Multiply<T>(int m, int k, int n, Factor<T> a, Factor<T> b, Span<T> c, int strideC, bool add)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated) Run<Wide<T>, Vector512<T>, T>(m, k, n, a, b, c, strideC, add, []);
        else Run<Plain<T>, Vector<T>, T>(m, k, n, a, b, c, strideC, add, []);
    }

    /// <summary>
    /// c = start + a b, where start is the same for every row: the bits of c += a b from rows of start.
    /// </summary>
    public static void Multiply<T>(int m, int k, int n, Factor<T> a, Factor<T> b, ReadOnlySpan<T> start, Span<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (k > PassDepth)
        {
            Multiply(m, k, n, a, b, c, n, add: false);
            Rows.AddRow(start, c);
        }
        else if (m == 1 || k == 0 || n == 1)
        {
            Rows.Fill(start, c);
            Multiply(m, k, n, a, b, c, n, add: true);
        }
        else if (Vector512.IsHardwareAccelerated)
            Run<Wide<T>, Vector512<T>, T>(m, k, n, a, b, c, n, add: true, start);
        else Run<Plain<T>, Vector<T>, T>(m, k, n, a, b, c, n, add: true, start);
    }

    /// <summary>How many numbers <see cref="Pack"/> needs room for.</summary>
    public static int PackedLength<T>(int k, int n) where T : unmanaged =>
        k * ((n + Lanes<T>() - 1) / Lanes<T>() * Lanes<T>());

    /// <summary>
    /// Lays the right factor of many products, k × n as it is read, out in room for tiles, once for all of them.
    /// </summary>
    public static Factor<T> Pack<T>(int k, int n, Factor<T> b, Span<T> room) where T : unmanaged
    {
        var packed = room[..PackedLength<T>(k, n)];
        new GemmPanels(k, n, Lanes<T>(), b.Stride, b.Transposed).Pack(b.Numbers, packed);
        return new(packed, n) { Packed = true };
    }

    static int Lanes<T>() where T : unmanaged => Vector512.IsHardwareAccelerated ? Wide<T>.Count : Plain<T>.Count;

    static void Run<V, M, T>(int m, int k, int n, Factor<T> a, Factor<T> b, Span<T> c, int strideC, bool add,
        ReadOnlySpan<T> start)
        where V : struct, IMarked<V, M, T> where M : struct where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (m == 0 || n == 0) return;
        if (k == 0)
        {
            for (int i = 0; i < m && !add; i++) c.Slice(i * strideC, n).Clear();
            return;
        }

        if (n == 1 && !a.Transposed && b.Steps is null)
        {
            Dot.Column(m, k, a, b.Numbers, b.Packed ? V.Count : b.Transposed ? 1 : b.Stride, c, strideC, add);
            return;
        }

        if (add && k > PassDepth)
        {
            T[] product = ArrayPool<T>.Shared.Rent(m * n);
            Run<V, M, T>(m, k, n, a, b, product, n, add: false, []);
            AddRows(m, n, product, c, strideC);
            return;
        }

        // Of a transpose that a single tile reads, a panel is laid out when its turn comes. Where few rows read b, or b
        // fits the second cache, it is read where it lies; otherwise panels as wide as a tile are laid out one after
        // another, and while they are still near, all rows of a pass over them.
        bool lay = m <= GemmTile.Rows && b.Transposed && !b.Packed;
        bool pack = !lay && !b.Packed && b.Steps is null
            && (b.Transposed || (m >= 48 && (long)k * n > GemmPanels.Worth));
        T[]? room = pack ? ArrayPool<T>.Shared.Rent(PackedLength<T>(Math.Min(k, PassDepth), n)) : null;
        Tree<V, M, T>(m, 0, k, k, n, a, b, room, lay, c, strideC, add, start);
        if (room is not null) ArrayPool<T>.Shared.Return(room);
    }

    /// <summary>The product over a range of depths.</summary>
    static void Tree<V, M, T>(int m, int from, int to, int k, int n, Factor<T> a, Factor<T> b, T[]? panels, bool lay,
        Span<T> c, int strideC, bool add, ReadOnlySpan<T> start)
        where V : struct, IMarked<V, M, T> where M : struct where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (to - from > BranchDepth)
        {
            int middle = from + Left(to - from);
            Tree<V, M, T>(m, from, middle, k, n, a, b, panels, lay, c, strideC, add, start);
            T[] right = ArrayPool<T>.Shared.Rent(m * n);
            Tree<V, M, T>(m, middle, to, k, n, a, b, panels, lay, right, n, add: false, []);
            AddRows(m, n, right, c, strideC);
            return;
        }
        if (lay && m == 1 && typeof(T) == typeof(float) && GemmLoneRow.IsSupported)
        {
            int done = n / GemmLoneRow.Group * GemmLoneRow.Group;
            if (done > 0) LoneRow(from, to, done, a, b, c, add);
            if (done == n) return;
            n -= done;
            b = new(b.Numbers[(done * b.Stride)..], b.Stride, transposed: true);
            c = c[done..];
        }
        int pass = lay ? GemmTile.Chain : PassDepth;
        for (int p = from; p < to; p += pass)
        {
            int depth = Math.Min(pass, to - p);
            var block = panels is not null
                ? Pack(depth, n, new Factor<T>(b.Numbers[(b.Transposed ? p : p * b.Stride)..], b.Stride, b.Transposed),
                    panels) : b;
            var product = new GemmRows<V, M, T>(
                p, depth, n, a.Stride, a.Transposed, block.Stride, block.Steps,
                panels is not null ? depth : b.Packed ? k : 0, panels is not null ? 0 : p, lay, strideC, add, start);
            ForRows.Run(m, GemmTile.Rows, (long)depth * n, ThreadWorth, a.Numbers, block.Numbers, c, product);
            add = true;
            start = [];
        }
    }

    static void LoneRow<T>(int from, int to, int n, Factor<T> a, Factor<T> b, Span<T> c, bool add)
        where T : unmanaged =>
        ForRows.Run(n / GemmLoneRow.Group, 1, (long)(to - from) * GemmLoneRow.Group, ThreadWorth,
            MemoryMarshal.Cast<T, float>(a.Numbers[(a.Transposed ? from * a.Stride : from)..]),
            MemoryMarshal.Cast<T, float>(b.Numbers[from..]), MemoryMarshal.Cast<T, float>(c),
            new GemmLoneRow(to - from, a.Transposed ? a.Stride : 1, b.Stride, add));

    /// <summary>c += part, whose room is given back.</summary>
    static void AddRows<T>(int m, int n, T[] part, Span<T> c, int strideC)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < m; i++)
            TensorPrimitives.Add(c.Slice(i * strideC, n), part.AsSpan(i * n, n), c.Slice(i * strideC, n));
        ArrayPool<T>.Shared.Return(part);
    }
}
