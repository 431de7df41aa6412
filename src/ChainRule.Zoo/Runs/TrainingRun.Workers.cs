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
    /// <exception cref="IOException">The folder, or the data, cannot be read here; or another worker has said why it
    /// cannot go on.</exception>
    /// <exception cref="InvalidDataException">A file of the run is damaged, or the data is not that of the run.
    /// </exception>
    public static TrainingRun Join(string folder, Transport workers, string? data = null)
    {
        try
        {
            var run = Resume(folder, data, null, follows: true);
            run.Share(workers);
            return run;
        }
        catch (Exception e) when (e is not WorkerException)
        {
            workers.Fail(e.Message);
            throw;
        }
    }

    /// <summary>Shares the steps of this run with other workers, which join it by <see cref="Join"/>.</summary>
    /// <exception cref="InvalidOperationException">The run computes a batch as a whole.</exception>
    /// <exception cref="WorkerException">Another worker has other settings, another version, or another kind of
    /// processor.</exception>
    public void Share(Transport workers)
    {
        if (Trainer.Shards == 0)
        {
            string sentence = $"{Printable.Path(Folder.FullPath)} computes each batch as a whole, which one process "
                + "does alone: train it without workers, or start a new run with --set shards=16";
            workers.Fail(sentence);
            throw new InvalidOperationException(sentence);
        }
        Agreement.Check(workers, Folder.Settings, Trainer.Step);
        Trainer.Workers = workers;
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
