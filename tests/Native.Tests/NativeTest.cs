using System.Globalization;
using ChainRule.Tests;
using Xunit.Abstractions;

namespace Native.Tests;

/// <summary>
/// A program with a module of its own is compiled ahead of time, without a warning, and says what it says under the
/// just-in-time compiler.
/// </summary>
[Collection(nameof(NativeProgram))]
public sealed class NativeTest(ITestOutputHelper output)
{
    [SkippableFact]
    public void A_module_of_a_users_own_trains_and_is_saved_in_a_native_program()
    {
        using var folder = new TemporaryFolder();
        var (program, assembly) = NativeProgram.Publish("Native.Sample", folder.Path);
        Assert.InRange(new FileInfo(program).Length, 1, 12 << 20);

        var native = Shell.Run(program, folder.Path, [], folder.Path);
        Assert.Equal("""
            6 parameters and buffers: zoom.0.0 count hidden.weight hidden.bias heads.xor.0.weight heads.xor.0.bias
            0 1 1 0
            6 12, 0.25 4
            read back the same
            refused: forward of Lost
            """, native.Output.Trim());
        Assert.Equal(0, native.Code);
        Assert.Equal(native.Output, Shell.Run("dotnet", folder.Path, [], assembly, folder.Path).Output);

        // Processor time, which other programs on the machine hardly change.
        double[] starts = [.. Enumerable.Range(0, 7).Select(_ => double.Parse(
            Shell.Complaint(program, folder.Path, folder.Path), CultureInfo.InvariantCulture))];
        output.WriteLine($"ms until the first line: {string.Join(' ', starts)}");
        Assert.InRange(starts.Order().ElementAt(3), 0, 30);
    }
}
