using System.Numerics.Tensors;

namespace ChainRule.Metrics;

/// <summary>
/// How good scores and probabilities of classes are. What follows from predicted classes alone, such as accuracy and
/// F1, stands in <see cref="ConfusionMatrix"/>. Scores are [rows, classes], row by row, or one number a row for classes
/// 0 and 1, which is that of class 1. All equal scikit-learn's.
/// </summary>
public static class Classification
{
    /// <summary>
    /// Log loss, the cross-entropy: −mean ln p of the actual class, in nats. A probability below 2⁻⁵² counts as 2⁻⁵²,
    /// so that one confident error does not make it infinite.
    /// </summary>
    /// <param name="probabilities">[rows, classes], or those of class 1 alone.</param>
    /// <param name="actual">The class of each row, from 0.</param>
    /// <param name="weights">How much each row counts; if empty, all count alike.</param>
    /// <exception cref="ArgumentException">The lengths do not fit, a probability is outside 0 to 1, those of a row do
    /// not sum to 1, or a class is not there.</exception>
    public static double LogLoss(ReadOnlySpan<double> probabilities, ReadOnlySpan<int> actual,
        ReadOnlySpan<double> weights = default)
    {
        const double Least = 1.0 / (1L << 52);
        int columns = Checks.Scores("log loss", probabilities, actual, weights);
        Checks.Probabilities("log loss", probabilities, columns);
        double sum = 0, total = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            var row = probabilities.Slice(i * columns, columns);
            double p = columns > 1 ? row[actual[i]] : actual[i] == 1 ? row[0] : 1 - row[0];
            double all = 0;
            foreach (double one in row) all += Math.Clamp(one, Least, 1 - Least);
            p = Math.Clamp(p, Least, 1 - Least) / (columns > 1 ? all : 1);
            double weight = weights.IsEmpty ? 1 : weights[i];
            (sum, total) = (sum - weight * Math.Log(p), total + weight);
        }
        return sum / total;
    }

    /// <summary>
    /// The Brier score, a mean squared error of probabilities. Of classes 0 and 1, mean (p − y)², between 0 and 1; of
    /// more, mean Σ (p of a class − 1 if it is the actual one)², between 0 and 2. One confident error costs little
    /// beside what it costs the log loss.
    /// </summary>
    /// <inheritdoc cref="LogLoss" path="/param"/>
    /// <inheritdoc cref="LogLoss" path="/exception"/>
    public static double BrierScore(ReadOnlySpan<double> probabilities, ReadOnlySpan<int> actual,
        ReadOnlySpan<double> weights = default)
    {
        int columns = Checks.Scores("Brier score", probabilities, actual, weights);
        Checks.Probabilities("Brier score", probabilities, columns);
        double sum = 0, total = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            var row = probabilities.Slice(i * columns, columns);
            double error = 0;
            if (columns <= 2) error = (row[^1] - actual[i]) * (row[^1] - actual[i]);
            else for (int c = 0; c < columns; c++) error += Math.Pow(row[c] - (c == actual[i] ? 1 : 0), 2);
            double weight = weights.IsEmpty ? 1 : weights[i];
            (sum, total) = (sum + weight * error, total + weight);
        }
        return sum / total;
    }

    /// <summary>
    /// The fraction of rows whose actual class is among the k with the highest scores. Of equal scores the class with
    /// the lower number goes first, as in
    /// <see cref="Tensor.ArgMax(int, bool)"/>.
    /// </summary>
    /// <param name="scores">[rows, classes].</param>
    /// <param name="k">How many classes may be named, from 1.</param>
    /// <inheritdoc cref="LogLoss" path="/param[@name='actual']"/>
    /// <inheritdoc cref="LogLoss" path="/param[@name='weights']"/>
    /// <exception cref="ArgumentException">The lengths do not fit, there is one score a row, a score is not finite, or
    /// k is below 1.</exception>
    public static double TopKAccuracy(ReadOnlySpan<double> scores, ReadOnlySpan<int> actual, int k,
        ReadOnlySpan<double> weights = default)
    {
        if (k < 1) Throw.OutOfRange($"top-k accuracy: k is {k}: give 1 or more", nameof(k));
        int columns = Checks.Scores("top-k accuracy", scores, actual, weights);
        if (columns == 1)
            Throw.Argument("top-k accuracy: there is one score a row: give one for each class", nameof(scores));
        double found = 0, total = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            var row = scores.Slice(i * columns, columns);
            int before = 0;
            for (int c = 0; c < columns; c++)
                if (row[c] > row[actual[i]] || row[c] == row[actual[i]] && c < actual[i]) before++;
            double weight = weights.IsEmpty ? 1 : weights[i];
            total += weight;
            if (before < k) found += weight;
        }
        return found / total;
    }

    /// <summary>
    /// ROC-AUC. Of classes 0 and 1, the area under the <see cref="RocCurve"/> of class 1; of more, the mean of each
    /// class against the rest (one-versus-rest).
    /// </summary>
    /// <inheritdoc cref="LogLoss" path="/param[@name='actual']"/>
    /// <inheritdoc cref="LogLoss" path="/param[@name='weights']"/>
    /// <param name="scores">[rows, classes], or those of class 1 alone.</param>
    /// <param name="averaging">How the areas of several classes become one.</param>
    /// <exception cref="ArgumentException">The lengths do not fit, a score is not finite, or a class does not occur: it
    /// has no curve.</exception>
    public static double RocAuc(
        ReadOnlySpan<double> scores, ReadOnlySpan<int> actual, Averaging averaging = Averaging.Macro,
        ReadOnlySpan<double> weights = default) =>
        OneVersusRest("ROC-AUC", scores, actual, averaging, weights, static (s, a, w) => RocCurve.Of(s, a, w).Area);

    /// <summary>
    /// Average precision (PR-AUC). Of classes 0 and 1, that of class 1 on the <see cref="PrecisionRecallCurve"/>; of
    /// more, the mean of each class against the rest.
    /// </summary>
    /// <inheritdoc cref="RocAuc" path="/param"/>
    /// <inheritdoc cref="RocAuc" path="/exception"/>
    public static double AveragePrecision(
        ReadOnlySpan<double> scores, ReadOnlySpan<int> actual, Averaging averaging = Averaging.Macro,
        ReadOnlySpan<double> weights = default) =>
        OneVersusRest("average precision", scores, actual, averaging, weights, static (s, a, w) =>
            PrecisionRecallCurve.Of(s, a, w).AveragePrecision);

    /// <summary>The class of the highest score in each row; of one score a row, 1 where it is at least the
    /// threshold.</summary>
    /// <param name="scores">[rows, classes], or those of class 1 alone.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="threshold">For two classes: class 1 is predicted from this score on.</param>
    /// <exception cref="ArgumentException">The numbers do not fill the rows.</exception>
    public static int[] Predicted(ReadOnlySpan<double> scores, int rows, double threshold = 0.5)
    {
        if (rows < 1 || scores.Length == 0 || scores.Length % rows != 0)
            Throw.Argument($"predicted classes: {scores.Length} scores for {rows} rows: give each row one score, or "
                + "one for each class", nameof(scores));
        if (double.IsNaN(threshold))
            Throw.OutOfRange("predicted classes: the threshold is NaN: give a number", nameof(threshold));
        int columns = scores.Length / rows;
        int[] predicted = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            var row = scores.Slice(i * columns, columns);
            predicted[i] = columns > 2 ? TensorPrimitives.IndexOfMax(row) : row[^1] >= threshold ? 1 : 0;
        }
        return predicted;
    }

    delegate double OfBinary(ReadOnlySpan<double> scores, ReadOnlySpan<int> actual, ReadOnlySpan<double> weights);

    static double OneVersusRest(
        string asked, ReadOnlySpan<double> scores, ReadOnlySpan<int> actual, Averaging averaging,
        ReadOnlySpan<double> weights, OfBinary metric)
    {
        if (!Enum.IsDefined(averaging))
            Throw.OutOfRange($"{asked}: averaging {(int)averaging}: give Averaging.Macro, Weighted or Micro",
                nameof(averaging));
        int columns = Checks.Scores(asked, scores, actual, weights), rows = actual.Length;
        if (columns == 1) return metric(scores, actual, weights);
        var (own, rest, support) = (new double[columns][], new int[columns][], new double[columns]);
        for (int c = 0; c < columns; c++)
        {
            (own[c], rest[c]) = (new double[rows], new int[rows]);
            for (int i = 0; i < rows; i++)
            {
                (own[c][i], rest[c][i]) = (scores[i * columns + c], actual[i] == c ? 1 : 0);
                if (actual[i] == c) support[c] += weights.IsEmpty ? 1 : weights[i];
            }
            if (support[c] == 0)
                Throw.Argument($"{asked}: class {c} does not occur among the {rows} rows, and has no curve: give "
                    + "rows of each class", nameof(actual));
        }
        if (columns == 2) return metric(own[1], rest[1], weights);
        if (averaging == Averaging.Micro)
        {
            double[] repeated = weights.IsEmpty ? []
                : [.. Enumerable.Repeat(weights.ToArray(), columns).SelectMany(one => one)];
            return metric([.. own.SelectMany(one => one)], [.. rest.SelectMany(one => one)], repeated);
        }
        double sum = 0, total = 0;
        for (int c = 0; c < columns; c++)
        {
            double weight = averaging == Averaging.Macro ? 1 : support[c];
            sum += weight * metric(own[c], rest[c], weights);
            total += weight;
        }
        return sum / total;
    }
}
