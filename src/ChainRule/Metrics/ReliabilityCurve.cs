using System.Globalization;

namespace ChainRule.Metrics;

/// <summary>The rows whose predicted probabilities lie in one interval.</summary>
public readonly record struct ReliabilityBin
{
    internal ReliabilityBin(double from, double to, double rows, double mean, double fraction) =>
        (From, To, Rows, MeanProbability, Fraction) = (from, to, rows, mean, fraction);

    /// <summary>The interval is above this; the first one takes it in.</summary>
    public double From { get; }

    /// <summary>The interval ends here, and takes it in.</summary>
    public double To { get; }

    /// <summary>The rows in it, or the sum of their weights.</summary>
    public double Rows { get; }

    /// <summary>The mean of their predicted probabilities.</summary>
    public double MeanProbability { get; }

    /// <summary>The fraction of them that is positive.</summary>
    public double Fraction { get; }
}

/// <summary>
/// Whether predicted probabilities are true: of the rows that are given 0.7, do 70 % turn out positive? Rows are put
/// into intervals of equal width by their probability; on a calibrated model's curve, mean probability and fraction of
/// positive rows are equal in each.
/// </summary>
public sealed class ReliabilityCurve
{
    const string Asked = "reliability curve";

    ReliabilityCurve(ReliabilityBin[] bins)
    {
        Bins = bins;
        double rows = bins.Sum(bin => bin.Rows);
        foreach (var bin in bins)
        {
            double error = Math.Abs(bin.Fraction - bin.MeanProbability);
            ExpectedCalibrationError += bin.Rows / rows * error;
            MaximumCalibrationError = Math.Max(MaximumCalibrationError, error);
        }
    }

    /// <summary>The curve of probabilities of the positive class.</summary>
    /// <param name="probabilities">One for each row, from 0 to 1.</param>
    /// <param name="actual">The class of each row: 1 for positive, 0 for negative.</param>
    /// <param name="bins">How many intervals 0 to 1 is divided into.</param>
    /// <param name="weights">How much each row counts; if empty, all count alike.</param>
    /// <exception cref="ArgumentException">The lengths differ, a probability is outside 0 to 1, a class is neither 0
    /// nor 1, or there are no bins.</exception>
    public static ReliabilityCurve Of(ReadOnlySpan<double> probabilities, ReadOnlySpan<int> actual, int bins = 10,
        ReadOnlySpan<double> weights = default)
    {
        Checks.Binary(Asked, probabilities, actual, weights);
        Checks.Probabilities(Asked, probabilities, 1);
        return Binned(probabilities, actual, bins, weights);
    }

    /// <summary>
    /// The curve of a model of several classes: the probability of the class it predicts, its confidence, against how
    /// often that class is the actual one.
    /// </summary>
    /// <param name="probabilities">[rows, classes], row by row; those of a row sum to 1.</param>
    /// <param name="actual">The class of each row, from 0.</param>
    /// <param name="bins">How many intervals 0 to 1 is divided into.</param>
    /// <param name="weights">How much each row counts; if empty, all count alike.</param>
    /// <exception cref="ArgumentException">The lengths do not fit, a number is no probability, those of a row do not
    /// sum to 1, or there are no bins.</exception>
    public static ReliabilityCurve OfConfidence(ReadOnlySpan<double> probabilities, ReadOnlySpan<int> actual,
        int bins = 10, ReadOnlySpan<double> weights = default)
    {
        int columns = Checks.Scores(Asked, probabilities, actual, weights);
        if (columns == 1)
            Throw.Argument($"{Asked} of confidence: there is one probability a row: give those of all classes, or "
                + "take Of, which takes the positive class's", nameof(probabilities));
        Checks.Probabilities(Asked, probabilities, columns);
        var (confidence, correct) = (new double[actual.Length], new int[actual.Length]);
        for (int i = 0; i < actual.Length; i++)
        {
            var row = probabilities.Slice(i * columns, columns);
            int best = System.Numerics.Tensors.TensorPrimitives.IndexOfMax(row);
            (confidence[i], correct[i]) = (row[best], best == actual[i] ? 1 : 0);
        }
        return Binned(confidence, correct, bins, weights);
    }

    /// <summary>The intervals that hold rows, from low to high.</summary>
    public IReadOnlyList<ReliabilityBin> Bins { get; }

    /// <summary>ECE = Σ (rows of a bin / all rows) · |fraction − mean probability|: 0 for a calibrated model. It falls
    /// where bins are fewer.</summary>
    public double ExpectedCalibrationError { get; }

    /// <summary>The largest |fraction − mean probability| of a bin.</summary>
    public double MaximumCalibrationError { get; }

    /// <summary>A row for each interval that holds rows of the data.</summary>
    public override string ToString() => TextTable.Of(
    [
        ["probability", "rows", "mean", "positive"],
        .. Bins.Select(bin => (string[])[$"{Text(bin.From)} to {Text(bin.To)}",
            bin.Rows.ToString("0.##", CultureInfo.InvariantCulture),
            TextTable.Number(bin.MeanProbability, "0.0000"), TextTable.Number(bin.Fraction, "0.0000")]),
    ]);

    static ReliabilityCurve Binned(ReadOnlySpan<double> probabilities, ReadOnlySpan<int> actual, int bins,
        ReadOnlySpan<double> weights)
    {
        if (bins is < 1 or > 1_000_000)
            Throw.OutOfRange($"{Asked}: {bins} bins: give between 1 and 1,000,000", nameof(bins));
        var (rows, sum, found) = (new double[bins], new double[bins], new double[bins]);
        double width = 1.0 / bins;
        for (int i = 0; i < actual.Length; i++)
        {
            double p = probabilities[i], weight = weights.IsEmpty ? 1 : weights[i];
            int bin = Math.Clamp((int)(p / width), 0, bins - 1);
            // The edges decide, as they are rounded, and not the quotient.
            while (bin > 0 && p <= bin * width) bin--;
            while (bin < bins - 1 && p > (bin + 1) * width) bin++;
            rows[bin] += weight;
            sum[bin] += weight * p;
            if (actual[i] == 1) found[bin] += weight;
        }
        return new([.. Enumerable.Range(0, bins).Where(bin => rows[bin] > 0)
            .Select(bin => new ReliabilityBin(bin * width, (bin + 1) * width, rows[bin], sum[bin] / rows[bin],
                found[bin] / rows[bin]))]);
    }

    static string Text(double edge) => edge.ToString("0.####", CultureInfo.InvariantCulture);
}
