namespace Native.Tests;

/// <summary>A program of this repository, compiled ahead of time without a warning.</summary>
static class NativeProgram
{
    /// <summary>Publishes the program of a folder of tests into another folder; the test is skipped where that cannot
    /// be done.</summary>
    /// <returns>The native program, and the same under the just-in-time compiler.</returns>
    public static (string Native, string Managed) Publish(string name, string to)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "this test publishes for Linux");
        string? linker = new[] { "clang", "gcc" }.FirstOrDefault(IsThere);
        Skip.If(linker is null, "no linker: install clang or gcc, and zlib1g-dev");
        string project = Path.Combine(Shell.Root, "tests", name);
        var published = Shell.Run("dotnet", project, [], "publish", "-c", "Release", "-o", to,
            $"-p:CppCompilerAndLinker={linker}", "-p:NoWarn=NETSDK1188%3BCS1591");
        Skip.If(published.Output.Contains("ILCompiler", StringComparison.Ordinal)
            && published.Output.Contains("error NU", StringComparison.Ordinal),
            "the ahead-of-time compiler cannot be restored from NuGet here");
        Assert.True(published.Code == 0, published.Output);
        Assert.DoesNotContain("warning", published.Output, StringComparison.Ordinal);
        return (Path.Combine(to, name), Path.Combine(project, "bin", "Release", "net10.0",
            System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier, $"{name}.dll"));
    }

    static bool IsThere(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, tool)));
}
