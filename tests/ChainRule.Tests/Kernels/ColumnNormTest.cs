using ChainRule.Kernels;
using ChainRule.Randomness;

namespace ChainRule.Tests.Kernels;

public sealed class ColumnNormTest
{
    // Wide vectors, plain ones and single numbers share a matrix of 61 columns; a matrix of one column
    // is single numbers alone.
    [Theory]
    [InlineData(2)]
    [InlineData(35)]
    [InlineData(1030)]
    public void A_column_has_the_same_bits_wherever_it_stands(int rows)
    {
        const int Columns = 61;
        var rng = new TorchRandom(1);
        float[] x = Draw(rows * Columns), dy = Draw(rows * Columns), gain = Draw(Columns), bias = Draw(Columns);
        var whole = Run(x, dy, gain, bias);
        for (int k = 0; k < Columns; k++)
        {
            var alone = Run(Column(x, k), Column(dy, k), [gain[k]], [bias[k]]);
            Assert.Equal(alone.Y, Column(whole.Y, k));
            Assert.Equal(alone.Dx, Column(whole.Dx, k));
            Assert.Equal(alone.Sums, (float[])[whole.Sums[k], whole.Sums[Columns + k], whole.Sums[2 * Columns + k],
                whole.Sums[3 * Columns + k]]);
        }

        float[] Draw(int count)
        {
            float[] numbers = new float[count];
            rng.Normal(numbers, 3, 2);
            return numbers;
        }
    }

    [Fact]
    public void A_mean_of_a_million_keeps_its_digits()
    {
        float[] x = new float[1_000_000], mean = [0], var = [0];
        for (int i = 0; i < x.Length; i++) x[i] = i % 2 == 0 ? 99.5f : 100.5f;
        ColumnNorm.Forward<float>(x, [1], [0], 0, x.Length, mean, var, new float[x.Length]);
        Assert.Equal(100, mean[0], 0.01);
        Assert.Equal(0.25, var[0], 0.001);
    }

    static (float[] Y, float[] Dx, float[] Sums) Run(float[] x, float[] dy, float[] gain, float[] bias)
    {
        int columns = gain.Length;
        float[] y = new float[x.Length], dx = new float[x.Length], sums = new float[4 * columns];
        Span<float> mean = sums.AsSpan(0, columns), var = sums.AsSpan(columns, columns),
            dgain = sums.AsSpan(2 * columns, columns), dbias = sums.AsSpan(3 * columns);
        int divisor = x.Length / columns - 1;
        ColumnNorm.Forward<float>(x, gain, bias, 1e-5, divisor, mean, var, y);
        ColumnNorm.Backward<float>(x, gain, 1e-5, divisor, mean, var, dy, dgain, dbias, dx, first: true);
        return (y, dx, sums);
    }

    static float[] Column(float[] x, int k) => [.. x.Where((_, i) => i % 61 == k)];
}
