using ChainRule.Kernels;

namespace ChainRule.Tests.Kernels;

public sealed class Int8WeightsTest
{
    static float[] Drawn(int count, int seed)
    {
        var rng = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(rng.NextDouble() * 2 - 1))];
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(13, 37, 50)]
    [InlineData(8, 256, 32)]
    [InlineData(5, 33, 100)]
    [InlineData(3, 77, 24)]
    public void Products_are_those_of_whole_numbers_by_whatever_instructions(int rows, int depth, int outputs)
    {
        float[] x = Drawn(rows * depth, 1), w = Drawn(outputs * depth, 2), b = Drawn(outputs, 3),
            y = new float[rows * outputs], lone = new float[y.Length], alone = new float[outputs];
        var weights = new Int8Weights(depth, outputs, w);
        weights.Multiply(rows, x, b, y);
        weights.Multiply<LoneSum>(rows, x, b, lone);
        Assert.Equal(lone, y);
        if (System.Runtime.Intrinsics.X86.Avx2.IsSupported)
        {
            float[] half = new float[y.Length];
            weights.Multiply<HalfSums>(rows, x, b, half);
            Assert.Equal(lone, half);
        }

        short[] p = new short[depth], q = new short[depth];
        for (int r = 0; r < rows; r++)
        {
            float scale = Int8Rows.Of(x.AsSpan(r * depth, depth), p);
            for (int o = 0; o < outputs; o++)
            {
                float each = Int8Rows.Of(w.AsSpan(o * depth, depth), q);
                int sum = 0;
                for (int k = 0; k < depth; k++) sum += p[k] * q[k];
                Assert.Equal(sum * (each * scale) + b[o], y[r * outputs + o]);
            }
            weights.Multiply(1, x.AsSpan(r * depth, depth), b, alone);
            Assert.Equal(y[(r * outputs)..((r + 1) * outputs)], alone);
        }
    }

    [Fact]
    public void The_largest_products_fit_their_sums()
    {
        const int Depth = Int8Weights.MaxDepth;
        float[] ones = new float[Depth], y = new float[1];
        Array.Fill(ones, 1);
        new Int8Weights(Depth, 1, ones).Multiply(1, ones, [], y);
        Assert.Equal(Depth, y[0], Depth * 1e-6);
    }

    [Fact]
    public void Rows_of_zeros_are_zeros_and_NaN_and_infinity_are_seen()
    {
        float[] x = [0, 0, 0, float.NaN, 1, 2, 1, float.PositiveInfinity, 2, 1e-45f, 0, 0], y = new float[4];
        new Int8Weights(3, 1, [1, 1, 1]).Multiply(4, x, [5], y);
        Assert.Equal([5, float.NaN, float.NaN, 5], y);
    }

    [Fact]
    public void Of_two_equally_near_whole_numbers_the_even_one_is_taken()
    {
        short[] q = new short[9];
        Assert.Equal(1, Int8Rows.Of([127, 0.5f, 1.5f, -2.5f, 3.49f, -126.5f, 2.5f, 0, 0.5f], q));
        Assert.Equal<short>([127, 0, 2, -2, 3, -126, 2, 0, 0], q);
    }
}
