namespace ChainRule.Zoo.Tables;

/// <summary>
/// By how much the errors of one model are larger than those of another on the same rows: the mean of the differences,
/// and the interval that holds it with 95 % confidence, 1.96 standard errors to each side.
/// </summary>
/// <remarks>It is for the many rows of a test part, whose mean is distributed normally whatever the errors are. A few
/// runs with different seeds are compared by <see cref="Metrics.PairedTTest"/>, whose interval is wider the fewer they
/// are.</remarks>
readonly record struct PairedDifference(double Mean, double Low, double High)
{
    /// <summary>Whether the other is better by more than chance.</summary>
    public bool IsBetter => Low > 0;

    /// <summary>Whether the other is worse by more than chance.</summary>
    public bool IsWorse => High < 0;

    /// <summary>Compares the errors of two models.</summary>
    public static PairedDifference Of(double[] one, double[] other)
    {
        double[] differences = [.. one.Zip(other, (a, b) => a - b)];
        double mean = differences.Average(),
            std = Math.Sqrt(differences.Sum(d => (d - mean) * (d - mean)) / Math.Max(1, differences.Length - 1));
        double half = 1.96 * std / Math.Sqrt(differences.Length);
        return new(mean, mean - half, mean + half);
    }
}
