using ChainRule.Kernels;

namespace ChainRule.Tests.Kernels;

public sealed class RowsTest
{
    // Every addition may round by a share of 2⁻²⁴. Numbers that are all alike round alike: one after the other, four million of them err by
    // one part in a hundred; in two levels, by no more than the additions of a piece and the number of pieces.
    private const double Rounding = 1.0 / (1 << 24);

    [Fact]
    public void A_sum_of_millions_keeps_its_digits()
    {
        var x = new float[4_000_000];
        Array.Fill(x, 1.1f);
        AssertRelative(1.1f * 4e6, Rows.Sum<float>(x), 1100 * Rounding);

        var columns = new float[2];
        Rows.Sum<float>(x, columns);
        foreach (float sum in columns) AssertRelative(1.1f * 2e6, sum, 4500 * Rounding);
        Rows.SumSquares<float>(x, [0, 2.2f], columns);
        foreach (float sum in columns) AssertRelative(1.1f * 1.1f * 2e6, sum, 4500 * Rounding);
    }

    [Fact]
    public void A_variance_of_millions_far_from_zero_keeps_its_digits()
    {
        var x = new float[4_000_000];
        for (int i = 0; i < x.Length; i++) x[i] = i % 2 == 0 ? 99.5f : 100.5f;
        var (mean, var) = Rows.Moments<float>(x);
        AssertRelative(100, mean, 1100 * Rounding);
        AssertRelative(0.25, var, 1100 * Rounding);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(512)]
    [InlineData(513)]
    [InlineData(1100)]
    public void A_block_is_summed_row_by_row(int rows)
    {
        double[] x = [.. Enumerable.Range(0, rows * 3).Select(i => Math.Sin(i))];
        double[] expected = [.. Enumerable.Range(0, 3).Select(k => Enumerable.Range(0, rows).Sum(i => x[i * 3 + k]))];
        double[] squares = [.. Enumerable.Range(0, 3).Select(k => Enumerable.Range(0, rows).Sum(i => Math.Pow(x[i * 3 + k] - k, 2)))];
        double[] sum = [7, 7, 7];
        Rows.Sum<double>(x, sum);
        Close.Equal(expected, sum, 1e-13, "sums");
        Rows.SumSquares<double>(x, [0, 1, 2], sum);
        Close.Equal(squares, sum, 1e-13, "squares");
    }

    private static void AssertRelative(double expected, double actual, double allowed) =>
        Assert.True(Math.Abs(actual - expected) <= allowed * expected, $"got {actual:R}, expected {expected:R}");
}
