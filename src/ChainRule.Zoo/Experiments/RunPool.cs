using System.Runtime.ExceptionServices;
using ChainRule.Kernels;

namespace ChainRule.Zoo.Experiments;

/// <summary>
/// Runs of an experiment side by side: they share the threads, for each of them alone would leave some idle, or fight
/// for them. Where one ends with an error the others stop where they are saved.
/// </summary>
sealed class RunPool : IDisposable
{
    readonly int _workers;
    readonly CancellationToken _asked;
    readonly CancellationTokenSource _stop;

    /// <param name="parallel">How many at once; null for one a thread.</param>
    /// <param name="runs">How many runs there are.</param>
    /// <param name="cancellationToken">Stops all.</param>
    public RunPool(int? parallel, int runs, CancellationToken cancellationToken)
    {
        _workers = Math.Clamp(parallel ?? Compute.Threads, 1, runs);
        _asked = cancellationToken;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>Refuses a number that none could run at.</summary>
    /// <exception cref="ArgumentException">It is less than 1.</exception>
    public static void Check(Experiment experiment, int? parallel)
    {
        if (parallel is < 1)
            throw new ArgumentException($"experiment {experiment.Name}: {parallel} runs at once: give 1 or more");
    }

    public void Dispose() => _stop.Dispose();

    /// <summary>Pretrains, then makes all runs, each part by this pool.</summary>
    /// <param name="experiment">What was asked.</param>
    /// <param name="all">Makes the runs of one part, and says how they ended.</param>
    /// <exception cref="DivergedException">A pretraining diverged.</exception>
    public ExperimentOutcome[] Outcomes(Experiment experiment,
        Func<IReadOnlyList<ExperimentRun>, ExperimentOutcome?[]> all)
    {
        int threads = Compute.Threads;
        Compute.Threads = Math.Max(1, threads / _workers);
        try
        {
            ExperimentRunner.CheckPretrained(experiment, experiment.PretrainingRuns, all(experiment.PretrainingRuns));
            return all(experiment.Runs)!;
        }
        finally
        {
            Compute.Threads = threads;
        }
    }

    /// <summary>Calls every worker once, and waits for them.</summary>
    /// <param name="work">What one does until nothing is left, or it is stopped.</param>
    /// <exception cref="OperationCanceledException">A stop was asked for.</exception>
    public void Work(Action<CancellationToken> work)
    {
        try
        {
            Parallel.For(0, _workers, new ParallelOptions { MaxDegreeOfParallelism = _workers }, _ =>
            {
                try
                {
                    work(_stop.Token);
                }
                catch
                {
                    // One sentence is enough.
                    _stop.Cancel();
                    throw;
                }
            });
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
        _asked.ThrowIfCancellationRequested();
    }
}
