using System.Text.Json;
using ChainRule.Lab.Playground;
using ChainRule.Tests;

namespace ChainRule.Cli.Tests;

/// <summary>Runs that the playground saved, in commands that read runs.</summary>
public sealed class PlaygroundCommandsTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Two_are_compared_by_settings_and_losses()
    {
        string first = Saved("a", """{"type":"step","steps":20}""");
        string second = Saved("b", """{"type":"configure","settings":{"learningRate":0.1}}""",
            """{"type":"step","steps":20}""");
        var (a, b) = (PlaygroundRun.Load(first), PlaygroundRun.Load(second));
        string[] lines = Run("compare", first, second).Well().Lines;
        Assert.Equal("learningRate    0.03                        0.1", lines[1]);
        Assert.Equal(FormattableString.Invariant(
            $"training loss   {a.Curve[^1].Train,-28:0.0000}{b.Curve[^1].Train:0.0000}"), lines[2]);
        Assert.Equal("parameters      105                         105", lines[4]);
        Assert.StartsWith("One thing was changed, learningRate:", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void One_is_exported()
    {
        string run = Saved("a", """{"type":"step","steps":3}""");
        Assert.Contains(Run("export", run, "--to", "onnx").Well().Lines,
            line => line.Contains("operators", StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(run, "model.onnx")));
        Run("export", run, "--to", "tensorboard").Well();
        Assert.Single(Directory.GetFiles(Path.Combine(run, "tensorboard"), "events.out.tfevents.*"));
        Assert.Contains("was saved in the lab's playground, where 'Export programs' writes the program in C#",
            Run("export", run, "--to", "csharp").Refused(1), StringComparison.Ordinal);
    }

    string Saved(string below, params string[] requests)
    {
        string runs = _folder.PathOf(below);
        Directory.CreateDirectory(runs);
        using var session = new PlaygroundSession(runs);
        foreach (string request in (string[])[.. requests, """{"type":"save"}"""])
            session.Answer(System.Text.Encoding.UTF8.GetBytes(request));
        return Directory.GetDirectories(runs).Single();
    }

    Ended Run(params string[] args) => CommandLine.Run(_folder.Path, args);
}
