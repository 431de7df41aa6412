namespace ChainRule.Pictures.Tests;

public sealed class HtmlTest
{
    [Fact]
    public void Empty_lines_part_paragraphs_and_backticks_mark_code() =>
        Assert.Equal("<p>A &lt;b&gt; and <code>x &amp; y</code>.</p>\n<p>An `open one.</p>\n",
            Html.Prose("A <b> and `x & y`.\n\nAn `open one."));

    [Fact]
    public void A_long_table_is_cut_and_says_so()
    {
        var asked = new List<int>();
        string html = Html.Table(new("All", ["i"], 100_000, i =>
        {
            asked.Add(i);
            return [$"{i}"];
        }));
        Assert.Equal(Html.MostRows, asked.Count);
        Assert.Contains("<p class=\"cut\">The first 200 of 100,000 rows; the rest is left out of this table.</p>", html,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_stand_to_the_right() =>
        Assert.Contains("<td>a</td><td class=\"n\">−1.5</td>",
            Html.Table(new("T", ["name", "n"], 1, _ => ["a", "−1.5"])), StringComparison.Ordinal);
}
