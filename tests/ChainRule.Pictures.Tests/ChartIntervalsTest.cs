namespace ChainRule.Pictures.Tests;

public sealed class ChartIntervalsTest
{
    [Fact]
    public void An_interval_has_a_dot_and_a_line_in_the_order_given()
    {
        var chart = Chart.Intervals("Importance", "increase", "column", [("size", 1, 2, 3), ("rooms", -0.5, 0, 0.5)],
            new() { RuleX = 0 });
        var json = Json.Of(chart);
        Assert.Equal(["rule", "point", "rule"],
            Enumerable.Range(0, 3).Select(i => json.Word($"layer.{i}.mark.type")));
        Assert.True(json.At("layer.0.encoding.y")!.AsObject().TryGetPropertyValue("sort", out var sort)
            && sort is null);
        Assert.Equal(["size 1 2 3", "rooms -0.5 0 0.5"],
            json.Rows().Select(row => $"{row["name"]} {row["low"]} {row["value"]} {row["high"]}"));
        Assert.Equal("Intervals of increase by column: 2 rows, the lowest rooms with 0, the highest size with 2.",
            chart.Alt);
        Assert.Equal(["size", "2", "1", "3"], chart.Tables[0].Row(0));
    }

    [Fact]
    public void Intervals_that_cannot_be_drawn_are_refused()
    {
        static string Refused(params (string, double, double, double)[] rows) =>
            Assert.ThrowsAny<ArgumentException>(() => Chart.Intervals("t", "x", "y", rows)).Message;
        Assert.Equal("intervals 't': there is no row: give at least one", Refused());
        Assert.Equal("intervals 't': two rows are called 'a': give each a name of its own",
            Refused(("a", 0, 1, 2), ("a", 0, 1, 2)));
        Assert.Equal("intervals 't': row 'a' has 0, NaN and 2: give finite numbers", Refused(("a", 0, double.NaN, 2)));
        Assert.Equal("intervals 't': row 'a' has 3 outside 0 to 2: give the value within its interval",
            Refused(("a", 0, 3, 2)));
    }

    [Fact]
    public void A_band_lies_under_its_line()
    {
        var chart = Chart.Band("Size", "size", "price", "10 % to 90 %", [(1, 2, 3, 4), (2, 3, 5, 6)]);
        var json = Json.Of(chart);
        Assert.Equal(["area", "line", "point"],
            Enumerable.Range(0, 3).Select(i => json.Word($"layer.{i}.mark.type")));
        Assert.Equal(["1 2 3 4", "2 3 5 6"],
            json.Rows().Select(row => $"{row["x"]} {row["low"]} {row["value"]} {row["high"]}"));
        Assert.Equal("Line of price by size with a band of 10 % to 90 %: 2 points, from 3 at 1 to 5 at 2, lowest 3, "
            + "highest 5.", chart.Alt);
        Assert.Equal(["size", "price", "10 % to 90 %: from", "to"], chart.Tables[0].Columns);
    }

    [Fact]
    public void A_band_that_cannot_be_drawn_is_refused()
    {
        static string Refused(params (double, double, double, double)[] points) =>
            Assert.ThrowsAny<ArgumentException>(() => Chart.Band("t", "x", "y", "b", points)).Message;
        Assert.Equal("band 't': of 1 point no line is made: give at least two", Refused((1, 2, 3, 4)));
        Assert.Equal("band 't': point 1 stands at 1: x must be finite and rise", Refused((1, 2, 3, 4), (1, 2, 3, 4)));
        Assert.Equal("band 't': point 0 has 1 outside 2 to 4: give the value within its interval",
            Refused((1, 2, 1, 4), (2, 2, 3, 4)));
    }
}
