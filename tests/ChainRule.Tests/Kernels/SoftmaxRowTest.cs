using ChainRule.Kernels;

namespace ChainRule.Tests.Kernels;

public sealed class SoftmaxRowTest
{
    // Every length up to a few vectors, with all numbers open and with some.
    public static TheoryData<int, int> Rows
    {
        get
        {
            var rows = new TheoryData<int, int>();
            for (int n = 1; n <= 40; n++) foreach (int open in new[] { 1, (n + 1) / 2, n }) rows.Add(n, open);
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_row_is_what_the_definition_says_and_closed_numbers_have_no_share(int n, int open)
    {
        double[] x = [.. Enumerable.Range(0, n).Select(i => i < open ? 3 * Math.Sin(1.7 * i) : double.NaN)];
        double[] expected = new double[n], y = [.. x];
        SoftmaxRow.Naive(x, expected, open, -0.7);
        SoftmaxRow.Forward(y, y, open, -0.7);
        Close.Equal(expected, y, 1e-14, "float64");

        float[] single = [.. x.Select(v => (float)v)];
        SoftmaxRow.Forward(single, single, open, -0.7f);
        Close.Equal(expected, [.. single.Select(v => (double)v)], 1e-6, "float32");
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_way_back_is_the_slope_of_the_way_forward(int n, int open)
    {
        double[] x = [.. Enumerable.Range(0, n).Select(i => Math.Sin(1.7 * i))],
            dy = [.. Enumerable.Range(0, n).Select(i => Math.Cos(2.3 * i))];
        double[] p = new double[n], expected = new double[n], d = [.. dy];
        SoftmaxRow.Naive(x, p, open, 0.4);
        double dot = Enumerable.Range(0, open).Sum(i => p[i] * dy[i]);
        for (int i = 0; i < open; i++) expected[i] = 0.4 * p[i] * (dy[i] - dot);
        SoftmaxRow.Backward(p, d, open, 0.4);
        Close.Equal(expected, d, 1e-13, "float64");
    }

    [Fact]
    public void Nothing_overflows_and_what_is_not_a_number_shows()
    {
        float[] large = [10000, 9999, -10000], y = new float[3];
        SoftmaxRow.Forward(large, y, 3, 1);
        Close.Equal([0.7310586, 0.2689414, 0], [.. y.Select(v => (double)v)], 1e-6, "large");
        SoftmaxRow.Forward([1, float.NaN, 2], y, 3, 1);
        Assert.All(y, v => Assert.True(float.IsNaN(v)));
    }
}
