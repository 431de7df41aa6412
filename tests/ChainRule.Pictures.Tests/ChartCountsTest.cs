namespace ChainRule.Pictures.Tests;

public sealed class ChartCountsTest
{
    [Fact]
    public void Bars_keep_their_order_and_show_their_values()
    {
        var chart = Chart.Bar("Letters", "letter", "count", [("b", 2), ("a", -1.5)]);
        var json = Json.Of(chart);
        Assert.Equal("bar", json.Word("layer.0.mark.type"));
        Assert.True(json.At("layer.0.encoding.x")!.AsObject().TryGetPropertyValue("sort", out var sort)
            && sort is null);
        Assert.Equal(["b 2 2", "a -1.5 −1.5"],
            json.Rows().Select(row => $"{row["name"]} {row["value"]} {row["label"]}"));
        Assert.Equal("Bar chart of count by letter: 2 bars, the lowest a with −1.5, the highest b with 2.", chart.Alt);
    }

    [Fact]
    public void Bars_that_cannot_be_drawn_are_refused()
    {
        static string Refused(params (string, double)[] bars) =>
            Assert.ThrowsAny<ArgumentException>(() => Chart.Bar("t", "x", "y", bars)).Message;
        Assert.Equal("bar chart 't': there is no bar: give at least one", Refused());
        Assert.Equal("bar chart 't': bar 'a' is NaN: a bar has a finite length", Refused(("a", double.NaN)));
        Assert.Equal("bar chart 't': two bars are called 'a': give each a name of its own",
            Refused(("a", 1), ("a", 2)));
    }

    [Fact]
    public void One_series_is_counted_in_bars()
    {
        var json = Json.Of(Chart.Histogram("Weights", "w", [new("w", [0, 0.1, 0.9, 1])], bins: 2));
        Assert.Equal("bar", json.Word("layer.0.mark.type"));
        Assert.Equal(["0 0.5 2", "0.5 1 2"], json.Rows().Select(row => $"{row["from"]} {row["to"]} {row["count"]}"));
    }

    [Fact]
    public void Several_series_are_lines_of_densities()
    {
        var json = Json.Of(Chart.Histogram("Weights", "w", [new("a", [0, 1, 1, 2]), new("b", [0, 4])], bins: 2));
        Assert.Equal("line", json.Word("layer.0.mark.type"));
        Assert.Equal(["a 0.5 0.25", "a 1.5 0.75", "b 1 0.25", "b 3 0.25"],
            json.Rows().Select(row => $"{row["series"]} {row["x"]} {row["y"]}"));
    }

    [Fact]
    public void No_bin_holds_nothing() => Assert.Equal("histogram 't': 0 bins hold nothing: give at least one",
        Assert.ThrowsAny<ArgumentException>(() => Chart.Histogram("t", "x", [new("a", [1])], bins: 0)).Message);
}
