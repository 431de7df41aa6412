namespace ChainRule.Pictures.Tests;

public sealed class BandsTest
{
    static Bands Of(Func<double, double, double> f, int steps = 10, IReadOnlyList<double>? levels = null) =>
        Bands.Of("contour 't'", f, (0, 1), (0, 1), steps, levels);

    [Fact]
    public void Runs_cover_the_square_once()
    {
        var bands = Of((x, y) => x * y - 0.2 * x);
        Assert.Equal(1, bands.Runs.Sum(run => (run.X2 - run.X) * (run.Y2 - run.Y)), 9);
        Assert.All(bands.Runs, run => Assert.True(run.X < run.X2 && run.Y < run.Y2));
    }

    [Fact]
    public void A_run_stands_between_the_levels_of_its_value()
    {
        var bands = Of((x, _) => x, levels: [0.25, 0.5]);
        Assert.Equal([0.0, 0.25, 0.5], bands.Runs.Take(3).Select(run => run.X));
        Assert.True(bands.Runs[0].Value < 0.25 && bands.Runs[1].Value is >= 0.25 and < 0.5
            && bands.Runs[2].Value >= 0.5);
    }

    [Fact]
    public void Where_the_function_is_not_finite_nothing_is_drawn()
    {
        var bands = Of((x, _) => x < 0.5 ? double.NaN : 1);
        Assert.InRange(bands.Runs.Sum(run => (run.X2 - run.X) * (run.Y2 - run.Y)), 0.45, 0.55);
        Assert.Equal("contour 't': the function is finite nowhere on the grid: there is nothing to colour",
            Assert.ThrowsAny<ArgumentException>(() => Of((_, _) => double.NaN)).Message);
    }

    [Fact]
    public void Levels_rise() => Assert.Equal("contour 't': its levels are [1, 0]: give rising numbers",
        Assert.ThrowsAny<ArgumentException>(() => Of((x, _) => x, levels: [1, 0])).Message);

    [Fact]
    public void A_constant_has_one_band_wherever_it_stands()
    {
        var bands = Of((_, _) => 3);
        Assert.Equal([3.0], bands.Levels);
        Assert.Equal(200, bands.Runs.Count);
    }
}
