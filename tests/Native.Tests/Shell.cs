using System.Diagnostics;

namespace Native.Tests;

/// <summary>Programs that run beside the tests, and where the repository stands.</summary>
static class Shell
{
    public static string Root { get; } = Find();

    /// <summary>Runs a program to its end, with variables set besides; what it complained of only if it failed.
    /// </summary>
    public static (int Code, string Output) Run(string program, string folder, (string Name, string Value)[] variables,
        params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in variables) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        return (process.ExitCode, process.ExitCode == 0 ? said.Result : said.Result + complained.Result);
    }

    /// <summary>What a program that ends well said on its error stream.</summary>
    public static string Complaint(string program, string folder, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
            { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, said.Result + complained.Result);
        return complained.Result;
    }

    static string Find()
    {
        for (var above = new DirectoryInfo(AppContext.BaseDirectory); above is not null; above = above.Parent)
            if (File.Exists(Path.Combine(above.FullName, "ChainRule.slnx"))) return above.FullName;
        throw new DirectoryNotFoundException(
            $"no folder above {AppContext.BaseDirectory} holds ChainRule.slnx: run these tests from a checkout");
    }
}
