using System.Text.RegularExpressions;

namespace ChainRule.Pictures.Tests;

public sealed partial class ThemeTest
{
    [Fact]
    public void Every_light_colour_has_one_dark_twin()
    {
        string css = Theme.Css();
        string[] turned = [.. Turn().Matches(css).Select(match => match.Value)];
        Assert.Equal(48, turned.Length);
        Assert.Equal(turned.Length, turned.Distinct().Count());
        Assert.Contains($".drawing [fill=\"{Theme.Ink}\"]{{fill:#", css, StringComparison.Ordinal);
    }

    [Fact]
    public void Light_and_dark_can_be_read_on_their_paper()
    {
        foreach (string line in Theme.Css().Split('\n').Where(line => line.Contains("--ink", StringComparison.Ordinal)))
        {
            var colour = Variable().Matches(line).ToDictionary(match => match.Groups[1].Value,
                match => match.Groups[2].Value);
            Assert.True(Colour.Contrast(colour["ink"], colour["paper"]) >= 7);
            Assert.True(Colour.Contrast(colour["soft"], colour["paper"]) >= 4.5);
            Assert.True(Colour.Contrast(colour["link"], colour["paper"]) >= 4.5);
        }
    }

    [Fact]
    public void Series_stand_out_from_the_paper_in_light_and_dark()
    {
        Assert.All(Theme.SeriesOf("light"), colour => Assert.True(Colour.Contrast(colour, Theme.Paper) >= 3, colour));
        Assert.All(Theme.SeriesOf("dark"), colour => Assert.True(Colour.Contrast(colour, "#0d1117") >= 3, colour));
        Assert.Equal(20, Theme.Series.Count);
        Assert.Contains("#0d1117", Theme.Css(), StringComparison.Ordinal);
    }

    // Two colours with the same second sign are far apart for every eye, and no two are near. (2.3 is a
    // difference that is just noticed.)
    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public void Series_can_be_told_apart_with_every_deficiency_of_colour_vision(string scheme)
    {
        string[] colours = Theme.SeriesOf(scheme);
        foreach (var (name, eye) in Colour.Eyes)
        {
            for (int i = 0; i < colours.Length; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    double floor = i < Theme.Plain ? 12 : j >= Theme.Plain ? 7.5 : 5.5,
                        distance = Colour.Distance(colours[i], colours[j], eye);
                    Assert.True(distance >= floor, $"{scheme}, {name}: {colours[j]} and {colours[i]} are "
                        + $"{distance:0.0} apart and should be {floor}");
                }
            }
        }
    }

    // Three of the pairs that Sharma, Wu and Dalal publish with their formula.
    [Theory]
    [InlineData(50, 2.6772, -79.7751, 50, 0, -82.7485, 2.0425)]
    [InlineData(50, 2.5, 0, 73, 25, -18, 27.1492)]
    [InlineData(2.0776, 0.0795, -1.1350, 0.9033, -0.0636, -0.5514, 0.9082)]
    public void The_measure_is_the_published_one(double l1, double a1, double b1, double l2, double a2, double b2,
        double published) =>
        Assert.Equal(published, Colour.Ciede2000((l1, a1, b1), (l2, a2, b2)), 4);

    [GeneratedRegex(@"\.drawing \[\w+=""#[0-9a-f]{6}""\]")]
    private static partial Regex Turn();

    [GeneratedRegex(@"--(\w+):(#[0-9a-f]{6})")]
    private static partial Regex Variable();
}
