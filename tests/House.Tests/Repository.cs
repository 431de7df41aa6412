namespace House.Tests;

/// <summary>The source tree that these tests were built from.</summary>
static class Repository
{
    static readonly string[] s_made = ["bin", "obj", "node_modules", ".git", "TestResults", "runs", "dist"];
    static readonly string[] s_written = [".cs", ".md", ".py", ".ts", ".sh", ".csproj", ".props", ".yml", ".dot",
        ".html", ".css"];

    /// <summary>The folder that holds ChainRule.slnx.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every text file that a person writes, the build's outputs aside.</summary>
    public static IReadOnlyList<SourceFile> Files { get; } = [.. Walk(Root).Order(StringComparer.Ordinal).Select(Read)];

    /// <summary>The C# of src.</summary>
    public static IReadOnlyList<SourceFile> Source { get; } =
        [.. Files.Where(f => f.IsCSharp && f.Path.StartsWith("src/", StringComparison.Ordinal))];

    /// <summary>The C# of the library.</summary>
    public static IReadOnlyList<SourceFile> Library { get; } = [.. Source.Where(f => f.IsLibrary)];

    /// <summary>A path from the root, as the file system says it.</summary>
    public static string PathOf(string path) => Path.Combine(Root, path);

    public static bool Has(string path) => File.Exists(PathOf(path)) || Directory.Exists(PathOf(path));

    static SourceFile Read(string path) =>
        new(Path.GetRelativePath(Root, path).Replace('\\', '/'), File.ReadAllText(path));

    static IEnumerable<string> Walk(string folder) =>
        Directory.EnumerateFiles(folder).Where(f => s_written.Contains(Path.GetExtension(f)))
            .Concat(Directory.EnumerateDirectories(folder).Where(d => !s_made.Contains(Path.GetFileName(d)))
                .SelectMany(Walk));

    static string FindRoot()
    {
        for (var above = new DirectoryInfo(AppContext.BaseDirectory); above is not null; above = above.Parent)
            if (File.Exists(Path.Combine(above.FullName, "ChainRule.slnx"))) return above.FullName;
        throw new DirectoryNotFoundException(
            $"no folder above {AppContext.BaseDirectory} holds ChainRule.slnx: run these tests from a checkout");
    }
}
