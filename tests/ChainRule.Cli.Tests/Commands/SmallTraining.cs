using ChainRule.Tests;
using ChainRule.Zoo.Datasets;

namespace ChainRule.Cli.Tests.Commands;

/// <summary>A folder with a short file of names, and trainings in it.</summary>
public sealed class SmallTraining : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public SmallTraining() => _folder.Write("few.txt", string.Join('\n', Names.Embedded().All.Take(300)));

    public string Path => _folder.Path;

    public string PathOf(string name) => _folder.PathOf(name);

    public string[] Command(string run, int steps, params string[] more) =>
        ["train", "names", "--data", "few.txt", "--steps", $"{steps}", "--out", run, .. more];

    /// <summary>Trains from beginning to end.</summary>
    internal Ended Train(string run, int steps, params string[] more) => Run(Command(run, steps, more)).Well();

    internal Ended Run(params string[] args) => CommandLine.Run(Path, args);

    /// <summary>The bytes of a run that do not depend on time.</summary>
    public (byte[] Model, byte[] Last) Bits(string run) =>
        (File.ReadAllBytes(PathOf($"{run}/model.safetensors")), File.ReadAllBytes(PathOf($"{run}/last.safetensors")));

    public void AssertSameBits(string a, string b)
    {
        Assert.Equal(Bits(a).Model, Bits(b).Model);
        Assert.Equal(Bits(a).Last, Bits(b).Last);
    }

    public void Dispose() => _folder.Dispose();
}
