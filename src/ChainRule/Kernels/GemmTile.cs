using System.Runtime.CompilerServices;

namespace ChainRule.Kernels;

/// <summary>
/// The innermost part of a product: a tile of C held in registers while A and B stream past. 8 rows by 3 vectors fill
/// the 32 registers of AVX-512, 4 by 3 the 16 of everything else; narrower ones finish a row.
/// </summary>
static class GemmTile
{
    public const int Vectors = 3;

    /// <summary>c[0..8, 0..3 vectors] = (c or 0) + Σ_p a[r, p] · b[p, …], one chain of fused multiply-adds over p for each number.</summary>
    /// <param name="k">The depth.</param>
    /// <param name="a">a[0, 0]; rows lie rowStep apart, the depth depthStep.</param>
    /// <param name="b">b[0, 0]; the depth lies bStep apart.</param>
    /// <param name="c">c[0, 0]; rows lie cStep apart.</param>
    /// <param name="add">Whether the chain goes on from what c holds.</param>
    public static void Eight<W, V, T>(int k, ref T a, nint rowStep, nint depthStep, ref T b, nint bStep, ref T c, nint cStep, bool add)
        where W : struct, IWidth<V, T> where V : struct where T : unmanaged
    {
        nint w = W.Count, w2 = 2 * w;
        V c00 = default, c01 = default, c02 = default, c10 = default, c11 = default, c12 = default;
        V c20 = default, c21 = default, c22 = default, c30 = default, c31 = default, c32 = default;
        V c40 = default, c41 = default, c42 = default, c50 = default, c51 = default, c52 = default;
        V c60 = default, c61 = default, c62 = default, c70 = default, c71 = default, c72 = default;
        if (add)
        {
            LoadRow<W, V, T>(ref c, 0, out c00, out c01, out c02);
            LoadRow<W, V, T>(ref c, cStep, out c10, out c11, out c12);
            LoadRow<W, V, T>(ref c, 2 * cStep, out c20, out c21, out c22);
            LoadRow<W, V, T>(ref c, 3 * cStep, out c30, out c31, out c32);
            LoadRow<W, V, T>(ref c, 4 * cStep, out c40, out c41, out c42);
            LoadRow<W, V, T>(ref c, 5 * cStep, out c50, out c51, out c52);
            LoadRow<W, V, T>(ref c, 6 * cStep, out c60, out c61, out c62);
            LoadRow<W, V, T>(ref c, 7 * cStep, out c70, out c71, out c72);
        }

        ref T lower = ref Unsafe.Add(ref a, 4 * rowStep);
        nint row3 = 3 * rowStep;
        for (int p = 0; p < k; p++)
        {
            V b0 = W.Load(ref b, 0), b1 = W.Load(ref b, w), b2 = W.Load(ref b, w2);
            var x = W.All(a);
            c00 = W.MultiplyAdd(x, b0, c00); c01 = W.MultiplyAdd(x, b1, c01); c02 = W.MultiplyAdd(x, b2, c02);
            x = W.All(Unsafe.Add(ref a, rowStep));
            c10 = W.MultiplyAdd(x, b0, c10); c11 = W.MultiplyAdd(x, b1, c11); c12 = W.MultiplyAdd(x, b2, c12);
            x = W.All(Unsafe.Add(ref a, 2 * rowStep));
            c20 = W.MultiplyAdd(x, b0, c20); c21 = W.MultiplyAdd(x, b1, c21); c22 = W.MultiplyAdd(x, b2, c22);
            x = W.All(Unsafe.Add(ref a, row3));
            c30 = W.MultiplyAdd(x, b0, c30); c31 = W.MultiplyAdd(x, b1, c31); c32 = W.MultiplyAdd(x, b2, c32);
            x = W.All(lower);
            c40 = W.MultiplyAdd(x, b0, c40); c41 = W.MultiplyAdd(x, b1, c41); c42 = W.MultiplyAdd(x, b2, c42);
            x = W.All(Unsafe.Add(ref lower, rowStep));
            c50 = W.MultiplyAdd(x, b0, c50); c51 = W.MultiplyAdd(x, b1, c51); c52 = W.MultiplyAdd(x, b2, c52);
            x = W.All(Unsafe.Add(ref lower, 2 * rowStep));
            c60 = W.MultiplyAdd(x, b0, c60); c61 = W.MultiplyAdd(x, b1, c61); c62 = W.MultiplyAdd(x, b2, c62);
            x = W.All(Unsafe.Add(ref lower, row3));
            c70 = W.MultiplyAdd(x, b0, c70); c71 = W.MultiplyAdd(x, b1, c71); c72 = W.MultiplyAdd(x, b2, c72);
            a = ref Unsafe.Add(ref a, depthStep);
            lower = ref Unsafe.Add(ref lower, depthStep);
            b = ref Unsafe.Add(ref b, bStep);
        }

        StoreRow<W, V, T>(ref c, 0, c00, c01, c02);
        StoreRow<W, V, T>(ref c, cStep, c10, c11, c12);
        StoreRow<W, V, T>(ref c, 2 * cStep, c20, c21, c22);
        StoreRow<W, V, T>(ref c, 3 * cStep, c30, c31, c32);
        StoreRow<W, V, T>(ref c, 4 * cStep, c40, c41, c42);
        StoreRow<W, V, T>(ref c, 5 * cStep, c50, c51, c52);
        StoreRow<W, V, T>(ref c, 6 * cStep, c60, c61, c62);
        StoreRow<W, V, T>(ref c, 7 * cStep, c70, c71, c72);
    }

