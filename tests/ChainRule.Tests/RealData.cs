namespace ChainRule.Tests;

/// <summary>
/// Where the real data sets lie: the folder CHAINRULE_DATA names, or else the nearest
/// <c>shared/data</c> above the tests.
/// </summary>
public static class RealData
{
    /// <summary>The folder, or null where there is none.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>The path of a file that a <see cref="RealDataFactAttribute"/> has made sure of.</summary>
    public static string PathOf(string file) =>
        Path.Combine(Folder ?? throw new DirectoryNotFoundException(Missing(file)), file);

    /// <summary>The names of names.txt, in the file's order.</summary>
    public static string[] Names() => File.ReadAllLines(PathOf("names.txt"));

    internal static string? Missing(string file)
    {
        if (Folder is null) return $"{file} is not here: set CHAINRULE_DATA to the folder that holds it";
        return File.Exists(Path.Combine(Folder, file)) ? null : $"{file} is not in {Folder}";
    }

    static string? Find()
    {
        if (Environment.GetEnvironmentVariable("CHAINRULE_DATA") is { Length: > 0 } named)
            return Directory.Exists(named) ? named : null;
        for (var above = new DirectoryInfo(AppContext.BaseDirectory); above is not null; above = above.Parent)
        {
            string beside = Path.Combine(above.FullName, "shared", "data");
            if (Directory.Exists(beside)) return beside;
        }
        return null;
    }
}

/// <summary>A fact about a real data file; skipped, with the reason, where the file is not here.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealDataFactAttribute : FactAttribute
{
    public RealDataFactAttribute(string file)
    {
        File = file;
        Skip = RealData.Missing(file);
    }

    public string File { get; }
}

/// <summary>A theory about a real data file; skipped, with the reason, where the file is not here.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealDataTheoryAttribute : TheoryAttribute
{
    public RealDataTheoryAttribute(string file)
    {
        File = file;
        Skip = RealData.Missing(file);
    }

    public string File { get; }
}
