using System.Text.RegularExpressions;

namespace House.Tests;

/// <summary>A Markdown page: its blocks of code and its links.</summary>
static partial class Page
{
    /// <summary>The text of a page of the repository, with the line ends of this source.</summary>
    public static string Read(string path) => File.ReadAllText(Repository.PathOf(path)).ReplaceLineEndings("\n");

    /// <summary>Each fenced block: its language, its text, and where it begins.</summary>
    public static IEnumerable<(string Language, string Text, int Index)> Blocks(string page) =>
        Block().Matches(page).Select(m => (m.Groups[1].Value, m.Groups[2].Value, m.Index));

    /// <summary>The page with something else in place of its blocks.</summary>
    public static string WithoutBlocks(string page) => Block().Replace(page, "\n");

    /// <summary>The links of the page at that path that stay in the repository and lead nowhere.</summary>
    public static IEnumerable<string> DeadLinks(string path, string page) =>
        from link in Link().Matches(WithoutBlocks(page))
        let to = link.Groups[1].Value.Split('#')[0]
        where to.Length > 0 && !to.Contains("://", StringComparison.Ordinal)
        where !Repository.Has(Path.Combine(Path.GetDirectoryName(path)!, to))
        select to;

    /// <summary>Without the spaces at line ends and the empty lines around it, which a page does not show.</summary>
    public static string Tidied(string text) =>
        string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())).Trim('\n');

    [GeneratedRegex(@"^```(\w*)[^\n]*\n(.*?)^```\s*$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
