using System.Globalization;
using System.Text;

namespace ChainRule.Scalar;

/// <summary>
/// A directed graph in Graphviz' language, written a statement a line: all graphs of the house are. Styles are
/// attributes as they stand, such as <c>shape=box, style=rounded</c>; places are inches.
/// </summary>
sealed class DotText
{
    readonly StringBuilder _text = new("digraph {\n");

    /// <param name="settings">Attributes of the whole graph, such as <c>rankdir=LR</c>.</param>
    public DotText(params ReadOnlySpan<string> settings)
    {
        foreach (string setting in settings) Line(setting);
    }

    /// <summary>A node with a text; if the label is null, its name is shown.</summary>
    public void Node(string name, string? label, string style = "", (double X, double Y)? at = null) =>
        Statement(name, style, label is null ? null : Quoted(label), at);

    /// <summary>
    /// A node of several fields: texts made by <see cref="Field"/> between <c>|</c>, <c>{</c> and <c>}</c>.
    /// </summary>
    public void Record(string name, string fields, (double X, double Y)? at = null) =>
        Statement(name, "shape=record", $"\"{fields}\"", at);

    public void Arrow(string from, string to, string style = "") =>
        Line($"{from} -> {to}{(style.Length == 0 ? "" : $" [{style}]")}");

    public override string ToString() => $"{_text}}}\n";

    /// <summary>A text as a name or a value of an attribute.</summary>
    public static string Quoted(string text) => $"\"{Escaped(text, "\\\"")}\"";

    /// <summary>
    /// A text as a field of a record, where | { } &lt; &gt; and the space have meanings of their own.
    /// </summary>
    public static string Field(string text) => Escaped(text, "\\\"|{}<> ");

    void Statement(string name, string style, string? label, (double X, double Y)? at)
    {
        string?[] attributes =
        [
            style.Length == 0 ? null : style, label is null ? null : $"label={label}",
            at is null ? null : $"pos=\"{Inches(at.Value.X)},{Inches(at.Value.Y)}!\"",
        ];
        Line($"{name} [{string.Join(", ", attributes.Where(attribute => attribute is not null))}]");
    }

    void Line(string statement) => _text.Append("  ").Append(statement).Append(";\n");

    static string Inches(double x) =>
        x.ToString("0.##", CultureInfo.InvariantCulture) is var text and not "-0" ? text : "0";

    static string Escaped(string text, string special) => string.Concat(text.Select(c =>
        c == '\n' ? "\\n" : special.Contains(c, StringComparison.Ordinal) ? $"\\{c}" : c.ToString()));
}
