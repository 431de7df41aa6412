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
            Layers = Sizes(run.ReadLayers()), Classes = ClassesOf(run),
        };
    }

    /// <summary>How many classes the cross-entropy of a run distinguishes; 0 where its loss is another, or where no
    /// file says it, which the diagnosis can do without.</summary>
    static int ClassesOf(RunFolder run)
    {
        if (run.Settings.Kind is not (TaskKind.Names or TaskKind.Text or TaskKind.Images)) return 0;
        try
        {
            var last = RunFile.Tensors(run.LastPath, RunFile.PutBack);
            return TrainingTask.Of(run.Settings.Kind)
                .ReadPreprocessing(name => SavedModel.Said(run.LastPath, last, name)).Shape.Outputs;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return 0;
        }
    }

    /// <summary>What the sizes that a run keeps of its layers say by themselves, as while its curve is not known.
    /// </summary>
    public static Diagnosis OfLayers(IReadOnlyList<LayerMetrics> layers) =>
        Diagnose.Run(new Recording { History = [], Layers = Sizes(layers) });

    static LayerSizes[] Sizes(IReadOnlyList<LayerMetrics> layers) =>
        [.. layers.Select(line => new LayerSizes(line.Step, line.Weights, line.Gradients, line.Updates))];

    /// <summary>The trainer of settings, before its first step.</summary>
    /// <exception cref="ArgumentException">A setting is outside of its limits, the data cannot be found, or the
    /// model learns by a rule of its own.</exception>
    public static ITrainer Trainer(RunConfig config)
    {
        Throw.IfNull(config, "diagnose");
        config.Check();
        CheckTrained(config.Kind, config.Model);
        var (task, recipe) = (TrainingTask.Of(config.Kind), Recipe.Find(config.Kind, config.Model));
        var data = task.Open(config.Data ?? task.FindData(), config.Options).DrawnBy(config.Seed);
        var whole = data.Complete(config);
        var training = whole.Training.Complete(whole.Steps);
        var rng = new TorchRandom(whole.Seed);
        var model = recipe.Build(whole.Sizes, data.Preprocessing.Shape, rng);
        recipe.Begin(whole.Sizes, model, data);
        if (whole.From is { } from) FirstWeights.Open(from).Into(model, data.Preprocessing);
        Freezing.Apply(model, training.Freeze);
        return data.CreateTrainer(new(model, training.CreateOptimizer(model, whole.Steps), training, whole.Seed, null,
            rng));
    }

    /// <summary>The trainer of a run, where it was last saved.</summary>
    /// <param name="run">The run, whose folder is only read.</param>
    /// <param name="data">Where its data is now, if it was moved.</param>
    /// <exception cref="ArgumentException">The model learns by a rule of its own.</exception>
    /// <exception cref="IOException">The data cannot be found, or read.</exception>
    /// <exception cref="InvalidDataException">The data is not that of the run any more.</exception>
    public static ITrainer Trainer(RunFolder run, string? data = null)
    {
        Throw.IfNull(run, "diagnose");
        CheckTrained(run.Settings.Kind, run.Settings.Model);
        var trainer = run.Settings.CreateTrainer(RunData.Open(run, run.FullPath, data, "diagnose"), null);
        using var last = File.OpenRead(run.LastPath);
        trainer.Resume(last);
        return trainer;
    }

    // What has neither rate nor batches has no cures to try.
    static void CheckTrained(TaskKind kind, string model)
    {
        if (kind is TaskKind.Map or TaskKind.Patterns)
            throw new ArgumentException($"diagnose: {model} learns by a rule of its own, and the rules of diagnose are "
                + "about training by gradients: look at the recorded run, without trying cures");
    }
}
