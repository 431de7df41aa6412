using System.CommandLine;
using System.Diagnostics;
using ChainRule.Distributed;
using ChainRule.Training;
using ChainRule.Zoo.Runs;

namespace ChainRule.Cli;

/// <summary>
/// Trains a run by the processes that mpirun started, this one among them. All compare first what they were asked for;
/// then the first begins the run or takes it up, speaks, and saves, and the others join it by its folder, which all of
/// them must see. What ends one of them ends all, and one says why.
/// </summary>
static class MpiWorkers
{
    // In the place of a folder: what is solved at once has no steps to be shared.
    const string Alone = "alone";

    // A worker that ended before it began would be waited for without end.
    static readonly TimeSpan s_longest = TimeSpan.FromMinutes(1);

    /// <summary>Until all steps are made, or until it is told to stop.</summary>
    /// <param name="command">The command that was given, for what is said of an error.</param>
    /// <param name="settle">Tells what this process was asked for, by name, or refuses it.</param>
    /// <param name="begin">Begins the run, or takes it up, with as many workers as there are.</param>
    /// <param name="data">Where the data is, if it was given.</param>
    /// <param name="train">Trains a run, and tells how it ended.</param>
    /// <param name="cancellationToken">Stops all of them after a step, with all saved.</param>
    public static int Train(Command command, Func<IReadOnlyList<KeyValuePair<string, string>>> settle,
        Func<int, TrainingRun> begin, string? data, Func<TrainingRun, CancellationToken, int> train,
        CancellationToken cancellationToken)
    {
        using var workers = Join();
        if (workers is null) return Tool.Failed;
        var (run, code) = Start(workers, command, settle, begin, data);
        if (run is null) return code;
        try
        {
            return workers.Rank == 0 ? train(run, cancellationToken)
                : run.Train(null, cancellationToken) is TrainingEnd.Cancelled or TrainingEnd.Stopped ? Tool.Failed
                : Tool.Done;
        }
        catch (Exception e) when (Tool.Told(command, e) is { } told)
        {
            if (e is not WorkerException) workers.Fail(told.Text);
            workers.Conclude(() => Tool.Say(told.Text));
            return told.Code;
        }
    }

    /// <summary>Says that a command was not understood, once for all, and lets nobody wait for this process.</summary>
    public static int Refuse(string sentence)
    {
        using var workers = Join(sentence);
        if (workers is null) return Tool.Usage;
        Agree(workers, [], sentence);
        return Tool.Usage;
    }

    static (TrainingRun? Run, int Code) Start(Transport workers, Command command,
        Func<IReadOnlyList<KeyValuePair<string, string>>> settle, Func<int, TrainingRun> begin, string? data)
    {
        IReadOnlyList<KeyValuePair<string, string>> asked = [];
        (string Text, int Code)? refused = null;
        try
        {
            asked = settle();
        }
        catch (Exception e) when ((refused = Tool.Told(command, e)) is not null)
        {
            // All are told.
        }
        if (!Agree(workers, asked, refused?.Text)) return (null, refused?.Code ?? Tool.Failed);
        TrainingRun? run = null;
        string folder = "";
        if (workers.Rank == 0)
        {
            try
            {
                run = begin(workers.Size);
                folder = run.Folder.FullPath;
            }
            catch (Exception e) when ((refused = Tool.Told(command, e)) is not null)
            {
                Tool.Say(refused.Value.Text);
            }
        }
        if (run is { Folder.Settings.Steps: 0 }) folder = Alone;
        folder = workers.Broadcast(workers.Rank == 0 ? folder : null);
        if (folder == Alone) return (run, Tool.Done);
        if (folder.Length == 0) return (null, refused?.Code ?? Tool.Failed);
        try
        {
            if (run is null) run = TrainingRun.Join(folder, workers, data);
            else run.Share(workers);
            return (run, Tool.Done);
        }
        catch (WorkerException e)
        {
            // All have the same sentence, and none has failed since.
            if (workers.Rank == 0)
            {
                run!.TakeBack();
                Tool.Say(e.Message);
            }
            return (null, Tool.Failed);
        }
    }

    static bool Agree(Transport workers, IReadOnlyList<KeyValuePair<string, string>> asked, string? refused)
    {
        try
        {
            TrainingRun.Agree(workers, asked, refused);
            return true;
        }
        catch (WorkerException e)
        {
            if (workers.Rank == 0) Tool.Say(e.Message);
            return false;
        }
    }

    // Null where this process cannot take part, which it has said: then no other waits for it.
    static Transport? Join(string? instead = null)
    {
        using var late = new Timer(_ => GiveUp("MPI: a minute has passed, and not all processes that mpirun started "
            + "have begun: one may have ended before, or be without chainrule: look at what it said, and start all "
            + "anew"), null, s_longest, Timeout.InfiniteTimeSpan);
        try
        {
            return Mpi.Join();
        }
        catch (WorkerException e)
        {
            GiveUp(instead ?? e.Message);
            return null;
        }
    }

    // MPICH's mpirun waits for those that are left where one ends by itself before it has begun, and ends all where
    // one is killed.
    static void GiveUp(string sentence)
    {
        Tool.Say(sentence);
        using var own = Process.GetCurrentProcess();
        own.Kill();
    }
}
