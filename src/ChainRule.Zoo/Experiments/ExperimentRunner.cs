using System.Diagnostics;
using System.Text;
using ChainRule.Data;
using ChainRule.Training;
using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Experiments;

/// <summary>Makes the runs of an experiment, several at once, and remembers in their folders how far it is.</summary>
static class ExperimentRunner
{
    // Why a run ended without a model that can be measured.
    const string DivergedFile = "diverged.txt";

    const long LongestReason = 1 << 16;

    public static ExperimentResult Run(Experiment experiment, string folder, int? parallel,
        IProgress<ExperimentProgress>? progress, CancellationToken cancellationToken)
    {
        RunPool.Check(experiment, parallel);
        int? validated = experiment.Checked().FewestValidated;
        ExperimentFolder.CheckNotShared(experiment, folder);
        using var claim = ExperimentFolder.Claim(experiment, folder);
        using var pool = new RunPool(parallel, experiment.Runs.Count, cancellationToken);
        int finished = 0, all = experiment.PretrainingRuns.Count + experiment.Runs.Count;
        var (began, made, seconds, told) = (Stopwatch.GetTimestamp(), 0, 0.0, new Lock());
        return new(experiment, folder, pool.Outcomes(experiment, All), validated);

        ExperimentOutcome?[] All(IReadOnlyList<ExperimentRun> part)
        {
            var outcomes = new ExperimentOutcome?[part.Count];
            int next = -1;
            pool.Work(stop =>
            {
                for (int i; !stop.IsCancellationRequested && (i = Interlocked.Increment(ref next)) < part.Count;)
                {
                    bool isNew = Known(experiment, part[i], folder) is null;
                    if (isNew && !Make(experiment, part[i], folder, Path.Combine(folder, part[i].Folder), stop))
                        return;
                    outcomes[i] = Known(experiment, part[i], folder)!;
                    lock (told)
                    {
                        finished++;
                        if (isNew) (made, seconds) = (made + 1, Stopwatch.GetElapsedTime(began).TotalSeconds);
                        progress?.Report(new(part[i], outcomes[i]!, finished, all,
                            TimeSpan.FromSeconds(made == 0 ? 0 : seconds / made * (all - finished))));
                    }
                }
            });
            return outcomes;
        }
    }

    /// <summary>Refuses to go on from weights that diverged.</summary>
    public static void CheckPretrained(Experiment experiment, IReadOnlyList<ExperimentRun> runs,
        IReadOnlyList<ExperimentOutcome?> outcomes)
    {
        foreach (var (run, outcome) in runs.Zip(outcomes))
            if (outcome!.Why is { } why)
                throw new DivergedException($"experiment {experiment.Name}: the pretraining with seed {run.Seed} "
                    + $"diverged, so nothing can begin with it ({why}): lower its learning rate");
    }

    /// <summary>How a run ended, from its folder; null while it has not.</summary>
    public static ExperimentOutcome? Known(Experiment experiment, ExperimentRun run, string folder) =>
        KnownAt(experiment, Path.Combine(folder, run.Folder));

    /// <summary>How the run in a folder ended; null while it has not.</summary>
    public static ExperimentOutcome? KnownAt(Experiment experiment, string path)
    {
        string diverged = Path.Combine(path, DivergedFile);
        if (!Directory.Exists(path)) return null;
        if (File.Exists(diverged))
        {
            string why = Encoding.UTF8.GetString(RunFile.Bytes(diverged, LongestReason, RunFile.Anew)).Trim();
            return new(double.NaN, 0, RunFolder.Open(path).ReadMetrics() is [.., var last] ? last.Step : 0, why);
        }
        var opened = RunFolder.Open(path);
        return opened.ReadSummary() is not { } summary ? null
            : new(experiment.Metric.Find(summary, opened) ?? double.NaN, summary.SecondsTraining, summary.Steps);
    }

    /// <summary>Starts a run or takes it up, and trains it to its end; false if it was stopped before.</summary>
    /// <param name="experiment">What was asked.</param>
    /// <param name="run">The run.</param>
    /// <param name="folder">The folder of the experiment.</param>
    /// <param name="path">Where the run is made.</param>
    /// <param name="cancellationToken">Stops it, with everything saved.</param>
    public static bool Make(Experiment experiment, ExperimentRun run, string folder, string path,
        CancellationToken cancellationToken)
    {
        var config = experiment.Pretraining is not null && run.Config.From == Experiment.Pretrained
            ? run.Config with { From = Path.Combine(folder, Experiment.PretrainedFolder(run.Seed)) } : run.Config;
        var training = Directory.Exists(path) ? TrainingRun.Resume(path)
            : TrainingRun.Start(path, config with { History = 0 });
        try
        {
            var end = training.Train(null, cancellationToken);
            if (end == TrainingEnd.Stopped)
                throw new OperationCanceledException($"a stop was asked for in {Printable.Path(path)}");
            if (end == TrainingEnd.Cancelled) return false;
            training.Finish();
        }
        catch (DivergedException e)
        {
            AtomicFile.Write("experiment", Path.Combine(path, DivergedFile),
                to => to.Write(Encoding.UTF8.GetBytes(e.Message + "\n")));
        }
        return true;
    }
}
