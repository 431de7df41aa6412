using System.Globalization;

namespace ChainRule.Metrics;

/// <summary>
/// The ROC curve (receiver operating characteristic): the true positive rate against the false positive rate, as the
/// threshold falls past one score after another. Its area is the probability that a random positive row has a higher
/// score than a random negative one, ties counting half: 1 for a perfect order, 0.5 for one by chance.
/// </summary>
public sealed class RocCurve
{
    RocCurve(in ThresholdCounts counts)
    {
        double positives = counts.Positives, negatives = counts.Negatives;
        Thresholds = counts.Thresholds;
        TruePositiveRates = Array.ConvertAll(counts.TruePositives, count => count / positives);
        FalsePositiveRates = Array.ConvertAll(counts.FalsePositives, count => count / negatives);
        for (int i = 1; i < Thresholds.Count; i++)
            Area += (FalsePositiveRates[i] - FalsePositiveRates[i - 1])
                * (TruePositiveRates[i] + TruePositiveRates[i - 1]) / 2;
    }

    /// <summary>The curve of scores, the higher the more positive, and classes: 1 for positive, 0 for
    /// negative.</summary>
    /// <param name="scores">One for each row: probabilities, logits or any other numbers.</param>
    /// <param name="actual">The class of each row, 0 or 1.</param>
    /// <param name="weights">How much each row counts; if empty, all count alike.</param>
    /// <exception cref="ArgumentException">The lengths differ, a score is not finite, a class is neither 0 nor 1, or
    /// all rows are of one class.</exception>
    public static RocCurve Of(ReadOnlySpan<double> scores, ReadOnlySpan<int> actual,
        ReadOnlySpan<double> weights = default)
    {
        var counts = new ThresholdCounts("ROC curve", scores, actual, weights);
        counts.CheckBoth("ROC curve");
        return new(counts);
    }

    /// <summary>From high to low; the first, ∞, is reached by no row. A row is predicted positive where its score is at
    /// least the threshold.</summary>
    public IReadOnlyList<double> Thresholds { get; }

    /// <summary>TP / (TP + FN) at each threshold: recall, sensitivity.</summary>
    public IReadOnlyList<double> TruePositiveRates { get; }

    /// <summary>FP / (FP + TN) at each threshold: 1 − specificity.</summary>
    public IReadOnlyList<double> FalsePositiveRates { get; }

    /// <summary>AUC, the area under the curve, by the trapezoidal rule.</summary>
    public double Area { get; }

    public override string ToString() => $"ROC curve of {Thresholds.Count} points, area "
        + $"{Area.ToString("0.0000", CultureInfo.InvariantCulture)}";
}
