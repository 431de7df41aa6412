using System.Diagnostics;
using System.Globalization;
using ChainRule.Distributed;

namespace ChainRule.Cli;

/// <summary>
/// Names the workers of this machine that all others wait for, each once: one that the system has stopped, or that
/// computes much longer than the others. Where all are to stop, it says so sooner, and how not to wait.
/// </summary>
/// <param name="path">The file that the workers share.</param>
/// <param name="processes">The process of each worker.</param>
sealed class SilentWorkers(string path, Func<int, Process> processes)
{
    // Longer than a step takes; and, once all were asked to stop, longer than somebody waits without a word.
    static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30), s_stopping = TimeSpan.FromSeconds(2),
        s_heard = TimeSpan.FromSeconds(1);

    readonly HashSet<int> _named = [];
    long _stoppingSince;
    bool _isStopSaid;

    /// <summary>All were asked to stop.</summary>
    public void BeginStop() => Volatile.Write(ref _stoppingSince, Stopwatch.GetTimestamp());

    /// <summary>Says what there is to say by now.</summary>
    public void Look()
    {
        long since = Volatile.Read(ref _stoppingSince);
        var silence = SharedMemory.ReadSilence(path);
        if (since == 0)
        {
            if (silence.All(one => one is null || one > s_heard)) return;
            int[] late = [.. Ranks(silence, s_longest).Where(_named.Add)];
            if (late.Length > 0) Console.WriteLine($"the others wait for {Named(late)}, which {Verb(late)} not been "
                + $"heard of for {s_longest.TotalSeconds:0} s");
        }
        else if (!_isStopSaid && Stopwatch.GetElapsedTime(since) >= s_stopping)
        {
            int[] late = [.. Ranks(silence, s_heard)];
            _isStopSaid = true;
            Console.WriteLine($"all stop after their step: {(late.Length == 0 ? "it is not at its end yet"
                : $"the others wait for {Named(late)}")}; a second Ctrl-C ends at once, with everything saved up to "
                + "the last evaluation");
        }
    }

    static IEnumerable<int> Ranks(IReadOnlyList<TimeSpan?> silence, TimeSpan longer) =>
        Enumerable.Range(0, silence.Count).Where(rank => silence[rank] > longer);

    static string Verb(int[] ranks) => ranks.Length == 1 ? "has" : "have";

    string Named(int[] ranks) => string.Join(" and ", ranks.Select(rank => string.Create(CultureInfo.InvariantCulture,
        $"worker {rank} (process {processes(rank).Id})")));
}
