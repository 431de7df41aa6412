namespace ChainRule.Pictures.Tests;

public sealed class ThinTest
{
    static IReadOnlyList<Points> Points(int count, Func<int, double> y, int series = 1) =>
        Pictures.Points.Of("line chart",
            [.. Enumerable.Range(0, series).Select(s => new Series($"{s}", [.. Enumerable.Range(0, count).Select(y)]))],
            new());

    [Fact]
    public void A_line_of_a_usual_length_keeps_every_point()
    {
        Assert.Equal(1, Thin.Run(Points(4000, i => i)));
        Assert.Equal(4, Thin.Run(Points(4000, i => i, series: 20)));
    }

    [Fact]
    public void No_peak_is_lost_and_the_order_stays()
    {
        var all = Points(200_000, i => i == 123_456 ? 99 : i == 123_457 ? -99 : Math.Sin(i));
        int run = Thin.Run(all);
        Assert.Equal(100, run);
        var thinned = Thin.Of(all[0].Drawn, run).ToList();
        Assert.InRange(thinned.Count, 2000, 4000 + 2);
        Assert.Contains((123_456, 99, null), thinned);
        Assert.Contains((123_457, -99, null), thinned);
        Assert.All(thinned.Zip(thinned.Skip(1)), pair => Assert.True(pair.First.X < pair.Second.X));
    }

    [Fact]
    public void A_line_keeps_its_ends_and_a_level_one_stays_a_line()
    {
        (double, double, string?)[] level = [(0, 5, null), (1, 5, null)];
        Assert.Equal(level, Thin.Of(level, 100));
        var falling = Points(10_000, i => i < 9990 ? -i : -9990)[0].Drawn;
        Assert.Equal(9999, Thin.Of(falling, 100).Last().X);
        Assert.Equal(0, Thin.Of(falling, 100).First().X);
    }

    [Fact]
    public void A_run_without_values_is_a_gap()
    {
        var all = Points(10_000, i => i is >= 2000 and < 4000 ? double.NaN : i);
        Assert.Contains(Thin.Of(all[0].Drawn, 10), point => double.IsNaN(point.Y));
    }

    [Fact]
    public void A_chart_of_very_many_points_says_that_it_is_thinned()
    {
        var chart = Chart.Line("Loss", "step", "loss",
            [new("train", [.. Enumerable.Range(0, 200_000).Select(i => 1.0 / (i + 1))])]);
        Assert.EndsWith(" Drawn are the lowest and the highest of every 100 neighbours.", chart.Alt,
            StringComparison.Ordinal);
        Assert.InRange(Json.Of(chart).Rows().Count, 2000, 4000);
    }
}
