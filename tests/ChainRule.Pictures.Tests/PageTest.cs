using System.Text.RegularExpressions;
using ChainRule.Tests;

namespace ChainRule.Pictures.Tests;

public sealed partial class PageTest : IDisposable
{
    static readonly Chart s_chart = Chart.Line("Loss </script> & \"quotes\"", "step", "loss",
        [new("</script><b>", [1, 2])]);

    // A page as it is where scripts were built in, with the least of scripts.
    static readonly Renderer s_drawing =
        new(name => name.EndsWith(".js", StringComparison.Ordinal) ? $"draw('{name}')" : ".x{}");

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Under_a_section_the_titles_of_pictures_stand_a_level_lower()
    {
        string html = new Page("Run").Section("Data & errors").Add(Chart.Bar("Bars", "x", "y", [("a", 1)]))
            .Write(Renderer.BuiltIn);
        Assert.Contains("<h2 class=\"section\">Data &amp; errors</h2>", html, StringComparison.Ordinal);
        Assert.Contains("<figcaption><h3 id=\"picture-1\">Bars</h3></figcaption>", html, StringComparison.Ordinal);
        Assert.Equal("page: a section has no title: give it one",
            Assert.ThrowsAny<ArgumentException>(() => new Page("Run").Section(" ")).Message);
    }

    [Fact]
    public void A_page_is_saved_whole_and_says_where()
    {
        string path = Path.Combine(_folder.Path, "pictures", "x.html");
        Assert.Equal(Path.GetFullPath(path), new Page("Training").Add("The loss falls.").Add(s_chart).Save(path));
        Assert.StartsWith("<!doctype html>", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void Without_scripts_a_page_says_what_it_lacks_and_shows_numbers_and_texts()
    {
        string html = new Page("Training").Add(s_chart).Add(new Formula("Slope", "dy/dx = 2x"))
            .Add(Graph.FromDot("digraph { a -> b }", "G")).Write(Renderer.None);
        Assert.Contains("built without Node.js", html, StringComparison.Ordinal);
        Assert.Contains("(charts, formulas, graphs)", html, StringComparison.Ordinal);
        Assert.Contains("<details open><summary>In words and numbers</summary>", html, StringComparison.Ordinal);
        Assert.Contains("<pre>dy/dx = 2x</pre>", html, StringComparison.Ordinal);
        Assert.Contains("<pre>digraph { a -&gt; b }</pre>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Contains("script-src 'none'", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_carries_the_scripts_that_it_needs_and_no_others()
    {
        string html = new Page("Training").Add(s_chart).Add(s_chart).Write(s_drawing);
        Assert.Equal(["draw('chart.js')"], Script().Matches(html).Select(match => match.Groups[1].Value));
        Assert.DoesNotContain("built without", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_in_a_picture_ends_a_script_or_a_tag()
    {
        string html = new Page("A </title><script>alert(1)</script>").Add("<script>").Add(s_chart).Write(s_drawing);
        Assert.Equal(2, html.Split("<script").Length - 1);
        Assert.Equal(2, html.Split("</script>").Length - 1);
        Assert.Contains("aria-label=\"Line chart of loss by step. &lt;/script&gt;&lt;b&gt;: 2 points", html,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_forbids_itself_the_network_and_scripts_of_others()
    {
        string html = new Page("Training").Add(s_chart).Write(s_drawing);
        string policy = Policy().Match(html).Groups[1].Value;
        Assert.StartsWith("default-src 'none'; script-src 'sha256-", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("'unsafe-eval'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"http", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_picture_has_heading_caption_role_and_words()
    {
        string html = new Page("Training").Add(s_chart).Write(s_drawing);
        Assert.Contains("<html lang=\"en\">", html, StringComparison.Ordinal);
        Assert.Contains("<h1>Training</h1>", html, StringComparison.Ordinal);
        Assert.Contains("<figcaption><h2 id=\"picture-0\">Loss &lt;/script&gt; &amp; "
            + "&quot;quotes&quot;</h2></figcaption>", html, StringComparison.Ordinal);
        Assert.Contains("role=\"img\"", html, StringComparison.Ordinal);
        Assert.Contains("<details><summary>In words and numbers</summary>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tables_rows_have_as_many_cells_as_there_are_columns()
    {
        Assert.Contains("<th scope=\"col\">loss</th>",
            new Page("t").Table("Losses", ["split", "loss"], [["train", "2.1"]]).Write(Renderer.None),
            StringComparison.Ordinal);
        Assert.Equal("table 'Losses': row 1 has 1 cell for 2 columns: give one for each",
            Assert.ThrowsAny<ArgumentException>(() => new Page("t").Table("Losses", ["a", "b"], [["1", "2"], ["3"]]))
                .Message);
    }

    [GeneratedRegex("<script>(.*?)</script>")]
    private static partial Regex Script();

    [GeneratedRegex("http-equiv=\"Content-Security-Policy\" content=\"([^\"]*)\"")]
    private static partial Regex Policy();
}