    /// <summary>As <see cref="Eight"/>, of four rows.</summary>
    public static void Four<W, V, T>(int k, ref T a, nint rowStep, nint depthStep, ref T b, nint bStep, ref T c, nint cStep, bool add)
        where W : struct, IWidth<V, T> where V : struct where T : unmanaged
    {
        nint w = W.Count, w2 = 2 * w;
        V c00 = default, c01 = default, c02 = default, c10 = default, c11 = default, c12 = default;
        V c20 = default, c21 = default, c22 = default, c30 = default, c31 = default, c32 = default;
        if (add)
        {
            LoadRow<W, V, T>(ref c, 0, out c00, out c01, out c02);
            LoadRow<W, V, T>(ref c, cStep, out c10, out c11, out c12);
            LoadRow<W, V, T>(ref c, 2 * cStep, out c20, out c21, out c22);
            LoadRow<W, V, T>(ref c, 3 * cStep, out c30, out c31, out c32);
        }

        nint row3 = 3 * rowStep;
        for (int p = 0; p < k; p++)
        {
            V b0 = W.Load(ref b, 0), b1 = W.Load(ref b, w), b2 = W.Load(ref b, w2);
            var x = W.All(a);
            c00 = W.MultiplyAdd(x, b0, c00); c01 = W.MultiplyAdd(x, b1, c01); c02 = W.MultiplyAdd(x, b2, c02);
            x = W.All(Unsafe.Add(ref a, rowStep));
            c10 = W.MultiplyAdd(x, b0, c10); c11 = W.MultiplyAdd(x, b1, c11); c12 = W.MultiplyAdd(x, b2, c12);
            x = W.All(Unsafe.Add(ref a, 2 * rowStep));
            c20 = W.MultiplyAdd(x, b0, c20); c21 = W.MultiplyAdd(x, b1, c21); c22 = W.MultiplyAdd(x, b2, c22);
            x = W.All(Unsafe.Add(ref a, row3));
            c30 = W.MultiplyAdd(x, b0, c30); c31 = W.MultiplyAdd(x, b1, c31); c32 = W.MultiplyAdd(x, b2, c32);
            a = ref Unsafe.Add(ref a, depthStep);
            b = ref Unsafe.Add(ref b, bStep);
        }

        StoreRow<W, V, T>(ref c, 0, c00, c01, c02);
        StoreRow<W, V, T>(ref c, cStep, c10, c11, c12);
        StoreRow<W, V, T>(ref c, 2 * cStep, c20, c21, c22);
        StoreRow<W, V, T>(ref c, 3 * cStep, c30, c31, c32);
    }

    /// <summary>As <see cref="Eight"/>, two vectors wide: for the right edge.</summary>
    public static void Pair<W, V, T>(int k, ref T a, nint rowStep, nint depthStep, ref T b, nint bStep, ref T c, nint cStep, bool add)
        where W : struct, IWidth<V, T> where V : struct where T : unmanaged
    {
        nint w = W.Count;
        V c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
        V c40 = default, c41 = default, c50 = default, c51 = default, c60 = default, c61 = default, c70 = default, c71 = default;
        if (add)
        {
            (c00, c01, c10, c11) = (W.Load(ref c, 0), W.Load(ref c, w), W.Load(ref c, cStep), W.Load(ref c, cStep + w));
            (c20, c21, c30, c31) = (W.Load(ref c, 2 * cStep), W.Load(ref c, 2 * cStep + w), W.Load(ref c, 3 * cStep), W.Load(ref c, 3 * cStep + w));
            (c40, c41, c50, c51) = (W.Load(ref c, 4 * cStep), W.Load(ref c, 4 * cStep + w), W.Load(ref c, 5 * cStep), W.Load(ref c, 5 * cStep + w));
            (c60, c61, c70, c71) = (W.Load(ref c, 6 * cStep), W.Load(ref c, 6 * cStep + w), W.Load(ref c, 7 * cStep), W.Load(ref c, 7 * cStep + w));
        }

        ref T lower = ref Unsafe.Add(ref a, 4 * rowStep);
        nint row3 = 3 * rowStep;
        for (int p = 0; p < k; p++)
        {
            V b0 = W.Load(ref b, 0), b1 = W.Load(ref b, w);
            var x = W.All(a);
            c00 = W.MultiplyAdd(x, b0, c00); c01 = W.MultiplyAdd(x, b1, c01);
            x = W.All(Unsafe.Add(ref a, rowStep));
            c10 = W.MultiplyAdd(x, b0, c10); c11 = W.MultiplyAdd(x, b1, c11);
            x = W.All(Unsafe.Add(ref a, 2 * rowStep));
            c20 = W.MultiplyAdd(x, b0, c20); c21 = W.MultiplyAdd(x, b1, c21);
            x = W.All(Unsafe.Add(ref a, row3));
            c30 = W.MultiplyAdd(x, b0, c30); c31 = W.MultiplyAdd(x, b1, c31);
            x = W.All(lower);
            c40 = W.MultiplyAdd(x, b0, c40); c41 = W.MultiplyAdd(x, b1, c41);
            x = W.All(Unsafe.Add(ref lower, rowStep));
            c50 = W.MultiplyAdd(x, b0, c50); c51 = W.MultiplyAdd(x, b1, c51);
            x = W.All(Unsafe.Add(ref lower, 2 * rowStep));
            c60 = W.MultiplyAdd(x, b0, c60); c61 = W.MultiplyAdd(x, b1, c61);
            x = W.All(Unsafe.Add(ref lower, row3));
            c70 = W.MultiplyAdd(x, b0, c70); c71 = W.MultiplyAdd(x, b1, c71);
            a = ref Unsafe.Add(ref a, depthStep);
            lower = ref Unsafe.Add(ref lower, depthStep);
            b = ref Unsafe.Add(ref b, bStep);
        }

        StorePair<W, V, T>(ref c, 0, c00, c01);
        StorePair<W, V, T>(ref c, cStep, c10, c11);
        StorePair<W, V, T>(ref c, 2 * cStep, c20, c21);
        StorePair<W, V, T>(ref c, 3 * cStep, c30, c31);
        StorePair<W, V, T>(ref c, 4 * cStep, c40, c41);
        StorePair<W, V, T>(ref c, 5 * cStep, c50, c51);
        StorePair<W, V, T>(ref c, 6 * cStep, c60, c61);
        StorePair<W, V, T>(ref c, 7 * cStep, c70, c71);
    }

