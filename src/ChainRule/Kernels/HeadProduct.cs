using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ChainRule.Kernels;

/// <summary>
/// Products as small as those of a head: where whole tiles cover the result they run at once, on factors as they lie.
/// What else <see cref="Gemm"/> does for a product, laying out, sharing out and edges, would take longer than the
/// product. The same chains of multiply-adds make the same bits.
/// </summary>
static class HeadProduct
{
    /// <summary>
    /// c = a b, or c += a b: as
    /// <see cref="Gemm.Multiply{T}(int, int, int, Factor{T}, Factor{T}, Span{T}, int, bool)"/>, b as it lies.
    /// </summary>
    public static void Multiply<T>(int m, int k, int n, Factor<T> a, Factor<T> b, Span<T> c, int strideC, bool add)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int lanes = Vector512.IsHardwareAccelerated ? Wide<T>.Count : Plain<T>.Count;
        bool deep = k > (add ? Gemm.PassDepth : Gemm.BranchDepth);
        if (!Vector256.IsHardwareAccelerated || m % GemmTile.Rows != 0 || n % lanes != 0 || b.Transposed || deep)
            Gemm.Multiply(m, k, n, a, b, c, strideC, add);
        else if (Vector512.IsHardwareAccelerated) Tiles<Wide<T>, Vector512<T>, T>(m, k, n, a, b, c, strideC, add);
        else Tiles<Plain<T>, Vector<T>, T>(m, k, n, a, b, c, strideC, add);
    }

    static void Tiles<V, M, T>(int m, int k, int n, Factor<T> a, Factor<T> b, Span<T> c, nint strideC, bool add)
        where V : struct, IMarked<V, M, T> where M : struct where T : unmanaged
    {
        nint rowStep = a.Transposed ? 1 : a.Stride, depthStep = a.Transposed ? a.Stride : 1;
        // Tiles know no ends: the last number of each must be there.
        _ = a.Numbers[(int)((m - 1) * rowStep + (k - 1) * depthStep)];
        _ = b.Numbers[(k - 1) * b.Stride + n - 1];
        _ = c[(int)((m - 1) * strideC) + n - 1];
        ref T xs = ref MemoryMarshal.GetReference(a.Numbers), bs = ref MemoryMarshal.GetReference(b.Numbers),
            cs = ref MemoryMarshal.GetReference(c);
        for (nint i = 0; i < m; i += GemmTile.Rows)
        {
            ref T x = ref Unsafe.Add(ref xs, i * rowStep);
            nint j = 0;
            for (; j <= n - 2 * V.Count && Unsafe.SizeOf<V>() == 64; j += 2 * V.Count)
                Tile<Two<V, M, T, Whole<V, M, T>>, V, M, T>(k, ref x, rowStep, depthStep,
                    ref Unsafe.Add(ref bs, j), b.Stride, ref Unsafe.Add(ref cs, i * strideC + j), strideC, add);
            for (; j < n; j += V.Count)
                Tile<One<V, M, T, Whole<V, M, T>>, V, M, T>(k, ref x, rowStep, depthStep,
                    ref Unsafe.Add(ref bs, j), b.Stride, ref Unsafe.Add(ref cs, i * strideC + j), strideC, add);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Tile<R, V, M, T>(int k, ref T a, nint rowStep, nint depthStep, ref T b, nint bStep, ref T c,
        nint cStep, bool add)
        where R : struct, IGemmRow<R, V, M, T> where V : struct where M : struct where T : unmanaged =>
        GemmTile.Run<EightRows, R, V, M, T, Evenly>(k, ref a, rowStep, depthStep, ref b, new(bStep), ref c, cStep,
            add, ref c, cStep, last: 0);
}
