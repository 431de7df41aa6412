using ChainRule.Kernels;

namespace ChainRule.Tests.Kernels;

public sealed class RowsTest
{
    [Fact]
    public void A_variance_of_millions_far_from_zero_keeps_its_digits()
    {
        // The mean is no float32: a variance about the nearest one would err by some 3e-6.
        var rng = new Random(1);
        float[] x = [.. Enumerable.Range(0, 4_000_000).Select(_ => (float)(1e4 + rng.NextDouble()))];
        double mean = x.Average(value => (double)value), squares = x.Sum(value => (value - mean) * (value - mean));
        var (gotMean, gotSquares) = Rows.Moments<float>(x);
        AssertRelative(mean, gotMean, 1e-10);
        AssertRelative(squares, gotSquares, 1e-10);

        float[] means = new float[2], vars = new float[2];
        Rows.Moments<float>(x, x.Length / 2, root: false, means, vars);
        for (int k = 0; k < 2; k++)
        {
            double[] column = [.. Enumerable.Range(0, x.Length / 2).Select(i => (double)x[2 * i + k])];
            double centre = column.Average();
            AssertRelative(centre, means[k], 6e-8);
            AssertRelative(column.Average(value => (value - centre) * (value - centre)), vars[k], 6.1e-8);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(255)]
    [InlineData(513)]
    [InlineData(1100)]
    public void Moments_are_those_of_the_definition(int rows)
    {
        double[] x = [.. Enumerable.Range(0, rows * 3).Select(i => 2 + Math.Sin(i))], mean = new double[3],
            var = new double[3];
        double[] means = [.. Enumerable.Range(0, 3).Select(k => Enumerable.Range(0, rows).Average(i => x[i * 3 + k]))];
        double[] vars = [.. Enumerable.Range(0, 3)
            .Select(k => Enumerable.Range(0, rows).Sum(i => Math.Pow(x[i * 3 + k] - means[k], 2)) / 7)];
        Rows.Moments<double>(x, 7, root: false, mean, var);
        Close.Equal(means, mean, 1e-13, "means");
        Close.Equal(vars, var, 1e-13, "variances");
        Rows.Moments<double>(x, 7, root: true, mean, var);
        Close.Equal([.. vars.Select(Math.Sqrt)], var, 1e-13, "deviations");

        double centre = x.Average();
        var (rowMean, squares) = Rows.Moments<double>(x);
        Close.Equal([centre, x.Sum(value => Math.Pow(value - centre, 2))], [rowMean, squares], 1e-13, "a row");
    }

    static void AssertRelative(double expected, double actual, double allowed) =>
        Assert.True(Math.Abs(actual - expected) <= allowed * expected, $"got {actual:R}, expected {expected:R}");
}
