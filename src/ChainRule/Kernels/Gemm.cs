using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ChainRule.Kernels;

/// <summary>
/// Matrix products: C = op(A) op(B), or C += op(A) op(B), where op is nothing or a transpose. Row-major and contiguous. Each number of C is one
/// chain of fused multiply-adds over k in order, whatever the tile it falls in: the same bits at any size, and at any thread count.
/// </summary>
static class Gemm
{
    const int TileRows = 4;
    const int TileVectors = 3;

    // Below this many multiply-adds a thread costs more to wake than it saves.
    const long ThreadWorth = 1 << 19;

    /// <summary>The product's definition, and the oracle of the tiled one: c[i, j] = Σ_p a[i, p] · b[p, j].</summary>
    public static void Naive<T>(int m, int k, int n, ReadOnlySpan<T> a, bool transposeA, ReadOnlySpan<T> b, bool transposeB, Span<T> c, bool add)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                var sum = T.Zero;
                for (int p = 0; p < k; p++)
                    sum = T.FusedMultiplyAdd(transposeA ? a[p * m + i] : a[i * k + p], transposeB ? b[j * k + p] : b[p * n + j], sum);
                c[i * n + j] = add ? c[i * n + j] + sum : sum;
            }
        }
    }

    /// <summary>c = op(a) op(b), or c += …: op(a) is m × k, op(b) is k × n.</summary>
    public static void Multiply<T>(int m, int k, int n, ReadOnlySpan<T> a, bool transposeA, ReadOnlySpan<T> b, bool transposeB, Span<T> c, bool add)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (m == 0 || n == 0) return;
        if (!transposeB)
        {
            Rows(m, k, n, a, transposeA, b, c, add);
            return;
        }

        // The tile reads b by rows. A transposed copy costs k · n moves, the product m times that many multiply-adds.
        T[] rented = ArrayPool<T>.Shared.Rent(k * n);
        Moves.Copy(b, [1, k], rented.AsSpan(0, k * n), [n, 1], [k, n]);
        Rows(m, k, n, a, transposeA, rented.AsSpan(0, k * n), c, add);
        ArrayPool<T>.Shared.Return(rented);
    }

    static void Rows<T>(int m, int k, int n, ReadOnlySpan<T> a, bool transposeA, ReadOnlySpan<T> b, Span<T> c, bool add)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var work = new Work<T>
        {
            K = k, N = n, Add = add, RowStep = transposeA ? 1 : k, DepthStep = transposeA ? m : 1,
        };
        ForRows.Run(m, TileRows, (long)k * n, ThreadWorth, a, b, c, work);
    }

    /// <summary>The product of a range of rows of C.</summary>
    readonly struct Work<T> : IRowWork<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public required int K { get; init; }

        public required int N { get; init; }

        public required bool Add { get; init; }

        public required int RowStep { get; init; }

        public required int DepthStep { get; init; }

        public void Run(int from, int to, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c)
        {
            int w = Vector<T>.Count, tile = TileVectors * w;
            ref T pa = ref MemoryMarshal.GetReference(a), pb = ref MemoryMarshal.GetReference(b), pc = ref MemoryMarshal.GetReference(c);
            for (int i = from; i < to;)
            {
                int rows = to - i >= TileRows ? TileRows : 1, j = 0;
                ref T row = ref Unsafe.Add(ref pa, (nint)i * RowStep);
                for (; rows == TileRows && j <= N - tile; j += tile) Tile(ref row, ref pb, ref pc, i, j);
                for (; j < N; j += w)
                {
                    int lanes = Math.Min(w, N - j);
                    for (int r = 0; r < rows; r++) Strip(ref Unsafe.Add(ref row, (nint)r * RowStep), b, c, i + r, j, lanes);
                }
                i += rows;
            }
        }

        void Tile(ref T a, ref T b, ref T c, int i, int j)
        {
            int w = Vector<T>.Count;
            Vector<T> c00 = default, c01 = default, c02 = default, c10 = default, c11 = default, c12 = default;
            Vector<T> c20 = default, c21 = default, c22 = default, c30 = default, c31 = default, c32 = default;
            nint at = j, step = RowStep;
            ref T x = ref a;
            for (int p = 0; p < K; p++, at += N, x = ref Unsafe.Add(ref x, DepthStep))
            {
                var b0 = Vector.LoadUnsafe(ref b, (nuint)at);
                var b1 = Vector.LoadUnsafe(ref b, (nuint)(at + w));
                var b2 = Vector.LoadUnsafe(ref b, (nuint)(at + 2 * w));
                var a0 = new Vector<T>(x);
                (c00, c01, c02) = (Lanes.MultiplyAdd(a0, b0, c00), Lanes.MultiplyAdd(a0, b1, c01), Lanes.MultiplyAdd(a0, b2, c02));
                var a1 = new Vector<T>(Unsafe.Add(ref x, step));
                (c10, c11, c12) = (Lanes.MultiplyAdd(a1, b0, c10), Lanes.MultiplyAdd(a1, b1, c11), Lanes.MultiplyAdd(a1, b2, c12));
                var a2 = new Vector<T>(Unsafe.Add(ref x, 2 * step));
                (c20, c21, c22) = (Lanes.MultiplyAdd(a2, b0, c20), Lanes.MultiplyAdd(a2, b1, c21), Lanes.MultiplyAdd(a2, b2, c22));
                var a3 = new Vector<T>(Unsafe.Add(ref x, 3 * step));
                (c30, c31, c32) = (Lanes.MultiplyAdd(a3, b0, c30), Lanes.MultiplyAdd(a3, b1, c31), Lanes.MultiplyAdd(a3, b2, c32));
            }
            Store(ref c, i, j, c00, c01, c02);
            Store(ref c, i + 1, j, c10, c11, c12);
            Store(ref c, i + 2, j, c20, c21, c22);
            Store(ref c, i + 3, j, c30, c31, c32);
        }

        void Store(ref T c, int i, int j, Vector<T> v0, Vector<T> v1, Vector<T> v2)
        {
            nuint at = (nuint)((nint)i * N + j), w = (nuint)Vector<T>.Count;
            if (Add)
            {
                v0 += Vector.LoadUnsafe(ref c, at);
                v1 += Vector.LoadUnsafe(ref c, at + w);
                v2 += Vector.LoadUnsafe(ref c, at + 2 * w);
            }
            v0.StoreUnsafe(ref c, at);
            v1.StoreUnsafe(ref c, at + w);
            v2.StoreUnsafe(ref c, at + 2 * w);
        }

        /// <summary>A row of at most one vector: what the tiles leave over at the edges.</summary>
        void Strip(ref T a, ReadOnlySpan<T> b, Span<T> c, int i, int j, int lanes)
        {
            var sum = Vector<T>.Zero;
            ref T x = ref a;
            for (int p = 0; p < K; p++, x = ref Unsafe.Add(ref x, DepthStep))
            {
                // Near the end of the last row a full vector would read past b.
                int at = p * N + j;
                var v = at + Vector<T>.Count <= b.Length ? new Vector<T>(b[at..]) : Tail.Load(b.Slice(at, lanes));
                sum = Lanes.MultiplyAdd(new Vector<T>(x), v, sum);
            }
            var to = c.Slice(i * N + j, lanes);
            if (Add) sum += Tail.Load<T>(to);
            Tail.Store(sum, to);
        }
    }
}
