using System.Runtime.CompilerServices;

namespace ChainRule.Metrics;

/// <summary>What every metric demands of its rows. The last parameters are the names that the numbers came
/// by.</summary>
static class Checks
{
    /// <summary>As many predictions as rows, each finite, and at least one row.</summary>
    public static void Pairs(string asked, ReadOnlySpan<double> predicted, ReadOnlySpan<double> actual,
        ReadOnlySpan<double> weights, [CallerArgumentExpression(nameof(predicted))] string ofPredicted = "",
        [CallerArgumentExpression(nameof(actual))] string ofActual = "")
    {
        if (predicted.Length != actual.Length)
            Throw.Argument($"{asked}: {predicted.Length} predicted numbers and {actual.Length} actual ones: give one "
                + "of each for a row", ofPredicted);
        Weights(asked, actual.Length, weights, ofActual);
        Finite(asked, "the predicted number", predicted, 1, ofPredicted);
        Finite(asked, "the actual number", actual, 1, ofActual);
    }

    /// <summary>One row of finite numbers for each class label; gives the numbers in a row.</summary>
    public static int Scores(string asked, ReadOnlySpan<double> scores, ReadOnlySpan<int> actual,
        ReadOnlySpan<double> weights, [CallerArgumentExpression(nameof(scores))] string ofScores = "",
        [CallerArgumentExpression(nameof(actual))] string ofActual = "")
    {
        Weights(asked, actual.Length, weights, ofActual);
        if (scores.Length == 0 || scores.Length % actual.Length != 0)
            Throw.Argument($"{asked}: {scores.Length} numbers for {actual.Length} rows: give each row one number, or "
                + "one for each class", ofScores);
        int columns = scores.Length / actual.Length;
        Finite(asked, "the score", scores, columns, ofScores);
        int classes = Math.Max(2, columns);
        for (int i = 0; i < actual.Length; i++)
        {
            if ((uint)actual[i] >= (uint)classes)
                Throw.Argument($"{asked}: row {i} is of class {actual[i]}, and the classes run from 0 to "
                    + $"{classes - 1}: number the classes from 0", ofActual);
        }
        return columns;
    }

    /// <summary>The same of one score a row, with classes 0 and 1.</summary>
    public static void Binary(string asked, ReadOnlySpan<double> scores, ReadOnlySpan<int> actual,
        ReadOnlySpan<double> weights, [CallerArgumentExpression(nameof(scores))] string ofScores = "",
        [CallerArgumentExpression(nameof(actual))] string ofActual = "")
    {
        if (scores.Length != actual.Length)
            Throw.Argument($"{asked}: {scores.Length} scores and {actual.Length} actual classes: give one of each "
                + "for a row", ofScores);
        Scores(asked, scores, actual, weights, ofScores, ofActual);
    }

    /// <summary>At least one row; no weights at all, or one for each row, not negative and not all 0.</summary>
    public static void Weights(string asked, int rows, ReadOnlySpan<double> weights, string ofRows)
    {
        if (rows == 0) Throw.Argument($"{asked}: there are no rows: give at least one", ofRows);
        if (weights.IsEmpty) return;
        if (weights.Length != rows)
            Throw.Argument($"{asked}: {weights.Length} weights for {rows} rows: give one for each row, or none",
                nameof(weights));
        double sum = 0;
        for (int i = 0; i < rows; i++)
        {
            if (!(weights[i] >= 0 && double.IsFinite(weights[i])))
                Throw.Argument($"{asked}: the weight of row {i} is {weights[i]}: give a finite number, 0 or more",
                    nameof(weights));
            sum += weights[i];
        }
        if (sum == 0)
            Throw.Argument($"{asked}: all {rows} weights are 0: give some row a weight", nameof(weights));
    }

    /// <summary>Probabilities: numbers from 0 to 1, and those of the classes of a row sum to 1.</summary>
    public static void Probabilities(string asked, ReadOnlySpan<double> probabilities, int columns)
    {
        // The float32 probabilities of a few thousand classes sum to 1 within this.
        const double Tolerance = 1e-4;
        double sum = 0;
        for (int i = 0; i < probabilities.Length; i++)
        {
            double p = probabilities[i];
            if (!(p is >= 0 and <= 1))
                Throw.Argument($"{asked}: row {i / columns} has the probability {p}: give numbers from 0 to 1, such "
                    + "as by Softmax or Sigmoid", nameof(probabilities));
            sum = i % columns == 0 ? p : sum + p;
            if (columns > 1 && (i + 1) % columns == 0 && !(Math.Abs(sum - 1) <= Tolerance))
                Throw.Argument($"{asked}: the probabilities of row {i / columns} sum to {sum}, not to 1: give those "
                    + "of all classes, such as by Softmax", nameof(probabilities));
        }
    }

    static void Finite(string asked, string what, ReadOnlySpan<double> numbers, int columns, string ofNumbers)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!double.IsFinite(numbers[i]))
                Throw.Argument($"{asked}: {what} of row {i / columns} is {numbers[i]}: give finite numbers", ofNumbers);
        }
    }
}
