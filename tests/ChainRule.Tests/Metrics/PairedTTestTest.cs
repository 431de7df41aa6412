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
    public void Differences_that_are_all_the_same_leave_no_chance()
    {
        var lower = PairedTTest.Of([1, 2, 3], [0.5, 1.5, 2.5]);
        Assert.Equal((-0.5, -0.5, -0.5, 0, double.NegativeInfinity),
            (lower.Mean, lower.Low, lower.High, lower.P, lower.T));
        var same = PairedTTest.Of([1, 2], [1, 2]);
        Assert.Equal((0, 0, 1), (same.Mean, same.T, same.P));
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
