using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using ChainRule.Distributed;
using ChainRule.Training;
using ChainRule.Zoo.Runs;

namespace ChainRule.Cli;

/// <summary>
/// Trains a run by processes of this machine, which are started for it. This one keeps the run's folder, and waits: a
/// worker that is killed is done without, and where none comes to the end, this one says why.
/// </summary>
sealed class LocalWorkers : IDisposable
{
    static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    readonly string _path;
    readonly Process[] _processes;
    readonly SilentWorkers _silent;
    int _signals;

    LocalWorkers(int count, string folder, string? data)
    {
        _path = SharedMemory.Create(count);
        _processes = new Process[count];
        _silent = new(_path, rank => _processes[rank]);
        try
        {
            for (int rank = 0; rank < count; rank++) _processes[rank] = Start(_path, rank, count, folder, data);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Refuses more workers than there is work for.</summary>
    /// <param name="asked">What a refusal begins with.</param>
    /// <param name="count">How many workers there are to be.</param>
    /// <param name="shards">Into how many shards the run cuts a batch; 0 for a batch as a whole.</param>
    /// <exception cref="ArgumentException">There are too few shards.</exception>
    public static void Check(string asked, int count, int shards)
    {
        if (shards >= count) return;
        throw new ArgumentException(shards == 0
            ? "this run computes each batch as a whole, which one process does alone: train it without --workers, "
                + "or start a new run with --workers"
            : $"{asked}: the run has {Printable.Count(shards, "shard")} to share: give at most as many workers, or "
                + "start a new run with more by --set shards=N");
    }

    /// <summary>Until all steps are made, or until it is told to stop.</summary>
    /// <param name="run">The run, which takes up afterwards what they made of it; a new one is taken back where the
    /// workers fail before they have measured it.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="data">Where the data is, if it was moved.</param>
    /// <param name="cancellationToken">Stops all of them after a step, with all saved.</param>
    /// <exception cref="IOException">No worker came to the end, since something could not be read or written, or since
    /// all are gone.</exception>
    /// <exception cref="InvalidOperationException">No worker came to the end: the sentence says why.</exception>
    public static TrainingEnd Train(TrainingRun run, int count, string? data, CancellationToken cancellationToken)
    {
        Check($"--workers {count}", count, run.Trainer.Shards);
        using var workers = new LocalWorkers(count, run.Folder.FullPath, data);
        workers.Await(cancellationToken);
        run.Reload();
        return workers.EndOf(run, cancellationToken);
    }

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            if (process is null) continue;
            if (!process.HasExited) process.Kill();
            process.Dispose();
        }
        File.Delete(_path);
    }

    void Await(CancellationToken cancellationToken)
    {
        using var stop = cancellationToken.Register(() =>
        {
            _silent.BeginStop();
            Array.ForEach(_processes, Release);
        });
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Count);
        using var termination = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Count);
        while (_processes.FirstOrDefault(one => !one.HasExited) is { } running)
            if (!running.WaitForExit(s_look)) _silent.Look();

        // The first one asks, and is heard by the tool; who asks again does not wait for the step's end.
        void Count(PosixSignalContext signal)
        {
            signal.Cancel = true;
            if (Interlocked.Increment(ref _signals) == 1) return;
            foreach (var process in _processes) if (!process.HasExited) process.Kill();
        }
    }

    TrainingEnd EndOf(TrainingRun run, CancellationToken cancellationToken)
    {
        int[] codes = [.. _processes.Select(process => process.ExitCode)];
        if (codes.Contains(WorkerExit.Done)) return run.Trainer.Step == run.Folder.Settings.Steps
            ? TrainingEnd.Completed : TrainingEnd.StoppedEarly;
        if (codes.Contains(WorkerExit.Stopped) || _signals > 1) return cancellationToken.IsCancellationRequested
            ? TrainingEnd.Cancelled : TrainingEnd.Stopped;
        bool isBegun = run.Trainer.History.Points.Count > 0;
        if (!isBegun) run.TakeBack();
        string sentence = SharedMemory.ReadFailure(_path) ?? (codes.Contains(Tool.Failed) ? "the workers ended"
            : string.Create(CultureInfo.InvariantCulture, $"{(codes.Length == 1 ? "the worker is"
                : $"all {codes.Length} workers are")} gone{(isBegun ? $": step {run.Trainer.Step:N0} was saved last"
                    : "")}"));
        if (isBegun && (codes.Contains(WorkerExit.Unwritten) || !codes.Contains(Tool.Failed)))
            throw new IOException(sentence);
        throw new InvalidOperationException(sentence);
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

    /// <summary>Something could not be read or written, and the run can go on from what was saved.</summary>
    public const int Unwritten = 4;
}
