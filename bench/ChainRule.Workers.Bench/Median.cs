namespace ChainRule.Workers.Bench;

/// <summary>What stands in the middle.</summary>
static class Median
{
    /// <summary>The middle one, or the mean of the middle two.</summary>
    public static double Of(IEnumerable<double> numbers)
    {
        double[] sorted = [.. numbers.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
