using System.Numerics;
using System.Runtime.InteropServices;
using ChainRule.Kernels;

namespace ChainRule.Tests.Kernels;

public sealed class GemmTest
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Tiles_give_the_bits_of_the_definition_at_every_size(bool transposeA, bool transposeB)
    {
        // Every size from 0 to 70 in each place, beside two that cycle through all remainders of tiles and vectors.
        for (int size = 0; size <= 70; size++)
        {
            int other = size * 11 % 71, third = size * 31 % 71;
            foreach (bool add in new[] { false, true })
            {
                AssertSameBits<float>(size, other, third, transposeA, transposeB, add);
                AssertSameBits<float>(third, size, other, transposeA, transposeB, add);
                AssertSameBits<float>(other, third, size, transposeA, transposeB, add);
                AssertSameBits<double>(size, other, third, transposeA, transposeB, add);
            }
        }
    }

    // Deeper than a chain of 128, a pass of 512 and a branch of 4,096, and with B larger than is read as it lies:
    // panels are laid out pass by pass.
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Products_of_several_passes_give_the_bits_of_the_definition(bool transposeA, bool transposeB)
    {
        foreach (var (m, k, n) in new[] { (9, 513, 50), (70, 1100, 33), (5, 1024, 300), (600, 530, 17), (3, 12_500, 5),
            (20, 4097, 18), (7, 5000, 1), (1, 1100, 100), (1, 9001, 71) })
        {
            AssertSameBits<float>(m, k, n, transposeA, transposeB, add: true);
            AssertSameBits<double>(m, k, n, transposeA, transposeB, add: false);
            AssertStrided<float>(m, k, n, transposeA, transposeB, packed: true, add: false);
            AssertStrided<float>(m, k, n, transposeA, transposeB, packed: false, add: true);
        }
    }

    [Fact]
    public void Rows_that_all_begin_alike_have_the_bits_of_a_sum_that_goes_on_from_them()
    {
        for (int size = 0; size <= 70; size++)
        {
            AssertStarted<float>(size, size * 11 % 71, size * 31 % 71);
            AssertStarted<double>(size * 31 % 71, size, size * 11 % 71);
        }
        foreach (var (m, k, n) in new[] { (9, 512, 50), (9, 513, 50), (70, 1100, 33), (64, 300, 257), (1, 400, 60),
            (5, 130, 1), (7, 5000, 3), (600, 530, 17), (300, 200, 301) })
        {
            AssertStarted<float>(m, k, n);
            AssertStarted<double>(m, k, n);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Threads_give_the_bits_of_the_definition(int threads)
    {
        int before = ForRows.Threads;
        ForRows.Threads = threads;
        try
        {
            foreach (int m in new[] { 1, 3, 61, 130 })
            {
                AssertSameBits<float>(m, 150, 151, transposeA: false, transposeB: false, add: false);
                AssertSameBits<float>(m, 150, 151, transposeA: true, transposeB: true, add: true);
                AssertSameBits<double>(m, 150, 151, transposeA: true, transposeB: false, add: true);
                AssertSameBits<double>(m, 150, 151, transposeA: false, transposeB: true, add: false);
            }
        }
        finally
        {
            ForRows.Threads = before;
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Parts_of_wider_matrices_are_multiplied_and_nothing_beside_them_is_written(bool transposeA,
        bool transposeB)
    {
        foreach (var (m, k, n) in new[]
            { (1, 1, 1), (1, 300, 97), (8, 5, 48), (9, 33, 50), (16, 32, 64), (64, 32, 64), (61, 300, 97), (3, 0, 4),
                (70, 64, 700) })
        {
            foreach (bool packed in new[] { false, true })
            {
                AssertStrided<float>(m, k, n, transposeA, transposeB, packed, add: true);
                AssertStrided<double>(m, k, n, transposeA, transposeB, packed, add: false);
            }
        }
    }

    [Theory]
    [InlineData(9, 40, 50)]
    [InlineData(70, 600, 33)]
    [InlineData(5, 5000, 1)]
    public void Rows_that_overlap_and_lie_unevenly_are_multiplied_as_their_copies(int m, int k, int n)
    {
        var rng = new Random(1);
        int[] steps = new int[k];
        for (int p = 0; p < k; p++) steps[p] = rng.Next(0, 9);
        float[] a = Drawn<float>(m * k, 1), numbers = Drawn<float>(9 * k + n, 2), copies = new float[k * n];
        for (int p = 0, at = 0; p < k; at += steps[p], p++) numbers.AsSpan(at, n).CopyTo(copies.AsSpan(p * n));
        foreach (bool add in new[] { false, true })
        {
            float[] c = Drawn<float>(m * n, 3), expected = [.. c];
            // A column of its own is a sum of another order: it is one of two there.
            float[] wide = new float[k * 2 * n], wider = new float[m * 2 * n];
            for (int p = 0; p < k; p++) copies.AsSpan(p * n, n).CopyTo(wide.AsSpan(p * 2 * n));
            for (int i = 0; i < m; i++) c.AsSpan(i * n, n).CopyTo(wider.AsSpan(i * 2 * n));
            Gemm.Multiply<float>(m, k, 2 * n, a, false, wide, false, wider, add);
            for (int i = 0; i < m; i++) wider.AsSpan(i * 2 * n, n).CopyTo(expected.AsSpan(i * n));
            Gemm.Multiply(m, k, n, new(a, k), new(numbers, 0) { Steps = steps }, c, n, add);
            Assert.Equal(MemoryMarshal.AsBytes(expected.AsSpan()), MemoryMarshal.AsBytes(c.AsSpan()));
        }
    }

    [Fact]
    public void A_sum_over_nothing_is_zero_and_adds_nothing()
    {
        float[] c = [1, 2, 3, 4, 5, 6];
        Gemm.Multiply<float>(2, 0, 3, [], false, [], false, c, add: true);
        Assert.Equal([1, 2, 3, 4, 5, 6], c);
        Gemm.Multiply<float>(2, 0, 3, [], false, [], true, c, add: false);
        Assert.Equal(new float[6], c);
    }

    [Fact]
    public void NaN_and_infinity_reach_only_the_numbers_they_belong_to()
    {
        double[] a = [.. Enumerable.Repeat(1.0, 9 * 33)], b = [.. Enumerable.Repeat(1.0, 33 * 29)],
            c = new double[9 * 29];
        (a[4 * 33 + 7], b[32 * 29 + 28]) = (double.NaN, double.PositiveInfinity);
        Gemm.Multiply<double>(9, 33, 29, a, false, b, false, c, add: false);
        for (int i = 0; i < 9; i++)
            for (int j = 0; j < 29; j++)
                Assert.Equal(i == 4 ? double.NaN : j == 28 ? double.PositiveInfinity : 33, c[i * 29 + j]);
    }

    [Fact]
    public void Work_that_starts_work_keeps_it_to_itself()
    {
        int before = ForRows.Threads;
        ForRows.Threads = 2;
        try
        {
            for (int i = 0; i < 100; i++)
            {
                float[] counts = new float[64];
                ForRows.Run<float, Outer>(64, 1, 1, 1, default, default, counts, default);
                Assert.All(counts, count => Assert.Equal(8, count));
            }
        }
        finally
        {
            ForRows.Threads = before;
        }
    }

    [Fact]
    public void Threads_below_one_are_refused()
    {
        var error = Assert.ThrowsAny<ArgumentOutOfRangeException>(() => ForRows.Threads = 0);
        Assert.Equal("threads: 0: give 1 or more", error.Message);
    }

    static void AssertSameBits<T>(int m, int k, int n, bool transposeA, bool transposeB, bool add)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] a = Drawn<T>(m * k, 1), b = Drawn<T>(k * n, 2), tiled = Drawn<T>(m * n, 3), naive = [.. tiled];
        Gemm.Multiply<T>(m, k, n, a, transposeA, b, transposeB, tiled, add);
        Gemm.Naive<T>(m, k, n, a, transposeA, b, transposeB, naive, add);
        Assert.True(MemoryMarshal.AsBytes<T>(tiled).SequenceEqual(MemoryMarshal.AsBytes<T>(naive)),
            $"[{m}, {k}]{(transposeA ? "ᵀ" : "")} times [{k}, {n}]{(transposeB ? "ᵀ" : "")} of "
                + $"{typeof(T).Name}{(add ? ", added" : "")}");
    }

    static void AssertStarted<T>(int m, int k, int n) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] a = Drawn<T>(m * k, 1), b = Drawn<T>(k * n, 2), start = Drawn<T>(n, 3), naive = new T[m * n],
            tiled = new T[m * n];
        for (int i = 0; i < m; i++) start.CopyTo(naive, i * n);
        Gemm.Naive<T>(m, k, n, a, false, b, true, naive, add: true);
        Gemm.Multiply(m, k, n, new Factor<T>(a, k), new Factor<T>(b, k, true), start, tiled);
        Assert.True(MemoryMarshal.AsBytes<T>(tiled).SequenceEqual(MemoryMarshal.AsBytes<T>(naive)),
            $"[{n}] + [{m}, {k}] times [{k}, {n}] of {typeof(T).Name}");
    }

    static void AssertStrided<T>(int m, int k, int n, bool transposeA, bool transposeB, bool packed, bool add)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] a = Drawn<T>(m * k, 1), b = Drawn<T>(k * n, 2), naive = Drawn<T>(m * n, 3);
        // The last rows end where their memory ends: whoever reads or writes on is caught by the span.
        T[] wideA = Widened(a, transposeA ? m : k, 3), wideB = Widened(b, transposeB ? k : n, 5),
            wideC = Widened(naive, n, 7);
        var factor = new Factor<T>(wideB, (transposeB ? k : n) + 5, transposeB);
        if (packed) factor = Gemm.Pack(k, n, factor, new T[Gemm.PackedLength<T>(k, n)]);
        Gemm.Multiply(m, k, n, new Factor<T>(wideA, (transposeA ? m : k) + 3, transposeA), factor, wideC, n + 7, add);
        Gemm.Naive<T>(m, k, n, a, transposeA, b, transposeB, naive, add);
        Assert.Equal(Widened(naive, n, 7), wideC);
    }

    /// <summary>Rows followed by gaps of a number that no sum survives, but for the last.</summary>
    static T[] Widened<T>(T[] rows, int width, int gap) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        width == 0 ? []
            : [.. rows.Chunk(width).SelectMany(row => row.Concat(Enumerable.Repeat(T.NaN, gap))).SkipLast(gap)];

    static T[] Drawn<T>(int count, int seed) where T : unmanaged, INumber<T>
    {
        var rng = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => T.CreateTruncating(rng.NextDouble() * 2 - 1))];
    }

    /// <summary>Each row is counted up eight times, by work of eight rows that each counts once.</summary>
    readonly struct Outer : IRowWork<float>
    {
        public void Run(int from, int to, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c)
        {
            Span<float> inner = stackalloc float[8];
            for (int i = from; i < to; i++)
            {
                inner.Clear();
                ForRows.Run<float, Inner>(8, 1, 1, 1, default, default, inner, default);
                foreach (float count in inner) c[i] += count;
            }
        }
    }

    readonly struct Inner : IRowWork<float>
    {
        public void Run(int from, int to, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c)
        {
            for (int i = from; i < to; i++) c[i]++;
        }
    }
}
