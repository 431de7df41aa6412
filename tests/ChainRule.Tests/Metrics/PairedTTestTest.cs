using ChainRule.Metrics;

namespace ChainRule.Tests.Metrics;

public sealed class PairedTTestTest
{
    public static TheoryData<string> Cases => Golden.Names("metrics", "paired");

    [Theory, MemberData(nameof(Cases))]
    public void It_is_SciPys(string name)
    {
        var golden = Golden.Case("metrics", name);
        var test = PairedTTest.Of(golden.Inputs[0].Data, golden.Inputs[1].Data);
        Close.Equal(golden.Output.Data, [test.Mean, test.Low, test.High, test.T, test.P], Close.Float64, name);
        Assert.Equal(golden.Inputs[0].Data.Length - 1, test.DegreesOfFreedom);
    }

    [Fact]
    public void Differences_that_are_all_the_same_cannot_be_tested()
    {
        var lower = PairedTTest.Of([1, 2, 3], [0.5, 1.5, 2.5]);
        Assert.False(lower.CanBeTested);
        Assert.Equal((-0.5, double.NaN, double.NaN, double.NaN, double.NaN),
            (lower.Mean, lower.Low, lower.High, lower.P, lower.T));
        // 0.3 − 0.2, 0.9 − 0.8 and 0.7 − 0.6 differ by rounding alone.
        Assert.False(PairedTTest.Of([0.2, 0.8, 0.6], [0.3, 0.9, 0.7]).CanBeTested);
        Assert.False(PairedTTest.Of([1e200, 2e200], [2e200, 3e200]).CanBeTested);
    }

    [Theory]
    [InlineData(new double[] { 1, 2 }, new double[] { 1, 2 })]
    [InlineData(new double[] { 0, 0 }, new double[] { 0, 0 })]
    [InlineData(new double[] { 1, 1 }, new[] { 1 + 2.2e-16, 1 + 2.2e-16 })]
    [InlineData(new[] { 1, 1 + 2.2e-16 }, new[] { 1 + 4.4e-16, 1 })]
    public void Differences_that_are_0_or_rounding_alone_are_none(double[] a, double[] b)
    {
        var same = PairedTTest.Of(a, b);
        Assert.Equal((0, 0, 0, 0, 1), (same.Mean, same.Low, same.High, same.T, same.P));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1e-200)]
    [InlineData(1e-310)]
    [InlineData(1e200)]
    [InlineData(1e307)]
    public void Neither_small_nor_large_numbers_change_what_is_tested(double unit)
    {
        var test = PairedTTest.Of([unit, 2 * unit, 0], [0, 0, 5 * unit]);
        // d = −1, −2, 5: mean 2/3, s² = 43/3, t = (2/3) / √(43/9).
        Assert.Equal(2 / Math.Sqrt(43), test.T, 1e-9);
        Assert.Equal(0.789, test.P, 1e-3);
        Assert.Equal(2.0 / 3, test.Mean / unit, 1e-9);
        Assert.Equal(-8.73812, test.Low / unit, 1e-3);
    }

    [Fact]
    public void A_mean_of_differences_that_cancel_is_0_and_not_what_their_sum_is_rounded_to()
    {
        var test = PairedTTest.Of([0.1, 0.2, 0.3], [0.2, 0.3, 0.1]);
        Assert.Equal((0, 0, 1), (test.Mean, test.T, test.P));
    }

    [Fact]
    public void Holm_multiplies_the_smallest_by_the_most_tests_and_keeps_their_order()
    {
        Assert.Equal([0.03, 0.04, 0.04, double.NaN], PairedTTest.Holm([0.01, 0.03, 0.02, double.NaN])
            .Select(p => Math.Round(p, 12)));
        Assert.Equal([1, 1], PairedTTest.Holm([0.7, 0.6]));
    }

    [Fact]
    public void What_cannot_be_paired_is_refused()
    {
        Refused.With<ArgumentException>("paired t-test: 2 numbers against 3: give as many of each, in pairs", "b",
            () => PairedTTest.Of([1, 2], [1, 2, 3]));
        Refused.With<ArgumentException>("paired t-test: 1 pair: give 2 or more", "a", () => PairedTTest.Of([1], [2]));
        Refused.With<ArgumentException>("paired t-test: pair 1 is 2 and NaN: leave out what is not finite", "a",
            () => PairedTTest.Of([1, 2], [1, double.NaN]));
    }
}
