using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ChainRule.Tests;

namespace ChainRule.Pictures.Tests.Browser;

/// <summary>The renderer without a browser: texts become SVG files, in light and dark.</summary>
public sealed partial class SvgTest : IDisposable
{
    static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [NodeFact]
    public void Every_chart_and_graph_becomes_a_drawing_without_a_warning()
    {
        string texts = _folder.PathOf("texts"), drawings = _folder.PathOf("drawings");
        var pictures = Gallery.Pictures.Where(picture => picture is not Formula).Index().ToList();
        foreach (var (i, picture) in pictures)
            picture.Save(Path.Combine(texts, picture is Chart ? $"{i}.vl.json" : $"{i}.dot"));
        var (code, errors) = Draw(texts, "--out", drawings);
        Assert.Equal(("", 0), (errors, code));
        foreach (var (i, picture) in pictures)
        {
            string text = File.ReadAllText(Path.Combine(drawings, $"{i}.svg"));
            var svg = XDocument.Parse(text).Root!;
            Assert.Equal(s_svg + "svg", svg.Name);
            Assert.True(svg.Descendants(s_svg + "path").Concat(svg.Descendants(s_svg + "ellipse")).Count() > 3,
                picture.Title);
            Assert.Contains("@media (prefers-color-scheme:dark)", text, StringComparison.Ordinal);
            if (picture is Chart)
                Assert.Equal((picture.Title, picture.Alt),
                    ((string?)svg.Element(s_svg + "title"), (string?)svg.Element(s_svg + "desc")));
        }
    }

    [NodeFact]
    public void The_drawings_in_docs_are_those_of_the_texts_beside_them()
    {
        string docs = Path.Combine(Chromium.Root, "docs", "pictures"), drawings = _folder.PathOf("drawings");
        Assert.Equal(("", 0), (Draw(docs, "--out", drawings).Errors, 0));
        string[] drawn = [.. Names(drawings)];
        Assert.True(drawn.Length >= 6);
        Assert.Equal(drawn, Names(docs));
        Assert.All(drawn, name => Assert.Equal(Coarse(Path.Combine(drawings, name)), Coarse(Path.Combine(docs, name))));
    }

    [NodeFact]
    public void What_is_no_text_of_a_picture_is_refused()
    {
        Assert.Equal((1, "svg: nowhere is not there: name a .vl.json, a .dot, or a folder of them"),
            Draw("nowhere", "--out", "x"));
        string tex = _folder.Write("f.tex", "x");
        Assert.Equal((1, $"svg: {tex} is neither a chart (.vl.json) nor a graph (.dot): only these become SVG"),
            Draw(tex, "--out", "x"));
        Assert.Equal((1, "svg: say what to draw and where to: node svg.mjs IN… --out DIR"), Draw(tex));
    }

    static (int Code, string Errors) Draw(params string[] arguments)
    {
        var start = new ProcessStartInfo("node") { RedirectStandardError = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(Chromium.Root, "src", "ChainRule.Pictures", "renderer", "svg.mjs"));
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync();
        string errors = process.StandardError.ReadToEnd().Trim();
        process.WaitForExit();
        return (process.ExitCode, errors);
    }

    static IEnumerable<string> Names(string folder) =>
        Directory.GetFiles(folder, "*.svg").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    // Another Node may round the last digit of a place otherwise.
    static string Coarse(string path) => Fraction().Replace(File.ReadAllText(path),
        number => Math.Round(double.Parse(number.Value, CultureInfo.InvariantCulture))
            .ToString(CultureInfo.InvariantCulture));

    [GeneratedRegex(@"\d+\.\d+")]
    private static partial Regex Fraction();
}

/// <summary>
/// A fact about the renderer run by Node; skipped, with the reason, where its packages are not installed.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute()
    {
        if (Renderer.BuiltIn.Script("chart") is null)
            Skip = "this build has no scripts that draw: build it where Node.js is installed";
    }
}
