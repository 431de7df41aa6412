using ChainRule.Tests;

namespace Native.Tests;

/// <summary>The tool's package as those use it who have no checkout: installed, and executed without being installed.
/// </summary>
public sealed class ToolPackageTest
{
    [Fact]
    public void The_tool_is_installed_from_its_package_and_trains_and_dnx_runs_it_too()
    {
        using var folder = new TemporaryFolder();
        string feed = folder.PathOf("feed"), home = folder.PathOf("home");
        Directory.CreateDirectory(home);
        Said("", Shell.Root, [], "dotnet", "pack", "src/ChainRule.Cli", "-c", "Release", "--no-build", "-o", feed);
        // No feed but that folder, and nothing that this user restored or installed before.
        folder.Write("NuGet.config", $"""
            <configuration>
              <packageSources><clear /><add key="new" value="{feed}" /></packageSources>
            </configuration>
            """);
        (string, string)[] own = [("HOME", home), ("DOTNET_CLI_HOME", home), ("DOTNET_NOLOGO", "1"),
            ("NUGET_PACKAGES", folder.PathOf("packages"))];

        Said("chainrule", folder.Path, own, "dotnet", "tool", "install", "ChainRule.Cli", "--tool-path", "tools");
        string tool = folder.PathOf("tools/chainrule");
        Said("0.1.0", folder.Path, own, tool, "--version");
        Trains("installed", tool);
        Trains("executed", "dotnet", "dnx", "ChainRule.Cli", "--yes", "--source", feed, "--");

        void Trains(string run, string program, params string[] before)
        {
            Said($"Saved in {run}", folder.Path, own, program,
                [.. before, "train", "names", "--model", "bigram", "--steps", "5", "--out", run]);
            Assert.True(File.Exists(folder.PathOf($"{run}/model.safetensors")));
        }
    }

    static void Said(string expected, string folder, (string, string)[] own, string program, params string[] arguments)
    {
        var (code, output) = Shell.Run(program, folder, own, arguments);
        Assert.True(code == 0, output);
        Assert.Contains(expected, output, StringComparison.Ordinal);
        Assert.DoesNotContain("warning", output, StringComparison.Ordinal);
    }
}
