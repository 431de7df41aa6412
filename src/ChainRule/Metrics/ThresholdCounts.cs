namespace ChainRule.Metrics;

/// <summary>
/// What happens as a threshold falls past one score after another: at each distinct score, from the highest, the
/// positive and the negative rows that have at least that score. Rows of equal score are taken together. Before the
/// first stands a threshold that no row reaches.
/// </summary>
readonly struct ThresholdCounts
{
    public ThresholdCounts(string asked, ReadOnlySpan<double> scores, ReadOnlySpan<int> actual,
        ReadOnlySpan<double> weights)
    {
        Checks.Binary(asked, scores, actual, weights);
        double[] keys = scores.ToArray();
        int[] rows = [.. Enumerable.Range(0, keys.Length)];
        Array.Sort(keys, rows);
        List<double> thresholds = [double.PositiveInfinity], positives = [0], negatives = [0];
        double positive = 0, negative = 0;
        for (int i = keys.Length - 1; i >= 0; i--)
        {
            double weight = weights.IsEmpty ? 1 : weights[rows[i]];
            if (actual[rows[i]] == 1) positive += weight;
            else negative += weight;
            if (i > 0 && keys[i - 1] == keys[i]) continue;
            thresholds.Add(keys[i]);
            positives.Add(positive);
            negatives.Add(negative);
        }
        (Thresholds, TruePositives, FalsePositives) = ([.. thresholds], [.. positives], [.. negatives]);
    }

    public double[] Thresholds { get; }

    public double[] TruePositives { get; }

    public double[] FalsePositives { get; }

    public double Positives => TruePositives[^1];

    public double Negatives => FalsePositives[^1];

    public int Count => Thresholds.Length;

    /// <summary>Refuses rows of which none counts as positive, or none as negative.</summary>
    public void CheckBoth(string asked)
    {
        if (Positives == 0) Throw.Argument($"{asked}: no row is positive: give rows of class 1 too", "actual");
        if (Negatives == 0) Throw.Argument($"{asked}: no row is negative: give rows of class 0 too", "actual");
    }
}
