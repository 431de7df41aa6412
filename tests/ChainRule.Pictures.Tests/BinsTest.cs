namespace ChainRule.Pictures.Tests;

public sealed class BinsTest
{
    static Bins Of(IReadOnlyList<double> values, int bins, (double, double)? range = null) =>
        Bins.Of("histogram", Points.Of("histogram", [new("a", values)], new())[0], bins, range);

    [Fact]
    public void The_last_bin_takes_in_its_right_border() => Assert.Equal([1, 2], Of([0, 1, 2], 2).Counts);

    [Fact]
    public void The_area_under_densities_is_one()
    {
        var bins = Of([-3, 1, 4, 1, 5, 9, 2, 6], 5);
        double width = bins.Edge(1) - bins.Edge(0);
        Assert.Equal(1, Enumerable.Range(0, 5).Sum(i => bins.Density(i) * width), 12);
    }

    [Fact]
    public void Values_all_alike_stand_in_the_middle_of_a_bin()
    {
        var bins = Of([7, 7], 3);
        Assert.Equal((6.5, 7.5), (bins.From, bins.To));
        Assert.Equal([0, 2, 0], bins.Counts);
    }

    [Fact]
    public void A_range_counts_what_is_in_it()
    {
        Assert.Equal([1, 1], Of([-5, 0, 1, 5], 2, (0, 1)).Counts);
        Assert.Equal("histogram: no value of 'a' is between 8 and 9: widen XRange",
            Assert.ThrowsAny<ArgumentException>(() => Of([1], 2, (8, 9))).Message);
    }

    [Fact]
    public void Mean_and_standard_deviation_are_those_of_a_sample()
    {
        var bins = Of([1, 2, 3, 4], 2);
        Assert.Equal(2.5, bins.Mean);
        Assert.Equal(Math.Sqrt(5.0 / 3), bins.Deviation, 12);
    }
}
