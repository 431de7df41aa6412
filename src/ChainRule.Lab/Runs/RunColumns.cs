namespace ChainRule.Lab.Runs;

/// <summary>
/// The columns of the table: what is known of each run; its settings by name; of each metric the last value
/// (<c>valLoss</c>), the least and the greatest (<c>valLoss.min</c>, <c>valLoss.max</c>); and the numbers of the
/// summary (<c>final.testLoss</c>). <c>learningRate</c> is the setting, which schedules lower; where a run has none,
/// the greatest one.
/// </summary>
static class RunColumns
{
    const string Min = ".min", Max = ".max", Final = "final.", Rate = "learningRate";

    static readonly string[] s_always = ["name", "status", "step", "points", "seconds", "changed"];

    /// <summary>The columns shown where none are chosen.</summary>
    public static IReadOnlyList<string> Usual { get; } = ["name", "status", "model", "step", "valLoss", "valLoss.min",
        "trainLoss", Rate, "seed", "changed"];

    /// <summary>A value by the name of its column, or nothing.</summary>
    public static Cell Value(RunEntry run, string column)
    {
        switch (column)
        {
            case "name": return Cell.Of(run.Name);
            case "status": return Cell.Of(run.Status.ToString());
            case "step": return run.Totals.Points == 0 ? Cell.Empty : Cell.Of(run.Totals.Step);
            case "points": return Cell.Of(run.Totals.Points);
            case "changed": return Cell.Of(new DateTimeOffset(run.Changed).ToUnixTimeMilliseconds());
        }
        if (column.StartsWith(Final, StringComparison.Ordinal)) return run.Final[column[Final.Length..]];
        // The rate that a schedule ends with tells no runs apart: the one that was asked for does.
        if (column == Rate && run.Settings[Rate] is { IsEmpty: false } asked) return asked;
        if (column == Rate && run.Totals.Find(Rate) is { } peak) return Cell.Of(peak.Max);
        // A setting stands for what was asked for; another metric of the same name for what was done.
        if (run.Totals.Find(column) is { } metric) return Cell.Of(metric.Last);
        if (column.EndsWith(Min, StringComparison.Ordinal) && run.Totals.Find(column[..^Min.Length]) is { } least)
            return Cell.Of(least.Min);
        if (column.EndsWith(Max, StringComparison.Ordinal) && run.Totals.Find(column[..^Max.Length]) is { } most)
            return Cell.Of(most.Max);
        return run.Settings[column];
    }

    /// <summary>All columns that some run has a value in.</summary>
    public static IReadOnlyList<string> Of(IEnumerable<RunEntry> runs)
    {
        Throw.IfNull(runs, "columns");
        HashSet<string> settings = [], metrics = [], final = [];
        HashSet<string[]> seen = [];
        foreach (var run in runs)
        {
            if (seen.Add(run.Settings.Names)) settings.UnionWith(run.Settings.Names);
            if (seen.Add(run.Totals.Names)) metrics.UnionWith(run.Totals.Names);
            if (seen.Add(run.Final.Names)) final.UnionWith(run.Final.Names);
        }
        return [.. s_always.Concat(settings.Order(StringComparer.Ordinal))
            .Concat(metrics.Order(StringComparer.Ordinal).SelectMany(name => (string[])[name, name + Min, name + Max]))
            .Concat(final.Order(StringComparer.Ordinal).Select(name => Final + name)).Distinct()];
    }

    /// <summary>The metrics that some run has, which can be drawn as curves.</summary>
    public static IReadOnlyList<string> Metrics(IEnumerable<RunEntry> runs) =>
        [.. runs.SelectMany(run => run.Totals.Names).Distinct().Where(name => name != "seconds")
            .Order(StringComparer.Ordinal)];
}
