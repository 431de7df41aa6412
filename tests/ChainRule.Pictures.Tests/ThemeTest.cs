using System.Text.RegularExpressions;

namespace ChainRule.Pictures.Tests;

public sealed partial class ThemeTest
{
    [Fact]
    public void Every_light_colour_has_one_dark_twin()
    {
        string css = Theme.Css();
        string[] turned = [.. Turn().Matches(css).Select(match => match.Value)];
        Assert.Equal(24, turned.Length);
        Assert.Equal(turned.Length, turned.Distinct().Count());
        Assert.Contains($".drawing [fill=\"{Theme.Ink}\"]{{fill:#", css, StringComparison.Ordinal);
    }

    [Fact]
    public void Light_and_dark_can_be_read_on_their_paper()
    {
        foreach (string line in Theme.Css().Split('\n').Where(line => line.Contains("--ink", StringComparison.Ordinal)))
        {
            var colour = Variable().Matches(line).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
            Assert.True(Contrast(colour["ink"], colour["paper"]) >= 7);
            Assert.True(Contrast(colour["soft"], colour["paper"]) >= 4.5);
            Assert.True(Contrast(colour["link"], colour["paper"]) >= 4.5);
        }
    }

    [Fact]
    public void Series_stand_out_from_the_paper_in_light_and_dark()
    {
        var light = Theme.Config()["range"]!["category"]!.AsArray().Select(colour => (string)colour!);
        Assert.All(light, colour => Assert.True(Contrast(colour, Theme.Paper) >= 3, colour));
        var dark = Dark().Matches(Theme.Css()).Select(match => match.Groups[1].Value).ToList();
        Assert.True(dark.Count >= 8);
        Assert.All(dark.TakeLast(8), colour => Assert.True(Contrast(colour, "#0d1117") >= 3, colour));
    }

    static double Contrast(string a, string b)
    {
        double one = Luminance(a), other = Luminance(b);
        return (Math.Max(one, other) + 0.05) / (Math.Min(one, other) + 0.05);
    }

    // WCAG's relative luminance.
    static double Luminance(string colour)
    {
        double Part(int at)
        {
            double share = Convert.ToInt32(colour.Substring(at, 2), 16) / 255.0;
            return share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4);
        }
        return 0.2126 * Part(1) + 0.7152 * Part(3) + 0.0722 * Part(5);
    }

    [GeneratedRegex(@"\.drawing \[\w+=""#[0-9a-f]{6}""\]")]
    private static partial Regex Turn();

    [GeneratedRegex(@"--(\w+):(#[0-9a-f]{6})")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\]\{fill:(#[0-9a-f]{6})")]
    private static partial Regex Dark();
}
