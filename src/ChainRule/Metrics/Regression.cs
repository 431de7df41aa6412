namespace ChainRule.Metrics;

/// <summary>
/// How far predicted numbers ŷ are from the actual numbers y, as means over n rows. With weights w, Σ w (…) / Σ w
/// stands in place of a mean. All are computed in double, and equal scikit-learn's.
/// </summary>
public static class Regression
{
    /// <summary>MSE = mean (y − ŷ)². In squared units of the target; large errors count most.</summary>
    /// <param name="predicted">ŷ, one number for each row.</param>
    /// <param name="actual">y, one number for each row.</param>
    /// <param name="weights">How much each row counts; if empty, all count alike.</param>
    /// <exception cref="ArgumentException">The lengths differ, there are no rows, or a number is not
    /// finite.</exception>
    public static double MeanSquaredError(ReadOnlySpan<double> predicted, ReadOnlySpan<double> actual,
        ReadOnlySpan<double> weights = default)
    {
        Checks.Pairs("mean squared error", predicted, actual, weights);
        return SquaredErrors(predicted, actual, weights) / Total(actual.Length, weights);
    }

    /// <summary>RMSE = √(mean (y − ŷ)²). In units of the target.</summary>
    /// <inheritdoc cref="MeanSquaredError" path="/param"/>
    /// <inheritdoc cref="MeanSquaredError" path="/exception"/>
    public static double RootMeanSquaredError(ReadOnlySpan<double> predicted, ReadOnlySpan<double> actual,
        ReadOnlySpan<double> weights = default) =>
        Math.Sqrt(MeanSquaredError(predicted, actual, weights));

    /// <summary>MAE = mean |y − ŷ|. In units of the target; a few large errors count no more than their size.</summary>
    /// <inheritdoc cref="MeanSquaredError" path="/param"/>
    /// <inheritdoc cref="MeanSquaredError" path="/exception"/>
    public static double MeanAbsoluteError(ReadOnlySpan<double> predicted, ReadOnlySpan<double> actual,
        ReadOnlySpan<double> weights = default)
    {
        Checks.Pairs("mean absolute error", predicted, actual, weights);
        double sum = 0;
        for (int i = 0; i < actual.Length; i++) sum += Weight(weights, i) * Math.Abs(actual[i] - predicted[i]);
        return sum / Total(actual.Length, weights);
    }

    /// <summary>The median of |y − ŷ|: half of the rows are predicted at least as well. Of an even number of rows, the
    /// mean of the middle two.</summary>
    /// <inheritdoc cref="MeanSquaredError" path="/param[@name='predicted']"/>
    /// <inheritdoc cref="MeanSquaredError" path="/param[@name='actual']"/>
    /// <inheritdoc cref="MeanSquaredError" path="/exception"/>
    public static double MedianAbsoluteError(ReadOnlySpan<double> predicted, ReadOnlySpan<double> actual)
    {
        Checks.Pairs("median absolute error", predicted, actual, default);
        double[] errors = new double[actual.Length];
        for (int i = 0; i < errors.Length; i++) errors[i] = Math.Abs(actual[i] - predicted[i]);
        Array.Sort(errors);
        int middle = errors.Length / 2;
        return errors.Length % 2 == 1 ? errors[middle] : (errors[middle - 1] + errors[middle]) / 2;
    }

    /// <summary>
    /// R² = 1 − Σ (y − ŷ)² / Σ (y − ȳ)²: 1 for a perfect prediction, 0 for one that is no better than the mean ȳ of
    /// these rows, below 0 for a worse one.
    /// </summary>
    /// <inheritdoc cref="MeanSquaredError" path="/param"/>
    /// <exception cref="ArgumentException">The lengths differ, a number is not finite, or all actual numbers are equal:
    /// R² is not defined then.</exception>
    public static double RSquared(ReadOnlySpan<double> predicted, ReadOnlySpan<double> actual,
        ReadOnlySpan<double> weights = default)
    {
        Checks.Pairs("R²", predicted, actual, weights);
        CheckVaries("R²", actual, weights);
        return 1 - SquaredErrors(predicted, actual, weights) / SquaredDeviations(actual, weights);
    }

    /// <summary>1 − Var(y − ŷ) / Var(y): R² after the mean error is taken out of the predictions. Above R² where all
    /// are predicted too high, or too low.</summary>
    /// <inheritdoc cref="RSquared" path="/param"/>
    /// <inheritdoc cref="RSquared" path="/exception"/>
    public static double ExplainedVariance(ReadOnlySpan<double> predicted, ReadOnlySpan<double> actual,
        ReadOnlySpan<double> weights = default)
    {
        Checks.Pairs("explained variance", predicted, actual, weights);
        CheckVaries("explained variance", actual, weights);
        double[] errors = new double[actual.Length];
        for (int i = 0; i < errors.Length; i++) errors[i] = actual[i] - predicted[i];
        return 1 - SquaredDeviations(errors, weights) / SquaredDeviations(actual, weights);
    }

    /// <summary>Whether the rows that count have more than one actual number.</summary>
    internal static bool Varies(ReadOnlySpan<double> actual, ReadOnlySpan<double> weights)
    {
        double? first = null;
        for (int i = 0; i < actual.Length; i++)
        {
            if (Weight(weights, i) == 0) continue;
            first ??= actual[i];
            if (actual[i] != first) return true;
        }
        return false;
    }

    static void CheckVaries(string asked, ReadOnlySpan<double> actual, ReadOnlySpan<double> weights)
    {
        if (Varies(actual, weights)) return;
        string rows = actual.Length == 1 ? "there is one row"
            : $"all {actual.Length} actual numbers are {actual[0]:G6}";
        Throw.Argument($"{asked}: {rows}, so that their variance is 0, which is divided by: give rows whose targets "
            + "differ, or take the mean squared error", nameof(actual));
    }

    static double SquaredErrors(ReadOnlySpan<double> predicted, ReadOnlySpan<double> actual,
        ReadOnlySpan<double> weights)
    {
        double sum = 0;
        for (int i = 0; i < actual.Length; i++)
            sum += Weight(weights, i) * (actual[i] - predicted[i]) * (actual[i] - predicted[i]);
        return sum;
    }

    static double SquaredDeviations(ReadOnlySpan<double> x, ReadOnlySpan<double> weights)
    {
        double mean = 0, sum = 0;
        for (int i = 0; i < x.Length; i++) mean += Weight(weights, i) * x[i];
        mean /= Total(x.Length, weights);
        for (int i = 0; i < x.Length; i++) sum += Weight(weights, i) * (x[i] - mean) * (x[i] - mean);
        return sum;
    }

    static double Weight(ReadOnlySpan<double> weights, int row) => weights.IsEmpty ? 1 : weights[row];

    static double Total(int rows, ReadOnlySpan<double> weights)
    {
        double sum = 0;
        for (int i = 0; i < rows; i++) sum += Weight(weights, i);
        return sum;
    }
}
