using System.Globalization;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tables;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Bench;

/// <summary>What it costs to record the layers of a run, <c>layers.jsonl</c>.</summary>
/// <param name="Name">What was trained.</param>
/// <param name="Ratio">The time of a run that records, divided by that of one that does not: the median of the
/// pairs.</param>
/// <param name="Fraction">The time that recording took inside of the runs, as a fraction of that of their steps: the
/// median.</param>
sealed record RecordingCost(string Name, double Ratio, double Fraction);

/// <summary>
/// Trains small networks with and without recording, in turns: each pair is two runs of the same seed, one after the
/// other, and which is first alternates.
/// </summary>
static class Recording
{
    /// <summary>What is trained, and for how many steps: few of them are the worst case.</summary>
    public static IReadOnlyList<(TaskKind Kind, string Model, int Steps)> Cases { get; } =
    [
        (TaskKind.Names, "bigram", 5000), (TaskKind.Names, "mlp", 2000), (TaskKind.Table, "dense", 2000),
        (TaskKind.Table, "dense", 200), (TaskKind.Table, "dense", 40), (TaskKind.Images, "dense", 300),
        (TaskKind.Images, "lenet", 200), (TaskKind.Sequences, "gru", 300),
    ];

    /// <summary>Measures each case, and writes a table in Markdown.</summary>
    public static void Run(int rounds, TextWriter output)
    {
        output.WriteLine("| network | steps | with recording, without = 1 | recording, of the steps' time |");
        output.WriteLine("|---|---|---|---|");
        foreach (var (kind, model, steps) in Cases)
        {
            var cost = Measure(kind, model, steps, rounds);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {cost.Name} | {steps:N0} | {cost.Ratio:0.000} | {100 * cost.Fraction:0.00} % |"));
        }
    }

    /// <summary>Measures one case.</summary>
    public static RecordingCost Measure(TaskKind kind, string model, int steps, int rounds)
    {
        var config = RunConfig.For(kind, model) with { Steps = steps };
        if (kind == TaskKind.Table)
            config = config with { Options = new TableOptions(Drawn: TableDrawing.Moons),
                Training = config.Training with { Patience = null } };
        Train(config, true); // compiled
        List<double> ratios = [], fractions = [];
        for (int i = 0; i < rounds; i++)
        {
            var first = Train(config, i % 2 == 0);
            var second = Train(config, i % 2 != 0);
            var (with, without) = i % 2 == 0 ? (first, second) : (second, first);
            ratios.Add((with.Steps + with.Recording) / without.Steps);
            fractions.Add(with.Recording / with.Steps);
        }
        return new($"{TrainingTask.Of(kind).Name} {model}", Line.Median(ratios), Line.Median(fractions));
    }

    static (double Steps, double Recording) Train(RunConfig config, bool records)
    {
        string folder = Path.Combine(Path.GetTempPath(), $"chainrule-{Guid.NewGuid():N}");
        try
        {
            var run = TrainingRun.Start(folder, config);
            run.Layers.IsOn = records;
            run.Train();
            return (run.Trainer.TrainingTime.TotalSeconds, run.Layers.Spent.TotalSeconds);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
