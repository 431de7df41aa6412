using System.Buffers;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace ChainRule.Kernels;

/// <summary>
/// Matrix products: C = op(A) op(B), or C += op(A) op(B), where op is nothing or a transpose. Row-major and contiguous. Each number of C is one
/// chain of fused multiply-adds over k in order, whatever the tile it falls in: the same bits at any size, and at any thread count.
/// </summary>
static class Gemm
{
    // Below this many multiply-adds a thread costs more to wake than it saves.
    const long ThreadWorth = 1 << 19;

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

    /// <summary>c = op(a) op(b), or c += …: op(a) is m × k, op(b) is k × n.</summary>
    public static void Multiply<T>(int m, int k, int n, ReadOnlySpan<T> a, bool transposeA, ReadOnlySpan<T> b, bool transposeB, Span<T> c, bool add)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated) Run<Width512<T>, Vector512<T>, T>(m, k, n, a, transposeA, b, transposeB, c, add);
        else if (Vector256.IsHardwareAccelerated) Run<Width256<T>, Vector256<T>, T>(m, k, n, a, transposeA, b, transposeB, c, add);
        else Run<Width128<T>, Vector128<T>, T>(m, k, n, a, transposeA, b, transposeB, c, add);
    }

    static void Run<W, V, T>(int m, int k, int n, ReadOnlySpan<T> a, bool transposeA, ReadOnlySpan<T> b, bool transposeB, Span<T> c, bool add)
        where W : struct, IWidth<V, T> where V : struct where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (m == 0 || n == 0) return;
        if (k == 0)
        {
            if (!add) c.Clear();
            return;
        }

        // Where few rows read b, or b fits the first cache, it is read where it lies; otherwise panels as wide as a tile are laid out one after another.
        bool packed = transposeB || (m >= 48 && (long)k * n >= GemmPanels.Worth);
        var product = new GemmRows<W, V, T>(m, k, n, transposeA, packed, add);
        if (!packed)
        {
            ForRows.Run(m, GemmRows<W, V, T>.TileRows, (long)k * n, ThreadWorth, a, b, c, product);
            return;
        }

        int columns = (n + W.Count - 1) / W.Count * W.Count;
        T[] room = ArrayPool<T>.Shared.Rent(k * columns);
        var panels = new GemmPanels(k, n, W.Count, transposeB);
        panels.Pack(b, room.AsSpan(0, k * columns));
        ForRows.Run(m, GemmRows<W, V, T>.TileRows, (long)k * n, ThreadWorth, a, room.AsSpan(0, k * columns), c, product);
        ArrayPool<T>.Shared.Return(room);
    }
}
