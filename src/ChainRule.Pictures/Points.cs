namespace ChainRule.Pictures;

/// <summary>A series that was checked: what of it can be drawn, and how much cannot.</summary>
sealed class Points
{
    Points(Series series) =>
        (Name, Key, Grouped, Hue, Bold) =
        (series.Name, series.Group ?? series.Name, series.Group is not null, series.Hue, series.Bold);

    public string Name { get; }

    /// <summary>What its colour stands for: its group, or else itself.</summary>
    public string Key { get; }

    public bool Grouped { get; }

    public Hue? Hue { get; }

    public bool Bold { get; }

    /// <summary>In the order given. A y that is NaN is a gap in a line.</summary>
    public List<(double X, double Y, string? Label)> Drawn { get; } = [];

    public int Given { get; private init; }

    /// <summary>How many values are no numbers or infinite.</summary>
    public int NotFinite { get; private set; }

    /// <summary>How many values a logarithmic axis has no place for.</summary>
    public int NotPositive { get; private set; }

    public bool HasLabels { get; private init; }

    public IEnumerable<(double X, double Y, string? Label)> Seen => Drawn.Where(point => !double.IsNaN(point.Y));

    /// <summary>Refuses what cannot be drawn, in one sentence.</summary>
    public static IReadOnlyList<Points> Of(string asked, IReadOnlyList<Series> series, ChartOptions options)
    {
        if (series.Count == 0) Throw.Argument($"{asked}: there is no series: give at least one");
        var names = new HashSet<string>();
        foreach (var one in series)
        {
            if (!names.Add(one.Name))
                Throw.Argument($"{asked}: two series are called '{one.Name}': give each a name of its own");
        }
        return [.. series.Select(one => Of(asked, one, options))];
    }

    static Points Of(string asked, Series series, ChartOptions options)
    {
        int count = series.Y.Count;
        if (count == 0) Throw.Argument($"{asked}: series '{series.Name}' is empty: give at least one value");
        if (series.X is { } x && x.Count != count)
            Throw.Argument($"{asked}: series '{series.Name}' has {Words.Count(x.Count, "x", "x")} for "
                + $"{Words.Count(count, "y", "y")}: give one for each");
        if (series.Labels is { } labels && labels.Count != count)
            Throw.Argument($"{asked}: series '{series.Name}' has {Words.Count(labels.Count, "label")} for "
                + $"{Words.Count(count, "point")}: give one for each");

        var points = new Points(series) { Given = count, HasLabels = series.Labels is not null };
        for (int i = 0; i < count; i++)
        {
            double at = series.X?[i] ?? i, y = series.Y[i];
            bool finite = double.IsFinite(at) && double.IsFinite(y);
            bool positive = !(options.LogX && at <= 0) && !(options.LogY && y <= 0);
            if (!finite) points.NotFinite++;
            else if (!positive) points.NotPositive++;
            if (double.IsFinite(at) && !(options.LogX && at <= 0))
                points.Drawn.Add((at, finite && positive ? y : double.NaN, series.Labels?[i]));
        }
        if (points.NotFinite + points.NotPositive == count)
            Throw.Argument($"{asked}: series '{series.Name}' has nothing to show: "
                + (points.NotPositive == 0 ? "no value is finite"
                    : "no value is above 0, as a logarithmic axis needs"));
        return points;
    }

    /// <summary>What was left out of a chart, in sentences; empty where nothing was.</summary>
    public static string LeftOut(IReadOnlyList<Points> all)
    {
        int infinite = all.Sum(one => one.NotFinite), low = all.Sum(one => one.NotPositive);
        return (infinite == 0 ? ""
            : $" Left out: {Words.Count(infinite, "value that is", "values that are")} not finite.")
            + (low == 0 ? ""
                : $" Left out: {Words.Count(low, "value")} not above 0, for which a logarithmic axis has no place.");
    }
}
