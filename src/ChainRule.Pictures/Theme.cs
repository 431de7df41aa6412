using System.Text;
using System.Text.Json.Nodes;

namespace ChainRule.Pictures;

/// <summary>
/// The colours, once for light and once for dark, from renderer/theme.json. Texts and drawings carry the light ones;
/// where it is dark, a style sheet puts the dark one in the place of each, so that nothing is drawn anew. The colours
/// of series can be told apart by the colour-blind: their distances, in CIEDE2000 as seen with each of three
/// deficiencies, are measured in a test.
/// </summary>
static class Theme
{
    static readonly JsonNode s_theme = JsonNode.Parse(Resources.Text("theme.json")!)!;

    public static string Font { get; } = (string)s_theme["font"]!;

    public static string Paper { get; } = Light("paper");

    public static string Ink { get; } = Light("ink");

    public static string Soft { get; } = Light("soft");

    public static string Faint { get; } = Light("faint");

    /// <summary>How many colours of series need no second sign beside them.</summary>
    public const int Plain = 10;

    /// <summary>Twenty colours of series: ten, and ten more that want a second sign.</summary>
    public static IReadOnlyList<string> Series { get; } = SeriesOf("light");

    /// <summary>The configuration of Vega-Lite that every chart carries.</summary>
    public static JsonObject Config() => new()
    {
        ["background"] = Paper,
        ["font"] = Font,
        ["view"] = new JsonObject { ["stroke"] = Faint },
        ["axis"] = new JsonObject
        {
            ["labelColor"] = Soft, ["titleColor"] = Ink, ["domainColor"] = Faint, ["tickColor"] = Faint,
            ["gridColor"] = Faint, ["gridOpacity"] = 0.6,
            ["labelFontSize"] = 12, ["titleFontSize"] = 13, ["titleFontWeight"] = "normal", ["titlePadding"] = 8,
            ["labelOverlap"] = true, ["labelSeparation"] = 6,
        },
        ["legend"] = new JsonObject
        {
            ["orient"] = "top", ["columns"] = 4, ["labelColor"] = Ink, ["titleColor"] = Ink, ["labelFontSize"] = 12,
            ["titleFontSize"] = 12,
            ["titleFontWeight"] = "normal", ["labelLimit"] = 260,
        },
        ["title"] = new JsonObject { ["color"] = Ink, ["fontSize"] = 14, ["fontWeight"] = "bold",
            ["anchor"] = "start" },
        ["header"] = new JsonObject { ["labelColor"] = Ink, ["titleColor"] = Ink, ["labelFontSize"] = 12 },
        ["text"] = new JsonObject { ["color"] = Ink, ["fontSize"] = 12 },
        ["rule"] = new JsonObject { ["color"] = Soft },
        ["mark"] = new JsonObject { ["color"] = Series[0] },
        ["range"] = new JsonObject
            { ["category"] = new JsonArray([.. Series.Take(Plain).Select(colour => (JsonNode)colour)]) },
    };

    /// <summary>
    /// A style sheet: the page's own colours by name, and in the dark each colour of a drawing turned
    /// into its dark twin.
    /// </summary>
    public static string Css()
    {
        var css = new StringBuilder();
        css.Append(":root{").Append(Variables("light"))
            .Append("}\n@media screen and (prefers-color-scheme:dark){:root{").Append(Variables("dark")).Append("}\n");
        foreach (var (light, dark) in Pairs())
        {
            foreach (string paint in (string[])["fill", "stroke"])
                css.Append(".drawing [").Append(paint).Append("=\"").Append(light).Append("\"]{").Append(paint)
                    .Append(':').Append(dark).Append("}\n");
        }
        return css.Append("}\n").ToString();
    }

    static string Variables(string scheme) =>
        string.Concat(((string[])["paper", "ink", "soft", "faint", "link"]).Select(
            name => $"--{name}:{(string)s_theme[scheme]![name]!};"));

    static IEnumerable<(string Light, string Dark)> Pairs()
    {
        foreach (string name in (string[])["paper", "ink", "soft", "faint"])
            yield return ((string)s_theme["light"]![name]!, (string)s_theme["dark"]![name]!);
        foreach (var pair in SeriesOf("light").Zip(SeriesOf("dark"))) yield return pair;
    }

    /// <summary>The colours of series on light or on dark paper.</summary>
    internal static string[] SeriesOf(string scheme) =>
        [.. s_theme[scheme]!["series"]!.AsArray().Select(colour => (string)colour!)];

    static string Light(string name) => (string)s_theme["light"]![name]!;
}
