using System.Diagnostics;
using System.Globalization;
using ChainRule.Distributed;
using ChainRule.Training;
using ChainRule.Zoo.Runs;

namespace ChainRule.Cli;

/// <summary>
/// Trains a run by processes of this machine, which are started for it. This one keeps the run's folder, and waits: a
/// worker that is killed is done without, and what the workers say is theirs.
/// </summary>
static class LocalWorkers
{
    /// <summary>Until all steps are made, or until it is told to stop.</summary>
    /// <param name="run">The run, which takes up afterwards what they made of it.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="data">Where the data is, if it was moved.</param>
    /// <param name="cancellationToken">Stops all of them after a step, with all saved.</param>
    /// <exception cref="IOException">No worker came to the end.</exception>
    public static TrainingEnd Train(TrainingRun run, int count, string? data, CancellationToken cancellationToken)
    {
        if (run.Trainer.Shards < count)
            throw new ArgumentException(run.Trainer.Shards == 0
                ? "this run computes each batch as a whole, which one process does alone: train it without --workers, "
                    + "or start a new run with --workers"
                : $"--workers {count}: the run has {run.Trainer.Shards} shards to share: give at most as many workers, "
                    + "or start a new run with more by --set shards=N");
        string path = SharedMemory.Create(count);
        Process[] processes = [];
        try
        {
            processes = [.. Enumerable.Range(0, count).Select(rank =>
                Start(path, rank, count, run.Folder.FullPath, data))];
            using var stop = cancellationToken.Register(() => Array.ForEach(processes, Release));
            foreach (var process in processes) process.WaitForExit();
            run.Reload();
            int[] codes = [.. processes.Select(process => process.ExitCode)];
            if (codes.Contains(WorkerExit.Done)) return run.Trainer.Step == run.Folder.Settings.Steps
                ? TrainingEnd.Completed : TrainingEnd.StoppedEarly;
            if (codes.Contains(WorkerExit.Stopped)) return cancellationToken.IsCancellationRequested
                ? TrainingEnd.Cancelled : TrainingEnd.Stopped;
            throw new IOException(codes.Contains(Tool.Failed) ? "the workers ended" : string.Create(
                CultureInfo.InvariantCulture, $"all {count} workers are gone: step {run.Trainer.Step:N0} was "
                    + $"saved last"));
        }
        finally
        {
            foreach (var process in processes)
            {
                if (!process.HasExited) process.Kill();
                process.Dispose();
            }
            File.Delete(path);
        }
    }

    // A worker whose input ends stops after its step, with all saved: so does one that has lost who started it.
    static void Release(Process process) => process.StandardInput.Close();

    static Process Start(string path, int rank, int count, string folder, string? data)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true };
        // Run by dotnet, the program is the first word; by itself, the tool is the program.
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        int threads = Math.Max(1, Compute.Threads / count);
        foreach (string word in (string[])["worker", folder, "--group", path, "--rank",
            rank.ToString(CultureInfo.InvariantCulture), "--threads", threads.ToString(CultureInfo.InvariantCulture),
            .. data is null ? Array.Empty<string>() : ["--data", data]]) start.ArgumentList.Add(word);
        return Process.Start(start) ?? throw new IOException("no process can be started for a worker");
    }
}

/// <summary>How a worker's process ends.</summary>
static class WorkerExit
{
    /// <summary>All steps are made.</summary>
    public const int Done = 0;

    /// <summary>It was told to stop, and all is saved.</summary>
    public const int Stopped = 3;
}
