using System.Diagnostics;
using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Experiments;

/// <summary>
/// How long the runs of an experiment will take: a run of each variant is begun in a folder that is deleted again, for
/// a moment, and its steps and its first evaluation are timed.
/// </summary>
static class ExperimentEstimate
{
    static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(400);

    /// <summary>The time of one run of each variant, on the threads that there are.</summary>
    public static IReadOnlyList<TimeSpan> Of(Experiment experiment, CancellationToken cancellationToken)
    {
        var times = new TimeSpan[experiment.Variants.Count];
        // The first run of a process takes longer: it is compiled while it runs.
        Of(experiment.Variants[0].Config);
        for (int i = 0; i < times.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            times[i] = Of(experiment.Variants[i].Config);
        }
        return times;
    }

    /// <summary>The time of one run.</summary>
    public static TimeSpan Of(RunConfig config)
    {
        // Where the first weights come from makes it no longer, and they may not be there yet.
        config = config with { From = null, History = 0 };
        string folder = Path.Combine(Path.GetTempPath(), $"chainrule-{Guid.NewGuid():N}");
        try
        {
            long began = Stopwatch.GetTimestamp();
            var run = TrainingRun.Start(folder, config);
            double start = Stopwatch.GetElapsedTime(began).TotalSeconds, firstStep = 0;
            using var late = new CancellationTokenSource();
            began = Stopwatch.GetTimestamp();
            run.Trainer.Stepped += (made, _) =>
            {
                if (made == 1) firstStep = Stopwatch.GetElapsedTime(began).TotalSeconds;
                if (Stopwatch.GetElapsedTime(began) > s_moment + TimeSpan.FromSeconds(firstStep)) late.Cancel();
            };
            try
            {
                run.Train(null, late.Token);
            }
            catch (DivergedException)
            {
                // It ends soon, and the steps so far were timed.
            }
            int evaluateEvery = config.Training.Complete(config.Steps).EvalEvery!.Value;
            // The first step comes after the first evaluation, which is about as long as each that follows.
            double step = run.Trainer.TrainingTime.TotalSeconds / Math.Max(1, run.Trainer.Step),
                evaluation = Math.Max(0, firstStep - step);
            return TimeSpan.FromSeconds(start + step * config.Steps
                + evaluation * (1 + config.Steps / evaluateEvery));
        }
        finally
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }
}
