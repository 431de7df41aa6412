using ChainRule.Data;
using ChainRule.Metrics;

namespace ChainRule.Zoo.Tables;

/// <summary>What a model predicts of a row.</summary>
/// <param name="Value">The number; of a classifier, the probability of the predicted class.</param>
/// <param name="Class">The predicted class; null of a regression.</param>
/// <param name="Probabilities">The probability of each class, as <see cref="TableModel.Classes"/> has them; empty of a
/// regression.</param>
public sealed record TablePrediction(double Value, string? Class, IReadOnlyList<double> Probabilities)
{
    /// <summary>The number, or the class.</summary>
    public override string ToString() =>
        Class ?? Value.ToString("G7", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Why a model predicts what it does of a row.</summary>
/// <param name="Output">What is explained: the target, or the probability of a class.</param>
/// <param name="Prediction">The prediction.</param>
/// <param name="Baseline">The prediction for the mean of the training rows.</param>
/// <param name="Contributions">What each column adds to the baseline, in the order of
/// <see cref="TableModel.Columns"/>; they sum to the difference.</param>
public sealed record TableExplanation(string Output, double Prediction, double Baseline,
    IReadOnlyDictionary<string, double> Contributions);

/// <summary>How good a model is on the rows of a file. Prints as a table.</summary>
/// <param name="Regression">Of a regression.</param>
/// <param name="Classification">Of a classifier.</param>
/// <param name="RowsWithoutTarget">How many rows were left out, since they lack the target.</param>
public sealed record TableEvaluation(RegressionReport? Regression, ClassificationReport? Classification,
    int RowsWithoutTarget = 0)
{
    /// <summary>Each metric by its name.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Values => Regression?.Values ?? Classification!.Values;

    /// <inheritdoc/>
    public override string ToString() => Regression?.ToString() ?? Classification!.ToString();
}
