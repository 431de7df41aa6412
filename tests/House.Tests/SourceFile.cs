using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace House.Tests;

/// <summary>One file of the repository, by its path from the root, with <c>/</c> between folders.</summary>
sealed class SourceFile(string path, string text)
{
    // Preview takes in what the SDK's own compiler calls the latest version.
    public static readonly CSharpParseOptions Language = new(LanguageVersion.Preview);

    // The tests run side by side, and a compilation knows its trees by reference: each file has
    // one, whoever asks first.
    readonly Lazy<SyntaxTree> _tree = new(() => CSharpSyntaxTree.ParseText(text, Language, path));

    public string Path => path;

    public string Text => text;

    public string[] Lines { get; } = text.TrimEnd('\n').Split('\n');

    /// <summary>The lines but those that a lesson ends with: what it is expected to print.</summary>
    public string[] Written => path.StartsWith("lessons/", StringComparison.Ordinal)
        ? [.. Lines.TakeWhile(line => line != "// expected:")] : Lines;

    public SyntaxTree Tree => _tree.Value;

    public string Name => System.IO.Path.GetFileNameWithoutExtension(path);

    /// <summary>The project's folder: <c>ChainRule</c> of <c>src/ChainRule/Ops/Map.cs</c>.</summary>
    public string Project => Part(1);

    /// <summary>
    /// The room of the library it stands in: <c>Ops</c> of <c>src/ChainRule/Ops/Map.cs</c>; empty elsewhere.
    /// </summary>
    public string Room => RoomOf(path);

    public bool IsCSharp => path.EndsWith(".cs", StringComparison.Ordinal);

    public bool IsLibrary => path.StartsWith("src/ChainRule/", StringComparison.Ordinal);

    public static string RoomOf(string path) =>
        path.Split('/') is ["src", "ChainRule", var room, _, ..] ? room : "";

    public IEnumerable<T> All<T>() where T : SyntaxNode => Tree.GetRoot().DescendantNodes().OfType<T>();

    public Finding At(SyntaxNode node, string rule, string remedy) => At(node.GetLocation(), rule, remedy);

    public Finding At(Location place, string rule, string remedy) =>
        At(place.GetLineSpan().StartLinePosition.Line + 1, rule, remedy);

    public Finding At(int line, string rule, string remedy) => new(path, line, rule, remedy);

    string Part(int index) => path.Split('/') is var parts && index < parts.Length - 1 ? parts[index] : "";
}
