using System.Buffers;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace ChainRule.Kernels;

/// <summary>
/// Matrix products: C = op(A) op(B), or C += op(A) op(B), where op is nothing or a transpose. Row-major. Each number of C is one
/// chain of multiply-adds over k in order, fused where the hardware can, whatever the tile it falls in: the same bits at any size, and at any thread count.
/// </summary>
static class Gemm
{
    /// <summary>How many multiply-adds make a thread worth while.</summary>
    public const long ThreadWorth = 1 << 19;

    // So deep is a pass over all of C at most: deeper ones overflow the second cache, and every pass reads and writes C once more.
    const int BlockDepth = 512;

    /// <summary>The product's definition, and the oracle of the tiled one: c[i, j] = (c[i, j] or 0) + Σ_p a[i, p] · b[p, j].</summary>
    public static void Naive<T>(int m, int k, int n, ReadOnlySpan<T> a, bool transposeA, ReadOnlySpan<T> b, bool transposeB, Span<T> c, bool add)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                var sum = add ? c[i * n + j] : T.Zero;
                for (int p = 0; p < k; p++)
                    sum = T.MultiplyAddEstimate(transposeA ? a[p * m + i] : a[i * k + p], transposeB ? b[j * k + p] : b[p * n + j], sum);
                c[i * n + j] = sum;
            }
        }
    }

    /// <summary>c = op(a) op(b), or c += …: op(a) is m × k, op(b) is k × n, and each of the three lies on its own without a gap.</summary>
    public static void Multiply<T>(int m, int k, int n, ReadOnlySpan<T> a, bool transposeA, ReadOnlySpan<T> b, bool transposeB, Span<T> c, bool add)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Multiply(m, k, n, new Factor<T>(a, transposeA ? m : k, transposeA), new Factor<T>(b, transposeB ? k : n, transposeB), c, n, add);

    /// <summary>c = a b, or c += a b: a is m × k as it is read, b is k × n, and the rows of c begin a stride apart.</summary>
    public static void Multiply<T>(int m, int k, int n, Factor<T> a, Factor<T> b, Span<T> c, int strideC, bool add)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated) Run<Width512<T>, Vector512<T>, T>(m, k, n, a, b, c, strideC, add);
        else if (Vector256.IsHardwareAccelerated) Run<Width256<T>, Vector256<T>, T>(m, k, n, a, b, c, strideC, add);
        else Run<Width128<T>, Vector128<T>, T>(m, k, n, a, b, c, strideC, add);
    }

    /// <summary>How many numbers <see cref="Pack"/> needs room for.</summary>
    public static int PackedLength<T>(int k, int n) where T : unmanaged => k * ((n + Lanes<T>() - 1) / Lanes<T>() * Lanes<T>());

    /// <summary>Lays the right factor of many products, k × n as it is read, out in room for tiles, once for all of them.</summary>
    public static Factor<T> Pack<T>(int k, int n, Factor<T> b, Span<T> room) where T : unmanaged
    {
        var packed = room[..PackedLength<T>(k, n)];
        new GemmPanels(k, n, Lanes<T>(), b.Stride, b.Transposed).Pack(b.Numbers, packed);
        return new(packed, n) { Packed = true };
    }

    static int Lanes<T>() where T : unmanaged =>
        Vector512.IsHardwareAccelerated ? Vector512<T>.Count : Vector256.IsHardwareAccelerated ? Vector256<T>.Count : Vector128<T>.Count;

    static void Run<W, V, T>(int m, int k, int n, Factor<T> a, Factor<T> b, Span<T> c, int strideC, bool add)
        where W : struct, IWidth<V, T> where V : struct where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (m == 0 || n == 0) return;
        if (k == 0)
        {
            for (int i = 0; i < m && !add; i++) c.Slice(i * strideC, n).Clear();
            return;
        }

        // Where few rows read b, or b fits the second cache, it is read where it lies; otherwise panels as wide as a tile are laid out one after another,
        // and while they are still near, all rows of a pass over them.
        bool pack = !b.Packed && (b.Transposed || (m >= 48 && (long)k * n > GemmPanels.Worth));
        T[]? room = pack ? ArrayPool<T>.Shared.Rent(PackedLength<T>(Math.Min(k, BlockDepth), n)) : null;
        for (int p = 0; p < k; p += BlockDepth)
        {
            int depth = Math.Min(BlockDepth, k - p);
            var block = pack ? Pack(depth, n, new Factor<T>(b.Numbers[(b.Transposed ? p : p * b.Stride)..], b.Stride, b.Transposed), room) : b;
            var product = new GemmRows<W, V, T>(p, depth, n, a.Stride, a.Transposed, block.Stride, pack ? depth : b.Packed ? k : 0, pack ? 0 : p, strideC, add || p > 0);
            ForRows.Run(m, GemmTile.Rows, (long)depth * n, ThreadWorth, a.Numbers, block.Numbers, c, product);
        }
        if (room is not null) ArrayPool<T>.Shared.Return(room);
    }
}
