using ChainRule.Diagnosing;
using ChainRule.Randomness;
using ChainRule.Training;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Runs;

/// <summary>What <see cref="Diagnose"/> takes, made of runs and of settings. Nothing is written anywhere.</summary>
public static class RunDiagnosis
{
    /// <summary>What a run's files hold of its training.</summary>
    public static Recording Recording(RunFolder run)
    {
        Throw.IfNull(run, "diagnose");
        return new()
        {
            History = [.. run.ReadMetrics().Select(line => new HistoryPoint(line.Step, line.TrainLoss ?? double.NaN,
                line.ValLoss, line.LearningRate) { Metrics = line.Metrics })],
            Layers = [.. run.ReadLayers().Select(line => new LayerSizes(line.Step, line.Weights, line.Gradients,
                line.Updates))],
        };
    }

    /// <summary>The trainer of settings, before its first step.</summary>
    /// <exception cref="ArgumentException">A setting is outside of its limits, or the data cannot be found.</exception>
    public static ITrainer Trainer(RunConfig config) => Trainer(config, null);

    /// <summary>The trainer of a run, where it was last saved.</summary>
    /// <exception cref="InvalidDataException">The data is not that of the run any more.</exception>
    public static ITrainer Trainer(RunFolder run)
    {
        Throw.IfNull(run, "diagnose");
        var trainer = Trainer(RunConfig.Of(run), run);
        trainer.Resume();
        return trainer;
    }

    static ITrainer Trainer(RunConfig config, RunFolder? run)
    {
        Throw.IfNull(config, "diagnose");
        config.Check();
        var (task, recipe) = (TrainingTask.Of(config.Kind), Recipe.Find(config.Kind, config.Model));
        var data = task.Open(config.Data ?? (run is null ? task.FindData() : null), config.Options)
            .DrawnBy(config.Seed);
        if (run is not null && data.Sha256 != run.Settings.DataSha256)
            throw new InvalidDataException($"diagnose {Printable.Path(run.FullPath)}: the data at "
                + $"{Printable.Path(run.DataPath)} is not that of the run any more (its SHA-256 differs): put it back");
        var whole = data.Complete(config);
        var training = whole.Training.Complete(whole.Steps);
        var rng = new TorchRandom(whole.Seed);
        var model = recipe.Build(whole.Sizes, data.Preprocessing.Shape, rng);
        if (run is null) recipe.Begin(whole.Sizes, model, data);
        Freezing.Apply(model, training.Freeze);
        var checkpoint = run is null ? null
            : new Checkpoint(run.FullPath, SavedModel.Metadata(run.Settings, data.Preprocessing));
        return data.CreateTrainer(new(model, training.CreateOptimizer(model, whole.Steps), training, whole.Seed,
            checkpoint, rng));
    }
}
