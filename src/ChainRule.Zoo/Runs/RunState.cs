using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Training;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Runs;

/// <summary>
/// A run as it stood after one of its steps: model, optimiser, and the batch that comes next with its loss and graph,
/// bit for bit as if it had been stopped there. Nothing is written into its folder, which another process may be
/// training in. See <see cref="TrainingRun.At"/>.
/// </summary>
public sealed class RunState
{
    RunState(RunFolder folder, TaskData data, ITrainer trainer, int from) =>
        (Folder, Data, Trainer, ReplayedFrom) = (folder, data, trainer, from);

    /// <summary>The run's folder.</summary>
    public RunFolder Folder { get; }

    /// <summary>What it is trained on.</summary>
    public TaskData Data { get; }

    /// <summary>What trained it, and would go on with it: it saves nothing.</summary>
    public ITrainer Trainer { get; }

    /// <summary>The model.</summary>
    public Module Model => Trainer.Model;

    /// <summary>The optimiser.</summary>
    public Optimizer Optimizer => Trainer.Optimizer;

    /// <summary>How many steps had been made.</summary>
    public int Step => Trainer.Step;

    /// <summary>The step of the saved state from which the others were made again; 0 where that was the
    /// beginning.</summary>
    public int ReplayedFrom { get; }

    /// <summary>The batch that the next step will see, with its loss and the graph of it.</summary>
    /// <param name="batch">Which batch: 0 is the next one; others are batches of later steps, seen by this
    /// model.</param>
    public BatchLoss NextLoss(int batch = 0) => Trainer.NextLoss(batch);

    /// <summary>Writes the state as a checkpoint: the bytes that last.safetensors had.</summary>
    internal void Save(Stream stream) =>
        Trainer.SaveLast(stream, SavedModel.Metadata(Folder.Settings, Data.Preprocessing));

    /// <inheritdoc cref="TrainingRun.At"/>
    internal static RunState Open(string folder, int? step, string? data, string asked)
    {
        var run = RunFolder.Open(folder);
        var settings = run.Settings;
        var opened = RunData.Open(run, folder, data, asked);
        var trainer = settings.CreateTrainer(opened, null);
        using (var last = File.OpenRead(run.LastPath)) trainer.Resume(last);
        int wanted = step ?? trainer.Step, first = settings.FirstStep;
        if (wanted < first || wanted > trainer.Step)
            throw new ArgumentException($"{asked} {Printable.Path(folder)}: step {wanted:N0}: this run "
                + (wanted > trainer.Step ? $"stands at step {trainer.Step:N0}"
                    : $"begins at step {first:N0}, where it was branched from {Printable.Path(settings.BranchOf!)}")
                + $": give a step from {first:N0} to {trainer.Step:N0}");
        if (wanted == trainer.Step) return new(run, opened, trainer, wanted);
        HistoryPoint[] recorded = [.. trainer.History.Points];
        var saved = RunHistory.Of(run).Where(one => one.Step >= first).LastOrDefault(one => one.Step <= wanted);
        if (saved.Path is null && settings.BranchOf is not null) saved = (first, run.FirstPath);
        if (saved.Path is null)
        {
            trainer = settings.CreateTrainer(opened, null);
            Begin(settings, trainer.Model, opened, asked);
        }
        else
        {
            using var state = RunHistory.Open(run, saved.Path);
            trainer.Resume(state);
        }
        int from = trainer.Step;
        trainer.Replay(wanted, recorded);
        return new(run, opened, trainer, from);
    }

    /// <summary>What a new run does with its model before the first step.</summary>
    static void Begin(RunSettings settings, Module model, TaskData data, string asked)
    {
        var recipe = Recipe.Find(settings.Kind, settings.Model);
        recipe.Begin(recipe.Read(settings.Options), model, data);
        if (settings.From is not { } from) return;
        var weights = FirstWeights.Open(from);
        if (weights.Sha256 != settings.FromSha256)
            throw new InvalidDataException($"{asked}: {Printable.Path(from)} is not the file that the run took its "
                + "first weights from (its SHA-256 differs), and no earlier state of the run is kept: put "
                + "that file back");
        weights.Into(model, data.Preprocessing);
    }
}
