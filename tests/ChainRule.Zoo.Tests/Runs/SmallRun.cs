using ChainRule.Tests;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tests.Runs;

/// <summary>
/// Runs of sixty steps on two hundred names, or on the text that their file is, each in a folder of a test's own.
/// </summary>
sealed class SmallRun : IDisposable
{
    public const int Steps = 60;

    // Sizes of models that would take long at their own.
    static readonly Dictionary<string, ModelOptions> s_tiny = new()
    {
        ["gpt"] = new GptOptions(Context: 8, Width: 8, Layers: 1, Heads: 2, Dropout: 0.1),
        ["lstm"] = new RecurrentModelOptions(Context: 8, Width: 4, Hidden: 8, Dropout: 0.1),
    };

    readonly TemporaryFolder _folder = new();

    public SmallRun() => Data = _folder.Write("names.txt", string.Join('\n', Names.Embedded().All.Take(200)));

    /// <summary>The file of names.</summary>
    public string Data { get; }

    public string PathOf(string name) => _folder.PathOf(name);

    public TrainingRun Start(string name, ulong seed = 42, string model = "mlp", int steps = Steps,
        TaskKind kind = TaskKind.Names) =>
        TrainingRun.Start(PathOf(name), Config(seed, model, steps, kind));

    /// <summary>What such a run is started with.</summary>
    public RunConfig Config(ulong seed = 42, string model = "mlp", int steps = Steps,
        TaskKind kind = TaskKind.Names)
    {
        var config = RunConfig.For(kind, model);
        return config with { Data = Data, Seed = seed, Steps = steps,
            Sizes = s_tiny.GetValueOrDefault(model) ?? config.Sizes };
    }

    /// <summary>Started, trained to the end and finished: the folder.</summary>
    public string Whole(string name, ulong seed = 42, string model = "mlp", TaskKind kind = TaskKind.Names)
    {
        var run = Start(name, seed, model, kind: kind);
        run.Train();
        run.Finish();
        return PathOf(name);
    }

    /// <summary>Started and stopped after so many steps: the folder.</summary>
    public string Stopped(string name, int at, string model = "mlp", TaskKind kind = TaskKind.Names)
    {
        Stop(Start(name, model: model, kind: kind), at);
        return PathOf(name);
    }

    /// <summary>Trains a run until so many steps are made, and cancels it there.</summary>
    public static void Stop(TrainingRun run, int at)
    {
        using var stop = new CancellationTokenSource();
        if (at == run.Trainer.Step) stop.Cancel();
        run.Trainer.Stepped += (step, _) =>
        {
            if (step == at) stop.Cancel();
        };
        run.Train(cancellationToken: stop.Token);
    }

    /// <summary>Every file of a folder but those that hold times, by name.</summary>
    public static IReadOnlyDictionary<string, byte[]> Bits(string folder) =>
        Directory.GetFiles(folder, "*.safetensors").ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes);

    /// <summary>All content of a folder, to see that nothing was touched.</summary>
    public static string[] Everything(string folder) =>
        [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => $"{path} {Convert.ToHexString(File.ReadAllBytes(path))}")];

    public void Dispose() => _folder.Dispose();
}
