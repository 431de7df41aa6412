namespace ChainRule.Pictures.Tests;

public sealed class PointsTest
{
    static string Refused(Series series, ChartOptions? options = null) =>
        Assert.ThrowsAny<ArgumentException>(() => Points.Of("line chart 'loss'", [series], options ?? new())).Message;

    [Fact]
    public void Lengths_that_disagree_are_named() =>
        Assert.Equal("line chart 'loss': series 'train' has 4 x for 3 y: give one for each",
            Refused(new("train", [1, 2, 3]) { X = [0, 1, 2, 3] }));

    [Fact]
    public void Labels_are_as_many_as_points() =>
        Assert.Equal("line chart 'loss': series 'train' has 1 label for 2 points: give one for each",
            Refused(new("train", [1, 2]) { Labels = ["a"] }));

    [Fact]
    public void An_empty_series_is_refused() =>
        Assert.Equal("line chart 'loss': series 'train' is empty: give at least one value", Refused(new("train", [])));

    [Fact]
    public void No_series_is_refused() => Assert.Equal("line chart 'loss': there is no series: give at least one",
        Assert.ThrowsAny<ArgumentException>(() => Points.Of("line chart 'loss'", [], new())).Message);

    [Fact]
    public void Two_series_of_one_name_are_refused() =>
        Assert.Equal("line chart 'loss': two series are called 'a': give each a name of its own",
        Assert.ThrowsAny<ArgumentException>(() => Points.Of("line chart 'loss'", [new("a", [1]), new("a", [2])], new()))
            .Message);

    [Fact]
    public void A_series_with_nothing_to_show_is_refused()
    {
        Assert.Equal("line chart 'loss': series 'train' has nothing to show: no value is finite",
            Refused(new("train", [double.NaN, double.PositiveInfinity])));
        Assert.Equal(
            "line chart 'loss': series 'train' has nothing to show: no value is above 0, as a logarithmic axis needs",
            Refused(new("train", [0, -1]), new() { LogY = true }));
    }

    [Fact]
    public void What_cannot_be_drawn_is_a_gap_and_is_counted()
    {
        var all = Points.Of("line chart", [new("a", [1, double.NaN, 0, 2])], new() { LogY = true });
        Assert.Equal([1, double.NaN, double.NaN, 2], all[0].Drawn.Select(point => point.Y));
        Assert.Equal([1.0, 2], all[0].Seen.Select(point => point.Y));
        Assert.Equal(" Left out: 1 value that is not finite. Left out: 1 value not above 0, for which a logarithmic "
            + "axis has no place.", Points.LeftOut(all));
    }
}
