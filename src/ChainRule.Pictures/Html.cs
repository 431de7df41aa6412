using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace ChainRule.Pictures;

/// <summary>The parts of a page as HTML.</summary>
static class Html
{
    /// <summary>Rows of a table that a page shows.</summary>
    public const int MostRows = 200;

    public static string Text(string text) => WebUtility.HtmlEncode(text);

    /// <summary>Paragraphs, parted by empty lines; what stands between backticks is code.</summary>
    public static string Prose(string text)
    {
        var html = new StringBuilder();
        foreach (string paragraph in text.ReplaceLineEndings("\n").Split("\n\n",
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] parts = paragraph.Split('`');
            html.Append("<p>");
            for (int i = 0; i < parts.Length; i++)
            {
                bool code = i % 2 == 1 && i < parts.Length - 1;
                html.Append(code ? $"<code>{Text(parts[i])}</code>" : (i % 2 == 1 ? "`" : "") + Text(parts[i]));
            }
            html.Append("</p>\n");
        }
        return html.ToString();
    }

    /// <param name="drawn">Whether the page has the script that draws this kind of picture.</param>
    /// <param name="heading">The element of its title: h3 under the heading of a section.</param>
    public static string Figure(Picture picture, int number, bool drawn, string heading = "h2")
    {
        string id = $"picture-{number}";
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"<figure class=\"{Kind(picture)}\" aria-labelledby=\"{id}\">\n");
        html.Append(CultureInfo.InvariantCulture,
            $"<figcaption><{heading} id=\"{id}\">{Text(picture.Title)}</{heading}></figcaption>\n");
        if (drawn)
        {
            html.Append("<noscript><p class=\"lack\">Scripts are switched off: here is what would be drawn, in "
                + "words.</p></noscript>\n");
            html.Append(picture is Formula formula ? Derivation(formula)
                : $"<div class=\"drawing\" role=\"img\" aria-label=\"{Text(picture.Alt)}\" tabindex=\"0\"></div>\n");
            if (picture is not Formula)
                html.Append(CultureInfo.InvariantCulture,
                    $"<script type=\"application/json\">{Data(picture)}</script>\n");
        }
        if (picture.Tables.Count > 0)
            html.Append(Details("In words and numbers",
                $"<p>{Text(picture.Alt)}</p>\n" + string.Concat(picture.Tables.Select(Table)), open: !drawn));
        // Without a drawing the text is the picture; a chart's would repeat its table.
        if (!drawn && picture is not Chart || picture.Tables.Count == 0)
            html.Append(Details($"The text, in {Language(picture)}", $"<pre>{Text(picture.Text)}</pre>\n",
                open: !drawn));
        return html.Append("</figure>\n").ToString();
    }

    public static string Kind(Picture picture) => picture switch { Chart => "chart", Graph => "graph", _ => "formula" };

    public static string Table(DataTable table)
    {
        int shown = Math.Min(table.Count, MostRows);
        string title = Text(table.Title);
        var html = new StringBuilder("<div class=\"wide\" tabindex=\"0\" role=\"region\" "
            + $"aria-label=\"{title}\"><table>\n<caption>{title}</caption>\n<thead><tr>");
        foreach (string column in table.Columns) html.Append("<th scope=\"col\">").Append(Text(column)).Append("</th>");
        html.Append("</tr></thead>\n<tbody>\n");
        for (int i = 0; i < shown; i++)
        {
            html.Append("<tr>");
            foreach (string cell in table.Row(i))
                html.Append(IsNumber(cell) ? "<td class=\"n\">" : "<td>").Append(Text(cell)).Append("</td>");
            html.Append("</tr>\n");
        }
        html.Append("</tbody>\n</table></div>\n");
        if (shown < table.Count)
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"cut\">The first {shown:#,0} of {table.Count:#,0} "
                + $"rows; the rest is left out of this table.</p>\n");
        return html.ToString();
    }

    /// <summary>Small images, enlarged to about a hundred pixels by whole squares; those that belong together wrap as
    /// one.</summary>
    public static string Images(string title, IReadOnlyList<Raster> images, int together, string heading)
    {
        var html = new StringBuilder($"<div class=\"images\"><{heading}>{Text(title)}</{heading}>\n"
            + "<div class=\"rasters\">\n");
        foreach (var group in images.Chunk(together))
        {
            html.Append("<div class=\"together\">");
            foreach (var image in group) html.Append(Image(image));
            html.Append("</div>\n");
        }
        return html.Append("</div></div>\n").ToString();
    }

    static string Image(Raster image)
    {
        const int Side = 96;
        int scale = Math.Max(1, Side / Math.Max(image.Width, image.Height));
        string caption = Text(image.Caption), file = Convert.ToBase64String(image.Bytes());
        return FormattableString.Invariant($"<div><img alt=\"{caption}\" width=\"{scale * image.Width}\" ")
            + FormattableString.Invariant($"height=\"{scale * image.Height}\" src=\"data:image/png;base64,{file}\">")
            + $"<p>{caption}</p></div>";
    }

    static string Derivation(Formula formula)
    {
        var html = new StringBuilder("<div class=\"steps\">\n");
        foreach (var (latex, because) in formula.Steps)
        {
            html.Append("<div class=\"step\"><div class=\"tex\" tabindex=\"0\">").Append(Text(latex)).Append("</div>");
            if (because.Length > 0) html.Append("<p class=\"because\">").Append(Text(because)).Append("</p>");
            html.Append("</div>\n");
        }
        return html.Append("</div>\n").ToString();
    }

    static string Details(string summary, string content, bool open) =>
        $"<details{(open ? " open" : "")}><summary>{Text(summary)}</summary>\n{content}</details>\n";

    static string Data(Picture picture) =>
        Vega.WriteForPage(picture is Chart chart ? chart.Spec() : GraphData((Graph)picture));

    static JsonObject GraphData(Graph graph)
    {
        var data = new JsonObject { ["dot"] = graph.Text };
        if (graph.Steps is { } steps) data["steps"] = steps.DeepClone();
        return data;
    }

    static string Language(Picture picture) => picture switch { Chart => "Vega-Lite", Graph => "DOT", _ => "LaTeX" };

    static bool IsNumber(string cell) =>
        double.TryParse(cell.Replace('−', '-'), NumberStyles.Float | NumberStyles.AllowThousands,
            CultureInfo.InvariantCulture, out _);
}
