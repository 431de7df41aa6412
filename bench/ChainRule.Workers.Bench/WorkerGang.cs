using System.Diagnostics;
using System.Globalization;
using ChainRule.Distributed;

namespace ChainRule.Workers.Bench;

/// <summary>Worker processes of this machine that train together, a round when they are told to.</summary>
sealed class WorkerGang : IDisposable
{
    readonly string _path;
    readonly Process[] _all;

    public WorkerGang(string work, int workers, int threads, int rounds = 0, double delay = 0, double rate = 0)
    {
        _path = SharedMemory.Create(workers);
        _all = [.. Enumerable.Range(0, workers).Select(rank => Process.Start(new WorkerProcess(string.Create(
            CultureInfo.InvariantCulture, $"{rank}@{_path}"), work, rounds, delay, rate).Start(threads))!)];
    }

    /// <summary>The next line that the first worker says.</summary>
    /// <exception cref="InvalidOperationException">It ended without one.</exception>
    public string Line() => _all[0].StandardOutput.ReadLine()
        ?? throw new InvalidOperationException("a worker of the bench ended without a word");

    /// <summary>One round: the seconds of a step.</summary>
    public double Round()
    {
        foreach (var process in _all)
        {
            process.StandardInput.WriteLine();
            process.StandardInput.Flush();
        }
        return double.Parse(Line(), CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        foreach (var process in _all)
        {
            process.Kill();
            process.Dispose();
        }
        File.Delete(_path);
    }
}
