namespace ChainRule.Pictures;

/// <summary>
/// Counts in bins of equal width from the lowest to the highest value; the last bin takes in its right border.
/// </summary>
sealed record Bins(double From, double To, int[] Counts)
{
    public int Total { get; private init; }

    public double Mean { get; private init; }

    /// <summary>√(Σ(x − mean)² / (n − 1)); 0 for a single value.</summary>
    public double Deviation { get; private init; }

    public double Edge(int i) => From + (To - From) * i / Counts.Length;

    /// <summary>count / (total · width): the area under all of them is 1.</summary>
    public double Density(int i) => Counts[i] / (Total * (To - From) / Counts.Length);

    public static Bins Of(string asked, Points points, int bins, (double From, double To)? range)
    {
        double[] values =
            [.. points.Seen.Select(point => point.Y).Where(y => range is not { } r || (y >= r.From && y <= r.To))];
        if (values.Length == 0)
            Throw.Argument($"{asked}: no value of '{points.Name}' is between {Words.Number(range!.Value.From)} and "
                + $"{Words.Number(range.Value.To)}: widen XRange");
        var (from, to) = range ?? (values.Min(), values.Max());
        // All values alike: a bin a unit wide, with the value in the middle.
        if (from == to) (from, to) = (from - 0.5, to + 0.5);
        int[] counts = new int[bins];
        foreach (double value in values) counts[Math.Min(bins - 1, (int)((value - from) / (to - from) * bins))]++;
        double mean = values.Average();
        return new(from, to, counts)
        {
            Total = values.Length, Mean = mean,
            Deviation = values.Length == 1 ? 0
                : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1)),
        };
    }
}
