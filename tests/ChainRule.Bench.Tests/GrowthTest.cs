namespace ChainRule.Bench.Tests;

public sealed class GrowthTest
{
    [Fact]
    public void The_exponent_of_a_power_is_found_whatever_stands_before_it()
    {
        double[] x = [1, 2, 4, 8, 16];
        foreach (double power in new[] { 0, 0.5, 1, 2, 3 })
            Assert.Equal(power, Growth.Exponent(x, [.. x.Select(n => 7 * Math.Pow(n, power))]), 1e-12);
    }

    [Fact]
    public void A_series_varies_one_thing_over_five_sizes_at_least()
    {
        Assert.Equal(["width", "depth", "context", "batch"], Growth.Series.Keys);
        foreach (var (name, sizes) in Growth.Series)
        {
            Assert.InRange(sizes.Length, 5, 6);
            Assert.All(sizes, size => Assert.Equal(new GptSize(), name switch
            {
                "width" => size with { Width = 128 },
                "depth" => size with { Layers = 4 },
                "context" => size with { Context = 64 },
                _ => size with { Batch = 12 },
            }));
        }
    }

    [Fact]
    public void A_table_tells_what_was_measured_and_the_exponents()
    {
        var output = new StringWriter();
        Growth.Run("depth",
            size => new(size, Seconds: 0.01 * size.Layers, LiveBytes: 1e6 * size.Layers * size.Layers, PeakBytes: 5e7),
            output);
        string[] lines = output.ToString().ReplaceLineEndings("\n").Split('\n');
        Assert.Equal("### depth", lines[0]);
        Assert.Equal("width 128, context 64, batch 12, 4 heads, 65 characters", lines[2]);
        Assert.Equal("| 2 | 421,632 | 2.001 G | 20 ms | 100 | 4 MB | 50 MB |", lines[7]);
        Assert.Matches(@"^\| exponent \| 0\.9\d \| 0\.9\d \| 1\.00 \| -?0\.0\d \| 2\.00 \| 0\.00 \|$", lines[11]);
        Assert.StartsWith("| of the last doubling | ", lines[12], StringComparison.Ordinal);
    }

    [Fact]
    public void All_series_are_measured_where_none_is_named()
    {
        var output = new StringWriter();
        Growth.Run(null, size => new(size, 1, 1, 1), output);
        Assert.All(Growth.Series.Keys,
            name => Assert.Contains($"### {name}", output.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void What_cannot_be_varied_is_refused() =>
        Assert.Equal("growth 'heads': give width, depth, context, batch, or all",
        Assert.ThrowsAny<ArgumentException>(() => Growth.Run("heads", size => new(size, 1, 1, 1), TextWriter.Null))
            .Message);
}
