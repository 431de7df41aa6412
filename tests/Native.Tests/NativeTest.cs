using System.Globalization;
using System.Runtime.InteropServices;
using ChainRule.Tests;
using Xunit.Abstractions;

namespace Native.Tests;

/// <summary>
/// A program with a module of its own is compiled ahead of time, without a warning, and says what it says under the
/// just-in-time compiler.
/// </summary>
public sealed class NativeTest(ITestOutputHelper output)
{
    static readonly string s_sample = Path.Combine(Shell.Root, "tests", "Native.Sample");

    [SkippableFact]
    public void A_module_of_a_users_own_trains_and_is_saved_in_a_native_program()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "this test publishes for Linux");
        string? linker = new[] { "clang", "gcc" }.FirstOrDefault(IsThere);
        Skip.If(linker is null, "no linker: install clang or gcc, and zlib1g-dev");
        using var folder = new TemporaryFolder();
        var published = Shell.Run("dotnet", s_sample, [], "publish", "-c", "Release", "-o", folder.Path,
            $"-p:CppCompilerAndLinker={linker}", "-p:NoWarn=NETSDK1188%3BCS1591");
        Skip.If(published.Output.Contains("ILCompiler", StringComparison.Ordinal)
            && published.Output.Contains("error NU", StringComparison.Ordinal),
            "the ahead-of-time compiler cannot be restored from NuGet here");
        Assert.True(published.Code == 0, published.Output);
        Assert.DoesNotContain("warning", published.Output, StringComparison.Ordinal);

        Assert.InRange(new FileInfo(folder.PathOf("Native.Sample")).Length, 1, 12 << 20);

        var native = Shell.Run(folder.PathOf("Native.Sample"), folder.Path, [], folder.Path);
        Assert.Equal("""
            6 parameters and buffers: zoom.0.0 count hidden.weight hidden.bias heads.xor.0.weight heads.xor.0.bias
            0 1 1 0
            6 12, 0.25 4
            read back the same
            refused: forward of Lost
            """, native.Output.Trim());
        Assert.Equal(0, native.Code);
        string assembly = Path.Combine(s_sample, "bin", "Release", "net10.0", RuntimeInformation.RuntimeIdentifier,
            "Native.Sample.dll");
        Assert.Equal(native.Output, Shell.Run("dotnet", folder.Path, [], assembly, folder.Path).Output);

        // Processor time, which other programs on the machine hardly change.
        double[] starts = [.. Enumerable.Range(0, 7).Select(_ => double.Parse(
            Shell.Complaint(folder.PathOf("Native.Sample"), folder.Path, folder.Path), CultureInfo.InvariantCulture))];
        output.WriteLine($"ms until the first line: {string.Join(' ', starts)}");
        Assert.InRange(starts.Order().ElementAt(3), 0, 30);
    }

    static bool IsThere(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, tool)));
}
