using System.Globalization;

namespace ChainRule.Metrics;

/// <summary>
/// From which score on a row is predicted positive. 0.5 is right for calibrated probabilities and equal costs alone.
/// Choose it on validation data: on the rows that a model is judged by, it would be chosen to suit them. It lies
/// halfway between two scores that occur; of equally good thresholds the highest is taken.
/// </summary>
public sealed record DecisionThreshold
{
    const string Asked = "decision threshold";

    DecisionThreshold(double threshold, double value) => (Threshold, Value) = (threshold, value);

    /// <summary>Rows with at least this score are predicted positive; ∞ if it is best to predict none so.</summary>
    public double Threshold { get; }

    /// <summary>What the criterion is at this threshold: F1, J, or the mean cost of a row.</summary>
    public double Value { get; }

    /// <summary>The threshold of the largest F1 = 2 TP / (2 TP + FP + FN).</summary>
    /// <inheritdoc cref="RocCurve.Of" path="/param"/>
    /// <exception cref="ArgumentException">The lengths differ, a score is not finite, a class is neither 0 nor 1, or no
    /// row is positive.</exception>
    public static DecisionThreshold ByF1(ReadOnlySpan<double> scores, ReadOnlySpan<int> actual,
        ReadOnlySpan<double> weights = default)
    {
        var counts = new ThresholdCounts(Asked, scores, actual, weights);
        if (counts.Positives == 0)
            Throw.Argument($"{Asked} by F1: no row is positive: give rows of class 1 too", nameof(actual));
        return Best(counts, static (found, wrong, all, _) => 2 * found / (found + wrong + all));
    }

    /// <summary>The threshold of the largest J = true positive rate − false positive rate (Youden): where the ROC curve
    /// is farthest above the diagonal.</summary>
    /// <inheritdoc cref="RocCurve.Of" path="/param"/>
    /// <inheritdoc cref="RocCurve.Of" path="/exception"/>
    public static DecisionThreshold ByYouden(ReadOnlySpan<double> scores, ReadOnlySpan<int> actual,
        ReadOnlySpan<double> weights = default)
    {
        var counts = new ThresholdCounts(Asked, scores, actual, weights);
        counts.CheckBoth(Asked);
        return Best(counts, static (found, wrong, positives, negatives) => found / positives - wrong / negatives);
    }

    /// <summary>The threshold of the least mean cost, (FP · falsePositive + FN · falseNegative) / n.</summary>
    /// <inheritdoc cref="RocCurve.Of" path="/param"/>
    /// <param name="falsePositive">What it costs to predict a negative row positive.</param>
    /// <param name="falseNegative">What it costs to miss a positive row.</param>
    /// <exception cref="ArgumentException">The lengths differ, a score is not finite, a class is neither 0 nor 1, or a
    /// cost is negative.</exception>
    public static DecisionThreshold ByCost(
        ReadOnlySpan<double> scores, ReadOnlySpan<int> actual, double falsePositive, double falseNegative,
        ReadOnlySpan<double> weights = default)
    {
        Throw.IfNegative(falsePositive, Asked, "the cost of a false positive is");
        Throw.IfNegative(falseNegative, Asked, "the cost of a false negative is");
        var counts = new ThresholdCounts(Asked, scores, actual, weights);
        var best = Best(counts, (found, wrong, positives, negatives) =>
            -(wrong * falsePositive + (positives - found) * falseNegative) / (positives + negatives));
        return new(best.Threshold, 0 - best.Value);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"threshold {Threshold:0.####} (criterion {Value:0.####})");

    // value(TP, FP, positives, negatives), the larger the better.
    static DecisionThreshold Best(in ThresholdCounts counts, Func<double, double, double, double, double> value)
    {
        // What differs by rounding alone is equally good.
        const double Rounding = 1e-12;
        int best = 0;
        double largest = value(0, 0, counts.Positives, counts.Negatives);
        for (int i = 1; i < counts.Count; i++)
        {
            double one = value(counts.TruePositives[i], counts.FalsePositives[i], counts.Positives, counts.Negatives);
            if (one > largest + Rounding * Math.Abs(largest)) (best, largest) = (i, one);
        }
        double at = counts.Thresholds[best];
        // Half of each, since the sum of the two may pass what a double holds.
        double below = best + 1 < counts.Count ? counts.Thresholds[best + 1] / 2 + at / 2 : at;
        return new(best > 0 && below < at ? below : at, largest);
    }
}
