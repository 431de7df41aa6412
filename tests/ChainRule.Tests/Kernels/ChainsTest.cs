using System.Numerics;
using ChainRule.Kernels;

namespace ChainRule.Tests.Kernels;

public sealed class ChainsTest
{
    // Below and above a vector, a table's row, an eight of rows, a chain of rows (4,096 numbers), and
    // trees that are full and not.
    static readonly int[] s_lengths = [.. Enumerable.Range(0, 300), 1000, 2047, 4095, 4096, 4097, 4111, 8192, 12_289,
        16_384, 20_500, 32_769, 70_001];

    [Fact]
    public void A_row_has_the_bits_of_the_definition()
    {
        foreach (int n in s_lengths)
        {
            AssertRow<float>(n);
            AssertRow<double>(n);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(27)]
    [InlineData(1030)]
    public void Columns_have_the_bits_of_the_definition(int width)
    {
        foreach (int rows in new[] { 0, 1, 7, 8, 9, 255, 256, 257, 300, 511, 513, 1024, 1300, 2100 })
        {
            AssertColumns<float>(rows, width);
            AssertColumns<double>(rows, width);
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
            AssertColumns<float>(1000, 1100);
            AssertColumns<double>(3000, 130);
        }
        finally
        {
            ForRows.Threads = before;
        }
    }

    [Fact]
    public void A_float32_sum_of_millions_is_right_to_the_last_digit()
    {
        foreach (Func<int, double> draw in new Func<int, double>[]
            { _ => 1.1f, i => i * 0.61803398875 % 1, i => 1e4 + i * 0.61803398875 % 1 })
        {
            float[] x = [.. Enumerable.Range(0, 4_000_000).Select(i => (float)draw(i))];
            decimal exact = 0;
            foreach (float value in x) exact += (decimal)(double)value;
            float sum = (float)Rows.Sum<float>(x);
            Assert.InRange((double)Math.Abs((decimal)(double)sum - exact), 0,
                0.5001 * (MathF.BitIncrement(Math.Abs(sum)) - Math.Abs(sum)));
        }
    }

    [Fact]
    public void A_float64_sum_of_millions_errs_by_a_few_roundings()
    {
        // All numbers alike round alike: added one after the other, four million of them err by some 3e-11.
        double[] x = new double[4_000_000];
        Array.Fill(x, 1.1);
        decimal exact = (decimal)4_000_000 * 1.1m, error = exact - (decimal)Rows.Sum<double>(x);
        Assert.InRange(Math.Abs((double)(error / exact)), 0, 4e-15);
    }

    [Fact]
    public void NaN_and_infinity_are_seen()
    {
        float[] x = new float[5000];
        x[4321] = float.PositiveInfinity;
        Assert.Equal(double.PositiveInfinity, Rows.Sum<float>(x));
        x[17] = float.NegativeInfinity;
        Assert.Equal(double.NaN, Rows.Sum<float>(x));
    }

    static void AssertRow<T>(int n) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = Drawn<T>(n);
        Assert.Equal(BitConverter.DoubleToInt64Bits(Chains.NaiveRow<T>(x)),
            BitConverter.DoubleToInt64Bits(Rows.Sum<T>(x)));
    }

    static void AssertColumns<T>(int rows, int width) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = Drawn<T>(rows * width), sums = new T[width], added = Drawn<T>(width), before = [.. added];
        Rows.Sum<T>(x, sums);
        Rows.AddSum<T>(x, added);
        for (int k = 0; k < width; k++)
        {
            double sum = rows == 0 ? 0 : Chains.Naive<T>(x.AsSpan(k), width);
            Assert.Equal(T.CreateTruncating(sum), sums[k]);
            Assert.Equal(before[k] + T.CreateTruncating(sum), added[k]);
        }
    }

    static T[] Drawn<T>(int count) where T : unmanaged, INumber<T>
    {
        var rng = new Random(count);
        return [.. Enumerable.Range(0, count).Select(_ => T.CreateTruncating(rng.NextDouble() * 2 - 0.5))];
    }
}
