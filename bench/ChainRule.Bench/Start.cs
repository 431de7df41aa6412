namespace ChainRule.Bench;

/// <summary>
/// How long one waits for the first training step: from the start of a process, the runtime's included,
/// until the step is made.
/// </summary>
static class Start
{
    /// <summary>Makes one step, and says so.</summary>
    public static void FirstStep(Entry entry)
    {
        entry.Make().Step();
        Line.Ready(entry.Name);
    }

    /// <summary>The given number of processes for each workload, one after another.</summary>
    public static void Run(IEnumerable<Entry> entries, int threads, int rounds)
    {
        foreach (var entry in entries)
        {
            double[] seconds = [.. Enumerable.Range(0, rounds)
                .Select(_ => Child.Run("--only", entry.Name, "--threads", $"{threads}", "--first-step").Seconds)];
            Line.Start(entry.Name, threads, seconds);
        }
    }
}
