using ChainRule.Distributed;

namespace ChainRule.Zoo.Runs;

public sealed partial class TrainingRun
{
    bool _follows;

    /// <summary>What the workers' time went into up to the last evaluation; null where this process trains alone.
    /// </summary>
    public WorkerTimes? Workers { get; private set; }

    // The first worker alone writes. Where it is lost, the next one goes on.
    bool Writes => !_follows || Trainer.Workers is { Rank: 0 };

    /// <summary>
    /// Takes part in a run that another worker, or who started this one, has begun or taken up: its folder must be
    /// there for all of them.
    /// </summary>
    /// <param name="folder">The run's folder, which is only read, unless this is the first worker.</param>
    /// <param name="workers">The workers.</param>
    /// <param name="data">Where the data is now, if it was moved.</param>
    /// <exception cref="WorkerException">A worker cannot read the folder or the data, or has others than the first, or
    /// another version, or another kind of processor: all get the same sentence, which names it.</exception>
    public static TrainingRun Join(string folder, Transport workers, string? data = null)
    {
        TrainingRun? run = null;
        string? failure = null;
        try
        {
            run = Resume(folder, data, null, follows: true);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or ArgumentException
            or UnauthorizedAccessException)
        {
            failure = $"{e.Message}: all workers must see the run's folder and its data, as on a shared file system";
        }
        Share(run, failure, workers);
        return run!;
    }

    /// <summary>Shares the steps of this run with other workers, which join it by <see cref="Join"/>.</summary>
    /// <exception cref="WorkerException">The run computes a batch as a whole; or another worker has other settings,
    /// another version, or another kind of processor.</exception>
    public void Share(Transport workers) => Share(this, null, workers);

    /// <summary>
    /// Before a run is begun: compares what the workers were asked for. All must call it, and all get the same
    /// sentence where one differs.
    /// </summary>
    /// <param name="workers">The workers.</param>
    /// <param name="asked">What this worker was asked for, by name: settings and their values.</param>
    /// <param name="refused">Why this worker cannot do it; null where it can.</param>
    /// <exception cref="WorkerException">One was asked for something else, has refused, has another version, or another
    /// kind of processor.</exception>
    public static void Agree(Transport workers, IReadOnlyList<KeyValuePair<string, string>> asked,
        string? refused = null) => Agreement.Check(workers, asked, refused, Agreement.Version);

    static void Share(TrainingRun? run, string? failure, Transport workers)
    {
        if (run is { Trainer.Shards: 0 })
            failure = $"{Printable.Path(run.Folder.FullPath)} computes each batch as a whole, which one process does "
                + "alone: train it without workers, or start a new run with --set shards=16";
        Agreement.Check(workers, run?.Folder.Settings, run?.Trainer.Step ?? 0, failure, Agreement.Version);
        run!.Trainer.Workers = workers;
    }

    /// <summary>Takes up what others, who were given this run, have made of it since.</summary>
    public void Reload()
    {
        _metrics.Clear();
        Trainer.Resume();
        RestoreMetrics();
        if (Folder.ReadMetrics() is [.., var last]) _secondsBefore = last.Seconds;
    }
}