    /// <summary>As <see cref="Eight"/>, one vector wide: for what the wide tiles leave at the right edge.</summary>
    public static void Narrow<W, V, T>(int k, ref T a, nint rowStep, nint depthStep, ref T b, nint bStep, ref T c, nint cStep, bool add)
        where W : struct, IWidth<V, T> where V : struct where T : unmanaged
    {
        V c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
        if (add)
        {
            (c0, c1, c2, c3) = (W.Load(ref c, 0), W.Load(ref c, cStep), W.Load(ref c, 2 * cStep), W.Load(ref c, 3 * cStep));
            (c4, c5, c6, c7) = (W.Load(ref c, 4 * cStep), W.Load(ref c, 5 * cStep), W.Load(ref c, 6 * cStep), W.Load(ref c, 7 * cStep));
        }

        ref T lower = ref Unsafe.Add(ref a, 4 * rowStep);
        nint row3 = 3 * rowStep;
        for (int p = 0; p < k; p++)
        {
            var v = W.Load(ref b, 0);
            c0 = W.MultiplyAdd(W.All(a), v, c0);
            c1 = W.MultiplyAdd(W.All(Unsafe.Add(ref a, rowStep)), v, c1);
            c2 = W.MultiplyAdd(W.All(Unsafe.Add(ref a, 2 * rowStep)), v, c2);
            c3 = W.MultiplyAdd(W.All(Unsafe.Add(ref a, row3)), v, c3);
            c4 = W.MultiplyAdd(W.All(lower), v, c4);
            c5 = W.MultiplyAdd(W.All(Unsafe.Add(ref lower, rowStep)), v, c5);
            c6 = W.MultiplyAdd(W.All(Unsafe.Add(ref lower, 2 * rowStep)), v, c6);
            c7 = W.MultiplyAdd(W.All(Unsafe.Add(ref lower, row3)), v, c7);
            a = ref Unsafe.Add(ref a, depthStep);
            lower = ref Unsafe.Add(ref lower, depthStep);
            b = ref Unsafe.Add(ref b, bStep);
        }

        W.Store(c0, ref c, 0);
        W.Store(c1, ref c, cStep);
        W.Store(c2, ref c, 2 * cStep);
        W.Store(c3, ref c, 3 * cStep);
        W.Store(c4, ref c, 4 * cStep);
        W.Store(c5, ref c, 5 * cStep);
        W.Store(c6, ref c, 6 * cStep);
        W.Store(c7, ref c, 7 * cStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void LoadRow<W, V, T>(ref T c, nint at, out V v0, out V v1, out V v2) where W : struct, IWidth<V, T> where V : struct where T : unmanaged
    {
        v0 = W.Load(ref c, at);
        v1 = W.Load(ref c, at + W.Count);
        v2 = W.Load(ref c, at + 2 * W.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void StorePair<W, V, T>(ref T c, nint at, V v0, V v1) where W : struct, IWidth<V, T> where V : struct where T : unmanaged
    {
        W.Store(v0, ref c, at);
        W.Store(v1, ref c, at + W.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void StoreRow<W, V, T>(ref T c, nint at, V v0, V v1, V v2) where W : struct, IWidth<V, T> where V : struct where T : unmanaged
    {
        W.Store(v0, ref c, at);
        W.Store(v1, ref c, at + W.Count);
        W.Store(v2, ref c, at + 2 * W.Count);
    }
}
