using System.Security.Cryptography;
using System.Text;

namespace ChainRule.Pictures;

/// <summary>
/// Prose, pictures and tables in one HTML file that needs nothing else: it opens offline in any browser, in light and
/// dark, on a phone and on paper, and it forbids itself the network. Where this library was built without Node it has
/// no scripts to draw with: the page says so and shows numbers and texts.
/// <code>
/// new Page("Training").Add("The loss falls.")
///     .Add(Chart.Line("Loss", "step", "loss", [new Series("train", losses)]))
///     .Save("pictures/loss.html");
/// </code>
/// </summary>
public sealed class Page
{
    readonly string _title;
    readonly List<(string Html, Picture? Picture)> _parts = [];
    bool _sections;

    public Page(string title)
    {
        if (string.IsNullOrWhiteSpace(title)) Throw.Argument("page: it has no title: give it one");
        _title = title;
    }

    /// <summary>Paragraphs of prose, parted by empty lines; what stands between `backticks` is code.</summary>
    public Page Add(string prose)
    {
        _parts.Add((Html.Prose(prose), null));
        return this;
    }

    /// <summary>A heading, under which what follows stands up to the next.</summary>
    public Page Section(string title)
    {
        if (string.IsNullOrWhiteSpace(title)) Throw.Argument("page: a section has no title: give it one");
        _parts.Add(($"<h2 class=\"section\">{Html.Text(title)}</h2>\n", null));
        _sections = true;
        return this;
    }

    public Page Add(Picture picture)
    {
        _parts.Add(("", picture));
        return this;
    }

    /// <summary>A table of words and numbers; of very many rows the first are shown, and a sentence says so.</summary>
    /// <exception cref="ArgumentException">A row has not as many cells as there are columns.</exception>
    public Page Table(string title, IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        if (columns.Count == 0) Throw.Argument($"table '{title}': there is no column: give at least one");
        foreach (var (i, row) in rows.Index())
        {
            if (row.Count != columns.Count)
                Throw.Argument($"table '{title}': row {i} has {Words.Count(row.Count, "cell")} for "
                    + $"{Words.Count(columns.Count, "column")}: give one for each");
        }
        _parts.Add((Html.Table(new(title, columns, rows.Count, i => rows[i])), null));
        return this;
    }

    /// <summary>Small images side by side, with their captions, in rows as wide as the page.</summary>
    /// <param name="title">What they are.</param>
    /// <param name="images">The images.</param>
    /// <param name="together">How many in a row belong together, such as an image and its maps: a row is broken between
    /// such groups.</param>
    /// <exception cref="ArgumentException">There is no image, or fewer than one are to stand together.</exception>
    public Page Images(string title, IReadOnlyList<Raster> images, int together = 1)
    {
        if (images.Count == 0) Throw.Argument($"images '{title}': there is none: give at least one");
        if (together < 1) Throw.Argument($"images '{title}': {together} together: give 1 or more");
        _parts.Add((Html.Images(title, images, together, _sections ? "h3" : "h2"), null));
        return this;
    }

    /// <summary>Writes the page, whole or not at all; the folder is made where it is not there.</summary>
    /// <returns>Where it stands, in full.</returns>
    /// <exception cref="IOException">The file cannot be written; if there was one, it is as it was.</exception>
    public string Save(string path) => Picture.Write("page", path, Write(Renderer.BuiltIn));

    internal string Write(Renderer renderer)
    {
        string[] kinds = [.. _parts.Select(part => part.Picture).OfType<Picture>().Select(Html.Kind).Distinct()];
        var body = new StringBuilder();
        foreach (var (i, (html, picture)) in _parts.Index())
            body.Append(picture is null ? html
                : Html.Figure(picture, i, renderer.Script(Html.Kind(picture)) is not null, _sections ? "h3" : "h2"));
        string[] lacking = [.. kinds.Where(kind => renderer.Script(kind) is null)];
        string[] scripts = [.. kinds.Select(renderer.Script).OfType<string>()];

        var page = new StringBuilder("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        page.Append("<meta http-equiv=\"Content-Security-Policy\" content=\"").Append(Policy(scripts)).Append("\">\n");
        page.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta "
            + "name=\"color-scheme\" content=\"light dark\">\n");
        page.Append("<meta name=\"generator\" content=\"ChainRule\">\n<title>").Append(Html.Text(_title))
            .Append("</title>\n");
        page.Append("<style>\n").Append(Theme.Css()).Append(Resources.Text("page.css"));
        foreach (string kind in kinds) page.Append(renderer.Style(kind));
        page.Append("</style>\n</head>\n<body>\n<main>\n<h1>").Append(Html.Text(_title)).Append("</h1>\n");
        if (lacking.Length > 0)
        {
            page.Append("<p class=\"lack\">This page shows numbers and texts in the place of drawings: the library "
                + "that wrote it was built without Node.js, ")
                .Append("and so without the scripts that draw (")
                .Append(string.Join(", ", lacking.Select(kind => kind + "s"))).Append("). ")
                .Append("Build it again where Node.js is installed, and write the page once more.</p>\n");
        }
        page.Append(body).Append("</main>\n");
        foreach (string script in scripts) page.Append("<script>").Append(script).Append("</script>\n");
        return page.Append("</body>\n</html>\n").ToString();
    }

    // Nothing from anywhere: only the scripts that are in the page, each known by its fingerprint. DOT
    // is drawn by WebAssembly.
    static string Policy(string[] scripts)
    {
        string allowed = scripts.Length == 0 ? "'none'"
            : string.Join(' ',
                scripts.Select(
                    script => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}'"))
                        + " 'wasm-unsafe-eval'";
        return $"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; font-src data:; "
            + "form-action 'none'; base-uri 'none'";
    }
}
