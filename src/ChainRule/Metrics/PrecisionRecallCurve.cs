using System.Globalization;

namespace ChainRule.Metrics;

/// <summary>
/// Precision against recall, as the threshold falls past one score after another. Where positive rows are rare it says
/// more than the ROC curve does: the negative rows that are found rightly do not count. By chance, the average
/// precision is the fraction of positive rows.
/// </summary>
public sealed class PrecisionRecallCurve
{
    PrecisionRecallCurve(in ThresholdCounts counts)
    {
        double positives = counts.Positives;
        double[] precisions = new double[counts.Count];
        for (int i = 1; i < precisions.Length; i++)
        {
            double predicted = counts.TruePositives[i] + counts.FalsePositives[i];
            precisions[i] = predicted == 0 ? 1 : counts.TruePositives[i] / predicted;
        }
        precisions[0] = 1;
        (Thresholds, Precisions, Recalls) = (counts.Thresholds, precisions,
            Array.ConvertAll(counts.TruePositives, count => count / positives));
        for (int i = 1; i < precisions.Length; i++) AveragePrecision += (Recalls[i] - Recalls[i - 1]) * precisions[i];
    }

    /// <summary>The curve of scores, the higher the more positive, and classes: 1 for positive, 0 for
    /// negative.</summary>
    /// <inheritdoc cref="RocCurve.Of" path="/param"/>
    /// <exception cref="ArgumentException">The lengths differ, a score is not finite, a class is neither 0 nor 1, or no
    /// row is positive.</exception>
    public static PrecisionRecallCurve Of(ReadOnlySpan<double> scores, ReadOnlySpan<int> actual,
        ReadOnlySpan<double> weights = default)
    {
        var counts = new ThresholdCounts("precision-recall curve", scores, actual, weights);
        if (counts.Positives == 0)
            Throw.Argument("precision-recall curve: no row is positive: give rows of class 1 too", nameof(actual));
        return new(counts);
    }

    /// <summary>From high to low; the first, ∞, is reached by no row. A row is predicted positive where its score is at
    /// least the threshold.</summary>
    public IReadOnlyList<double> Thresholds { get; }

    /// <summary>TP / (TP + FP) at each threshold; 1 at the first, where nothing is predicted positive.</summary>
    public IReadOnlyList<double> Precisions { get; }

    /// <summary>TP / (TP + FN) at each threshold.</summary>
    public IReadOnlyList<double> Recalls { get; }

    /// <summary>AP = Σ (Rᵢ − Rᵢ₋₁) Pᵢ: the area under the curve as steps (PR-AUC), without the trapezoids that would
    /// flatter it.</summary>
    public double AveragePrecision { get; }

    public override string ToString() =>
        $"precision-recall curve of {Thresholds.Count} points, average precision "
            + $"{AveragePrecision.ToString("0.0000", CultureInfo.InvariantCulture)}";
}
