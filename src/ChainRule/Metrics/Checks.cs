namespace ChainRule.Metrics;

/// <summary>What every metric demands of its rows.</summary>
static class Checks
{
    /// <summary>As many predictions as rows, each finite, and at least one row.</summary>
    public static void Pairs(string asked, ReadOnlySpan<double> predicted, ReadOnlySpan<double> actual,
        ReadOnlySpan<double> weights)
    {
        if (predicted.Length != actual.Length)
            Throw.Argument($"{asked}: {predicted.Length} predicted numbers and {actual.Length} actual ones: give one "
                + "of each for a row");
        Weights(asked, actual.Length, weights);
        Finite(asked, "the predicted number", predicted, 1);
        Finite(asked, "the actual number", actual, 1);
    }

    /// <summary>One row of finite numbers for each class label; gives the numbers in a row.</summary>
    public static int Scores(string asked, ReadOnlySpan<double> scores, ReadOnlySpan<int> actual,
        ReadOnlySpan<double> weights)
    {
        Weights(asked, actual.Length, weights);
        if (scores.Length == 0 || scores.Length % actual.Length != 0)
            Throw.Argument($"{asked}: {scores.Length} numbers for {actual.Length} rows: give each row one number, or "
                + "one for each class");
        int columns = scores.Length / actual.Length;
        Finite(asked, "the score", scores, columns);
        int classes = Math.Max(2, columns);
        for (int i = 0; i < actual.Length; i++)
        {
            if ((uint)actual[i] >= (uint)classes)
                Throw.Argument($"{asked}: row {i} is of class {actual[i]}, and the classes run from 0 to "
                    + $"{classes - 1}: number the classes from 0");
        }
        return columns;
    }

    /// <summary>The same of one score a row, with classes 0 and 1.</summary>
    public static void Binary(string asked, ReadOnlySpan<double> scores, ReadOnlySpan<int> actual,
        ReadOnlySpan<double> weights)
    {
        if (scores.Length != actual.Length)
            Throw.Argument($"{asked}: {scores.Length} scores and {actual.Length} actual classes: give one of each "
                + "for a row");
        Scores(asked, scores, actual, weights);
    }

    /// <summary>At least one row; no weights at all, or one for each row, not negative and not all 0.</summary>
    public static void Weights(string asked, int rows, ReadOnlySpan<double> weights)
    {
        if (rows == 0) Throw.Argument($"{asked}: there are no rows: give at least one");
        if (weights.IsEmpty) return;
        if (weights.Length != rows)
            Throw.Argument($"{asked}: {weights.Length} weights for {rows} rows: give one for each row, or none");
        double sum = 0;
        for (int i = 0; i < rows; i++)
        {
            if (!(weights[i] >= 0 && double.IsFinite(weights[i])))
                Throw.Argument($"{asked}: the weight of row {i} is {weights[i]}: give a finite number, 0 or more");
            sum += weights[i];
        }
        if (sum == 0) Throw.Argument($"{asked}: all {rows} weights are 0: give some row a weight");
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
                    + "as by Softmax or Sigmoid");
            sum = i % columns == 0 ? p : sum + p;
            if (columns > 1 && (i + 1) % columns == 0 && !(Math.Abs(sum - 1) <= Tolerance))
                Throw.Argument($"{asked}: the probabilities of row {i / columns} sum to {sum}, not to 1: give those "
                    + "of all classes, such as by Softmax");
        }
    }

    static void Finite(string asked, string what, ReadOnlySpan<double> numbers, int columns)
    {
        for (int i = 0; i < numbers.Length; i++)
            if (!double.IsFinite(numbers[i]))
                Throw.Argument($"{asked}: {what} of row {i / columns} is {numbers[i]}: give finite numbers");
    }
}
