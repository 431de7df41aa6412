using ChainRule.Data;
using ChainRule.Metrics;

namespace ChainRule.Zoo.Tables;

/// <summary>How good predictions of some rows are.</summary>
/// <param name="Loss">What a network minimises: the mean squared error of standardised targets, or the log
/// loss, with the weights of the classes.</param>
/// <param name="Metrics">The metrics, by name.</param>
/// <param name="Outputs">The predictions: a number for each row, or a probability for each class of each.</param>
/// <param name="Predicted">The number or the class that is predicted for each row.</param>
/// <param name="Actual">The number or the class that each row is of.</param>
sealed record TableScore(double Loss, IReadOnlyDictionary<string, double> Metrics, double[] Outputs,
    double[] Predicted, double[] Actual)
{
    /// <summary>The report of a classifier; null of a regression.</summary>
    public ClassificationReport? Classification { get; private init; }

    /// <summary>The error of each row: squared, or 1 where the class is wrong.</summary>
    public double[] Errors => [.. Predicted.Zip(Actual).Select(row =>
        Classification is null ? Math.Pow(row.First - row.Second, 2) : row.First == row.Second ? 0 : 1)];

    public static TableScore OfNumbers(double[] predicted, double[] actual, double std)
    {
        var report = RegressionReport.Of(predicted, actual);
        return new(report.MeanSquaredError / (std * std), Named(report.Values), predicted, predicted, actual);
    }

    public static TableScore OfClasses(double[] probabilities, int[] actual, IReadOnlyList<string> classes,
        double threshold, IReadOnlyList<double>? classWeights)
    {
        var report = ClassificationReport.Of(probabilities, actual, classes, threshold);
        int[] predicted = ChainRule.Metrics.Classification.Predicted(probabilities, actual.Length, threshold);
        double loss = classWeights is null ? report.LogLoss : ChainRule.Metrics.Classification.LogLoss(probabilities,
            actual, [.. actual.Select(label => classWeights[label])]);
        return new(loss, Named(report.Values), probabilities, [.. predicted.Select(c => (double)c)],
            [.. actual.Select(c => (double)c)]) { Classification = report };
    }

    static Dictionary<string, double> Named(IReadOnlyList<KeyValuePair<string, double>> values) =>
        values.ToDictionary();
}
