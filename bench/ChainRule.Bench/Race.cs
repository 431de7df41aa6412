namespace ChainRule.Bench;

/// <summary>Times workloads, one after another.</summary>
static class Race
{
    /// <summary>The number of rounds of each.</summary>
    /// <exception cref="ArgumentException">There are no rounds.</exception>
    public static void Run(IReadOnlyList<Entry> entries, int rounds)
    {
        if (rounds < 1) throw new ArgumentException($"rounds: {rounds}: give 1 or more");
        foreach (var entry in entries)
        {
            var work = entry.Make();
            var clock = new Clock(work);
            for (int i = 0; i < rounds; i++) clock.Round();
            Line.Result(entry.Name, work, clock);
        }
    }

    /// <summary>
    /// One round for each line: whoever writes the lines lets two programs take turns on one machine.
    /// </summary>
    /// <exception cref="ArgumentException">Several workloads would share the lines.</exception>
    public static void Paced(IReadOnlyList<Entry> entries, TextReader turns)
    {
        if (entries is not [var entry])
            throw new ArgumentException(
                $"--paced: {entries.Count} workloads would share one standard input: name one with --only");
        var work = entry.Make();
        var clock = new Clock(work);
        Line.Ready(entry.Name);
        while (turns.ReadLine() is not null) Line.Round(clock.Round());
        if (clock.Rounds.Count > 0) Line.Result(entry.Name, work, clock);
    }
}
