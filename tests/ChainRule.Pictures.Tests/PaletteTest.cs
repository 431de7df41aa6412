namespace ChainRule.Pictures.Tests;

public sealed class PaletteTest
{
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(20)]
    [InlineData(21)]
    [InlineData(160)]
    public void No_colour_stands_for_two_names(int count)
    {
        var signs = Palette.Assign("chart", Names(count));
        Assert.Equal(count, signs.Select(sign => sign.Colour).Distinct().Count());
        Assert.Equal(count is > 10 and <= 20 ? count - 10 : 0, signs.Count(sign => sign.Second));
    }

    [Fact]
    public void Who_asks_for_a_colour_gets_it_and_nobody_else()
    {
        var signs = Palette.Assign("chart", [("a", null), ("b", Hue.Blue), ("c", null)]);
        Assert.Equal([Theme.Series[1], Theme.Series[0], Theme.Series[2]], signs.Select(sign => sign.Colour));
        Assert.Equal("chart: 'a' and 'b' both ask for Red: a colour stands for one series",
            Assert.ThrowsAny<ArgumentException>(() => Palette.Assign("chart", [("a", Hue.Red), ("b", Hue.Red)]))
                .Message);
    }

    [Fact]
    public void There_is_a_hue_for_each_of_the_first_ten() => Assert.Equal(Theme.Plain, Enum.GetValues<Hue>().Length);

    [Fact]
    public void Colours_of_very_many_are_seen_on_white_and_on_black() =>
        Assert.All(Palette.Assign("chart", Names(160)), sign =>
    {
        Assert.True(Colour.Contrast(sign.Colour, "#ffffff") >= 3, sign.Colour);
        Assert.True(Colour.Contrast(sign.Colour, "#0d1117") >= 3, sign.Colour);
    });

    static (string, Hue?)[] Names(int count) => [.. Enumerable.Range(0, count).Select(i => ($"{i}", (Hue?)null))];
}
