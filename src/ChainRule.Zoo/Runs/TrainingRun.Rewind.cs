using ChainRule.Layers;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Runs;

public sealed partial class TrainingRun
{
    const string Rewind = "rewind";

    // What a branch may do in another way: all else is what its steps up to here were made with.
    static readonly string[] s_changeable = ["steps", "batchSize", "learningRate", "schedule", "weightDecay",
        "weightDecayOn", "beta2", "momentum", "clipNorm", "evalEvery", "patience", "l1", "dropout", "optimizer"];

    /// <summary>
    /// A run as it stood after a step: the nearest state before it that was kept is read, and the steps from there are
    /// made again. It is as if the run had been stopped there, bit for bit. The folder is only read.
    /// </summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="step">How many steps had been made; null for where it stands now.</param>
    /// <param name="data">Where the data is now, if it was moved.</param>
    /// <param name="asked">What a refusal begins with.</param>
    /// <exception cref="ArgumentException">The run has not come to that step.</exception>
    /// <exception cref="IOException">A file cannot be read, or is not there.</exception>
    /// <exception cref="InvalidDataException">A file of the run is damaged, or the data is not that
    /// of the run.</exception>
    public static RunState At(string folder, int? step = null, string? data = null, string asked = Rewind) =>
        RunState.Open(folder, step, data, asked);

    /// <summary>
    /// Begins a new run where another stood after one of its steps, with some settings changed. Unchanged, it goes on
    /// to the same bits as the other.
    /// </summary>
    /// <param name="folder">The folder of the other run, which is only read.</param>
    /// <param name="step">Where it is branched from.</param>
    /// <param name="to">The folder to make.</param>
    /// <param name="changes">Settings of training; and <c>dropout</c>. Another optimiser begins with nothing
    /// remembered, at the place of the schedule where the other stood.</param>
    /// <param name="data">Where the data is now, if it was moved.</param>
    /// <exception cref="ArgumentException">The run has not come to that step, or a setting cannot be
    /// changed.</exception>
    /// <returns>The new folder: <see cref="Resume(string, string?)"/> goes on with it.</returns>
    public static RunFolder Branch(string folder, int step, string to, IReadOnlyList<GivenSetting> changes,
        string? data = null)
    {
        var origin = RunFolder.Open(folder);
        RunFolder.CheckFree(to, origin.Settings.Kind);
        var settings = Changed(origin, step, changes);
        var state = At(folder, step, data);
        string? piped = origin.Settings.Data == RunFolder.DataFile ? data ?? origin.DataPath : null;
        string kept = piped is not null || settings.Data == Embedded ? settings.Data
            : data is null ? origin.DataPath : TrainingTask.Of(settings.Kind).FullPath(data);
        settings = settings with { Data = kept };
        return RunFolder.Create(to, settings, beside =>
        {
            var first = new TrainingRun(beside, settings, state.Data);
            using var saved = new MemoryStream();
            state.Save(saved);
            saved.Position = 0;
            first.Trainer.Resume(saved, branch: true);
            first.Trainer.SaveLast();
            File.Copy(first._checkpoint.LastPath, Path.Combine(beside, RunFolder.FirstFile));
            if (Best(state, data) is { } best) first._checkpoint.SaveModel(best);
            state.Data.KeepIn(beside);
            if (piped is not null) File.Copy(piped, Path.Combine(beside, RunFolder.DataFile));
            origin.CopyLines(beside, step);
        });
    }

    /// <summary>The model that was the best so far.</summary>
    static Module? Best(RunState state, string? data)
    {
        if (state.Trainer.History.Best is not { } best) return null;
        return best.Step == state.Step ? state.Model : At(state.Folder.FullPath, best.Step, data).Model;
    }

    static RunSettings Changed(RunFolder origin, int step, IReadOnlyList<GivenSetting> changes)
    {
        var own = RunConfig.Of(origin);
        var config = own.With(changes);
        foreach (var (before, now) in own.Flat().Zip(config.Flat()))
        {
            if (Equals(before.Value, now.Value)) continue;
            string asked = changes.FirstOrDefault(one => Settings.Nearest.Plain(one.Name)
                == Settings.Nearest.Plain(now.Key.Name))?.Asked ?? now.Key.Name;
            if (now.Key.Name == "optimizer" && own.Kind is TaskKind.Map or TaskKind.Patterns)
                throw new ArgumentException($"rewind: {asked}: {own.Model} learns by a rule of its own, and no "
                    + "optimizer trains it: leave it out");
            if (s_changeable.Contains(now.Key.Name)) continue;
            throw new ArgumentException($"rewind: {asked}: {now.Key.Name} is what the first {step:N0} steps were made "
                + $"with, and cannot be changed after them: start a new run, or change one of "
                + string.Join(", ", s_changeable));
        }
        config.Check(Rewind);
        // More steps than the run ever makes are refused where it is rewound.
        if (config.Steps < step && config.Steps != own.Steps)
            throw new ArgumentException($"rewind: {config.Steps:N0} steps, and the new run begins at step {step:N0}: "
                + "give as many or more");
        return origin.Settings with
        {
            Steps = config.Steps, Training = config.Training.Complete(config.Steps),
            Options = Recipe.Find(own.Kind, own.Model).Write(config.Sizes), BranchOf = origin.FullPath,
            FirstStep = step,
        };
    }
}
