using ChainRule.Distributed;
using ChainRule.Training;
using ChainRule.Zoo.Runs;

namespace ChainRule.Cli;

/// <summary>
/// Trains a run by the processes that mpirun started, this one among them. The first begins the run or takes it up,
/// speaks, and saves; the others join it by its folder, which all of them must see.
/// </summary>
static class MpiWorkers
{
    /// <summary>Until all steps are made, or until it is told to stop.</summary>
    /// <param name="begin">Begins the run, or takes it up.</param>
    /// <param name="data">Where the data is, if it was given.</param>
    /// <param name="train">Trains a run, and tells how it ended.</param>
    /// <param name="cancellationToken">Stops all of them after a step, with all saved.</param>
    public static int Train(Func<TrainingRun> begin, string? data, Func<TrainingRun, CancellationToken, int> train,
        CancellationToken cancellationToken)
    {
        using var workers = Mpi.Join();
        try
        {
            if (workers.Rank > 0) return Follow(workers, data, cancellationToken);
            var run = begin();
            workers.Broadcast(run.Folder.FullPath);
            run.Share(workers);
            return train(run, cancellationToken);
        }
        catch (WorkerException) when (workers.Rank > 0)
        {
            return Tool.Failed;
        }
        catch (Exception e) when (e is not WorkerException)
        {
            workers.Fail(e.Message);
            if (workers.Rank == 0) throw;
            return Tool.Failed;
        }
    }

    static int Follow(Transport workers, string? data, CancellationToken cancellationToken)
    {
        var run = TrainingRun.Join(workers.Broadcast(null), workers, data);
        return run.Train(null, cancellationToken) is TrainingEnd.Cancelled or TrainingEnd.Stopped ? Tool.Failed
            : Tool.Done;
    }
}
