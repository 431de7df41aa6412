using System.Text;
using ChainRule.Data;

namespace ChainRule.Pictures;

/// <summary>
/// What every picture is: a title, a sentence for who cannot see it, and a standard text that says what to draw.
/// </summary>
public abstract class Picture
{
    private protected Picture(string kind, string title, string alt)
    {
        if (string.IsNullOrWhiteSpace(title)) Throw.Argument($"{kind}: it has no title: give it one");
        (Title, Alt) = (title, alt);
    }

    public string Title { get; }

    /// <summary>
    /// What there is to see, in words: made from the title, the axes and the numbers where none was given.
    /// </summary>
    public string Alt { get; }

    /// <summary>The picture in its standard language: Vega-Lite's JSON, Graphviz' DOT, or LaTeX.</summary>
    public abstract string Text { get; }

    /// <summary>The numbers behind the picture.</summary>
    internal virtual IReadOnlyList<DataTable> Tables => [];

    /// <summary>
    /// Writes the text alone, as .vl.json, .dot or .tex, for any tool that knows the language; the folder is made where
    /// it is not there.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written; if there was one, it is as it was.</exception>
    public void Save(string path) => Write("picture", path, Text);

    internal static string Write(string asked, string path, string text)
    {
        if (string.IsNullOrEmpty(path)) Throw.Argument($"{asked}: the path is empty: name a file");
        string full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        AtomicFile.Write(asked, full, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
        return full;
    }
}
