using System.Text.RegularExpressions;
using ChainRule.Tests;

namespace Native.Tests;

/// <summary>
/// What the tool does with the zoo, compiled ahead of time: models of every task are trained, saved, read back and
/// used, and the files are those that the just-in-time compiler writes, byte for byte but for the time that was taken.
/// </summary>
[Collection(nameof(NativeProgram))]
public sealed partial class ZooTest
{
    [SkippableFact]
    public void Every_task_is_trained_by_a_native_program_into_the_same_files()
    {
        using var folder = new TemporaryFolder();
        var (program, assembly) = NativeProgram.Publish("Native.Zoo", folder.PathOf("published"));
        string native = Directory.CreateDirectory(folder.PathOf("native")).FullName,
            managed = Directory.CreateDirectory(folder.PathOf("managed")).FullName;

        var ran = Shell.Run(program, folder.Path, [], native);
        Assert.True(ran.Code == 0, ran.Output);
        var expected = Shell.Run("dotnet", folder.Path, [], assembly, managed);
        Assert.True(expected.Code == 0, expected.Output);
        Assert.Equal(expected.Output, ran.Output);

        string[] files = Names(managed);
        Assert.Equal(files, Names(native));
        foreach (string task in (string[])["Names", "Images", "Sequences", "Autoencoder", "Patterns", "Map", "Places",
            "Text", "linear", "mlp", "experiment/000-base/seed-1"]) Assert.Contains($"{task}/model.safetensors", files);
        foreach (string file in files)
        {
            string of = Path.Combine(managed, file), with = Path.Combine(native, file);
            if (file.EndsWith(".safetensors", StringComparison.Ordinal))
                Assert.True(File.ReadAllBytes(of).AsSpan().SequenceEqual(File.ReadAllBytes(with)), file);
            else Assert.Equal(WithoutTimes(of), WithoutTimes(with));
        }
    }

    static string[] Names(string folder) => [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal)];

    static string WithoutTimes(string file) => Time().Replace(File.ReadAllText(file), "$1");

    [GeneratedRegex("""("(?:seconds|secondsTraining|stepsPerSecond)": ?)[0-9.Ee+-]+""")]
    private static partial Regex Time();
}
