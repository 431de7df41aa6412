namespace ChainRule.Pictures;

/// <summary>
/// The scripts and styles that draw each kind of picture: chart, graph, formula. A page carries those it needs.
/// </summary>
sealed class Renderer(Func<string, string?> read)
{
    /// <summary>What was built into this assembly.</summary>
    public static Renderer BuiltIn { get; } = new(Resources.Text);

    /// <summary>A page that was written where nothing can draw.</summary>
    public static Renderer None { get; } = new(_ => null);

    public string? Script(string kind) => read(kind + ".js");

    public string Style(string kind) => read(kind + ".css") ?? "";
}
