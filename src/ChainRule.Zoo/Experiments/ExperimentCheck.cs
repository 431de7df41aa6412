using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Experiments;

/// <summary>
/// Finds what would stop a run of an experiment before its first step: the data of each variant is opened, and its
/// model built, once.
/// </summary>
sealed class ExperimentCheck(Experiment experiment)
{
    readonly Dictionary<(string?, DataOptions), TaskData> _opened = [];

    /// <summary>How many examples the variant that has the fewest is validated with, once it was run; null if that is
    /// not known.</summary>
    public int? FewestValidated => _opened.Values.Min(data => data.Validated);

    public void Run()
    {
        var pretrained = experiment.Pretraining is not { } first ? null : Named("pretraining", () =>
        {
            var (model, data) = Built(first, null);
            return FirstWeights.Of(Experiment.Pretrained, model, data.Preprocessing);
        });
        foreach (var variant in experiment.Variants)
            Named($"variant '{variant.Name}'", () => Built(variant.Config, pretrained));
        if (!experiment.Metric.IsKnown) CheckMetric(experiment.Variants[0].Config with { From = null });
    }

    /// <summary>What a task measures is told by a run that is stopped after its first step, in a folder that is
    /// deleted again.</summary>
    void CheckMetric(RunConfig config)
    {
        string folder = Path.Combine(Path.GetTempPath(), $"chainrule-{Guid.NewGuid():N}");
        try
        {
            var run = TrainingRun.Start(folder, config);
            using var stop = new CancellationTokenSource();
            run.Trainer.Stepped += (_, _) => stop.Cancel();
            run.Train(null, stop.Token);
            run.Finish();
            _ = experiment.Metric.Of(run.Folder);
        }
        catch (DivergedException)
        {
            // Nothing was measured: the first run tells.
        }
        finally
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }

    (Module Model, TaskData Data) Built(RunConfig config, FirstWeights? pretrained)
    {
        var task = TrainingTask.Of(config.Kind);
        config.Check();
        string? source = config.Data ?? task.FindData();
        if (!_opened.TryGetValue((source, config.Options), out var data))
            _opened.Add((source, config.Options), data = task.Open(source, config.Options));
        config = data.Complete(config);
        config.Check();
        var model = Recipe.Find(config.Kind, config.Model).Build(config.Sizes, data.Preprocessing.Shape,
            new TorchRandom(config.Seed));
        if (config.From is { } from)
            (from == Experiment.Pretrained && pretrained is not null ? pretrained : FirstWeights.Open(from))
                .Into(model, data.Preprocessing);
        Freezing.Apply(model, config.Training.Freeze);
        return (model, data);
    }

    T Named<T>(string what, Func<T> built)
    {
        try
        {
            return built();
        }
        catch (ArgumentException e) when (experiment.Variants.Count > 1)
        {
            throw new ArgumentException($"experiment {experiment.Name}: {what}: {e.Message}", e);
        }
    }
}
