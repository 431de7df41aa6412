namespace ChainRule.Metrics;

/// <summary>All metrics of a regression at once; prints as a table. What is not defined, since all targets are equal,
/// is NaN and prints as a dash.</summary>
public sealed record RegressionReport
{
    RegressionReport(ReadOnlySpan<double> predicted, ReadOnlySpan<double> actual, ReadOnlySpan<double> weights)
    {
        Rows = actual.Length;
        RootMeanSquaredError = Regression.RootMeanSquaredError(predicted, actual, weights);
        MeanAbsoluteError = Regression.MeanAbsoluteError(predicted, actual, weights);
        MedianAbsoluteError = Regression.MedianAbsoluteError(predicted, actual);
        bool varies = Regression.Varies(actual, weights);
        RSquared = varies ? Regression.RSquared(predicted, actual, weights) : double.NaN;
        ExplainedVariance = varies ? Regression.ExplainedVariance(predicted, actual, weights) : double.NaN;
    }

    /// <summary>Measures predictions.</summary>
    /// <inheritdoc cref="Regression.MeanSquaredError" path="/param"/>
    /// <inheritdoc cref="Regression.MeanSquaredError" path="/exception"/>
    public static RegressionReport Of(ReadOnlySpan<double> predicted, ReadOnlySpan<double> actual,
        ReadOnlySpan<double> weights = default) =>
        new(predicted, actual, weights);

    /// <summary>Measures a model's outputs, of as many numbers as the targets have.</summary>
    /// <exception cref="ArgumentException">They have not as many, there are none, or a number is not
    /// finite.</exception>
    public static RegressionReport Of(Tensor outputs, Tensor targets) => new(outputs.To(DType.Float64).Read<double>(),
        targets.To(DType.Float64).Read<double>(), default);

    /// <summary>How many rows were measured.</summary>
    public int Rows { get; }

    /// <inheritdoc cref="Regression.MeanSquaredError" path="/summary"/>
    public double MeanSquaredError => RootMeanSquaredError * RootMeanSquaredError;

    /// <inheritdoc cref="Regression.RootMeanSquaredError" path="/summary"/>
    public double RootMeanSquaredError { get; }

    /// <inheritdoc cref="Regression.MeanAbsoluteError" path="/summary"/>
    public double MeanAbsoluteError { get; }

    /// <inheritdoc cref="Regression.MedianAbsoluteError" path="/summary"/>
    public double MedianAbsoluteError { get; }

    /// <inheritdoc cref="Regression.RSquared" path="/summary"/>
    public double RSquared { get; }

    /// <inheritdoc cref="Regression.ExplainedVariance" path="/summary"/>
    public double ExplainedVariance { get; }

    /// <summary>Each metric by its name.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Values =>
    [
        new("RMSE", RootMeanSquaredError), new("MAE", MeanAbsoluteError),
        new("median absolute error", MedianAbsoluteError), new("R²", RSquared),
        new("explained variance", ExplainedVariance),
    ];

    public override string ToString() => MetricTable.Of(Rows, Values);
}
