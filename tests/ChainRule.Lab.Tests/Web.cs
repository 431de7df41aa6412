namespace ChainRule.Lab.Tests;

/// <summary>Where the page's sources are.</summary>
static class Web
{
    public static string Root { get; } = FindRoot();

    static string FindRoot()
    {
        for (var above = new DirectoryInfo(AppContext.BaseDirectory); above is not null; above = above.Parent)
            if (File.Exists(Path.Combine(above.FullName, "ChainRule.slnx"))) return above.FullName;
        throw new DirectoryNotFoundException("these tests run from a checkout");
    }
}
