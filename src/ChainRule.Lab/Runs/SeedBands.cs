namespace ChainRule.Lab.Runs;

/// <summary>Mean, least and greatest of a metric over runs that differ in their seed alone, at each step.</summary>
/// <param name="Title">What the runs have in common and other groups have not: <c>model gpt, width 64</c>.</param>
/// <param name="Runs">The ids of the runs.</param>
/// <param name="Steps">The steps at which some run was evaluated.</param>
/// <param name="Mean">The mean over the runs that have the step.</param>
/// <param name="Min">The least.</param>
/// <param name="Max">The greatest.</param>
sealed record SeedBand(string Title, string[] Runs, double[] Steps, double[] Mean, double[] Min, double[] Max)
{
    /// <summary>Groups of runs that differ in the seed alone.</summary>
    public static IReadOnlyList<IReadOnlyList<RunEntry>> Groups(IEnumerable<RunEntry> runs) =>
        [.. runs.GroupBy(run => string.Join('\n', run.Settings.Names.Zip(run.Settings.Values)
            .Where(one => one.First != "seed").Select(one => $"{one.First}={one.Second}")), StringComparer.Ordinal)
            .Select(group => (IReadOnlyList<RunEntry>)[.. group])];

    /// <summary>The band of one group.</summary>
    /// <param name="title">What it is called.</param>
    /// <param name="curves">Steps and values of each run.</param>
    public static SeedBand Of(string title, IEnumerable<(string Run, double[] Steps, double[] Values)> curves)
    {
        var at = new SortedDictionary<double, (double Sum, int Count, double Min, double Max)>();
        List<string> runs = [];
        foreach (var (run, steps, values) in curves)
        {
            runs.Add(run);
            for (int i = 0; i < steps.Length; i++)
            {
                double y = values[i];
                at[steps[i]] = at.TryGetValue(steps[i], out var sum)
                    ? (sum.Sum + y, sum.Count + 1, Math.Min(sum.Min, y), Math.Max(sum.Max, y)) : (y, 1, y, y);
            }
        }
        return new(title, [.. runs], [.. at.Keys], [.. at.Values.Select(one => one.Sum / one.Count)],
            [.. at.Values.Select(one => one.Min)], [.. at.Values.Select(one => one.Max)]);
    }

    /// <summary>The settings in which some of these runs differ, in the order of their files.</summary>
    public static IReadOnlyList<string> Differing(IReadOnlyCollection<RunEntry> runs) =>
        [.. runs.SelectMany(run => run.Settings.Names).Distinct()
            .Where(name => runs.Select(run => run.Settings[name]).Distinct().Skip(1).Any())];
}
