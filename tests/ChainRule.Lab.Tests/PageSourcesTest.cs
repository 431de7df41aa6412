using System.Diagnostics;
using ChainRule.Lab.Server;

namespace ChainRule.Lab.Tests;

/// <summary>The page's own checks: types, rules, unit tests. Skipped where the build had no Node.js.</summary>
public sealed class PageSourcesTest
{
    public static string? Missing { get; } = LabServer.Missing;

    [NodeTheory]
    [InlineData("node_modules/typescript/bin/tsc", "--noEmit")]
    [InlineData("node_modules/eslint/bin/eslint.js", ".")]
    [InlineData("node_modules/vitest/vitest.mjs", "run")]
    public async Task The_page_passes(string program, string argument)
    {
        var start = new ProcessStartInfo("node", [program, argument])
        {
            WorkingDirectory = Path.Combine(Web.Root, "web"), RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (said, failed) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await said + await failed);
    }
}

/// <summary>A theory that needs Node.js.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeTheoryAttribute : TheoryAttribute
{
    public NodeTheoryAttribute() => Skip = PageSourcesTest.Missing;
}
