using System.Globalization;
using System.Runtime.CompilerServices;

namespace ChainRule.Metrics;

/// <summary>How the numbers of several classes become one.</summary>
public enum Averaging
{
    /// <summary>The plain mean over the classes that occur, as actual or as predicted ones: a rare class counts as much
    /// as a common one.</summary>
    Macro,

    /// <summary>The mean weighted by how many rows each class has.</summary>
    Weighted,

    /// <summary>All rows together. Of precision, recall and F1, each is then the accuracy.</summary>
    Micro,
}

/// <summary>How one class, or all of them, is found. What would be 0 / 0 is 0, as it is in scikit-learn.</summary>
public readonly record struct ClassScores
{
    internal ClassScores(double precision, double recall, double f1, double support) =>
        (Precision, Recall, F1, Support) = (precision, recall, f1, support);

    /// <summary>TP / (TP + FP): of the rows that were predicted to be of the class, the fraction that is. 0 where none
    /// was.</summary>
    public double Precision { get; }

    /// <summary>TP / (TP + FN): of the rows of the class, the fraction that was found (sensitivity, true positive
    /// rate). 0 where there are none.</summary>
    public double Recall { get; }

    /// <summary>F1 = 2 TP / (2 TP + FP + FN): the harmonic mean of precision and recall.</summary>
    public double F1 { get; }

    /// <summary>The rows of the class, or the sum of their weights.</summary>
    public double Support { get; }
}

/// <summary>
/// How often each class was predicted for each actual class, and what follows from these counts: accuracy, precision,
/// recall, F1, balanced accuracy and Matthews' correlation. Prints as a table.
/// </summary>
public sealed class ConfusionMatrix
{
    const int MostPrinted = 30, MostClasses = 4096;

    readonly double[,] _counts;
    readonly double[] _actual, _predicted;

    ConfusionMatrix(double[,] counts, string[] names)
    {
        (_counts, Names) = (counts, names);
        (_actual, _predicted) = (new double[names.Length], new double[names.Length]);
        for (int a = 0; a < names.Length; a++)
        {
            for (int p = 0; p < names.Length; p++)
            {
                _actual[a] += counts[a, p];
                _predicted[p] += counts[a, p];
                Total += counts[a, p];
                if (a == p) Correct += counts[a, p];
            }
        }
    }

    /// <summary>Counts the rows by their actual and their predicted class.</summary>
    /// <param name="predicted">The predicted class of each row, from 0.</param>
    /// <param name="actual">The actual class of each row, from 0.</param>
    /// <param name="names">The name of each class; if null, they are numbered, as far as the largest that
    /// occurs.</param>
    /// <param name="weights">How much each row counts; if empty, all count alike.</param>
    /// <exception cref="ArgumentException">The lengths differ, there are no rows, or a row is of a class that has no
    /// name.</exception>
    public static ConfusionMatrix Of(ReadOnlySpan<int> predicted, ReadOnlySpan<int> actual,
        IReadOnlyList<string>? names = null, ReadOnlySpan<double> weights = default)
    {
        const string Asked = "confusion matrix";
        if (predicted.Length != actual.Length)
            Throw.Argument($"{Asked}: {predicted.Length} predicted classes and {actual.Length} actual ones: give one "
                + "of each for a row", nameof(predicted));
        Checks.Weights(Asked, actual.Length, weights, nameof(actual));
        int classes = names?.Count ?? 0;
        for (int i = 0; i < actual.Length; i++)
        {
            int least = Math.Min(actual[i], predicted[i]), largest = Math.Max(actual[i], predicted[i]);
            if (least < 0)
                Throw.Argument($"{Asked}: row {i} is of class {least}: number the classes from 0, and leave out rows "
                    + "without a class", actual[i] < 0 ? nameof(actual) : nameof(predicted));
            if (names is not null && largest >= names.Count)
                Throw.Argument($"{Asked}: row {i} is of class {largest}, and {names.Count} classes have names: name "
                    + "all of them", actual[i] == largest ? nameof(actual) : nameof(predicted));
            classes = Math.Max(classes, largest == int.MaxValue ? largest : largest + 1);
        }
        if (classes > MostClasses)
            Throw.Argument($"{Asked}: {classes:N0} classes: number them from 0, {MostClasses:N0} of them at most",
                names is null ? nameof(actual) : nameof(names));
        double[,] counts = new double[classes, classes];
        for (int i = 0; i < actual.Length; i++) counts[actual[i], predicted[i]] += weights.IsEmpty ? 1 : weights[i];
        return new(counts, ClassNames(Asked, names, classes));
    }

    /// <summary>The same of a model's outputs [rows, classes], of which the largest of each row is its
    /// prediction.</summary>
    /// <exception cref="ArgumentException">There is not one target for each row.</exception>
    public static ConfusionMatrix Of(Tensor outputs, Ids targets, IReadOnlyList<string>? names = null)
    {
        Throw.IfNull(targets, "confusion matrix");
        if (outputs.Rank == 0 || targets.Count * (long)outputs.Shape[^1] != outputs.Count)
            Throw.Argument($"confusion matrix: {outputs.Shape} numbers for {targets.Shape} targets: give numbers "
                + "[rows, classes] and one target for each row", nameof(targets));
        names ??= ClassNames("confusion matrix", null, outputs.Shape[^1]);
        return Of(outputs.ArgMax().Span, targets.Span, names);
    }

    /// <summary>The matrix of counts that were made before.</summary>
    /// <param name="counts">[actual][predicted]: how many rows of each actual class were predicted to be of each
    /// class.</param>
    /// <param name="names">The name of each class; if null, they are numbered.</param>
    /// <exception cref="ArgumentException">The counts are not square, one is below 0, all are 0, or there
    /// is not one name for each class.</exception>
    public static ConfusionMatrix FromCounts(IReadOnlyList<IReadOnlyList<int>> counts,
        IReadOnlyList<string>? names = null)
    {
        const string Asked = "confusion matrix";
        Throw.IfNull(counts, Asked);
        int classes = counts.Count;
        double[,] made = new double[classes, classes];
        for (int a = 0; a < classes; a++)
        {
            if (counts[a]?.Count != classes)
                Throw.Argument($"{Asked}: row {a} has {counts[a]?.Count ?? 0} counts for {classes} classes: give one "
                    + "for each", nameof(counts));
            for (int p = 0; p < classes; p++)
            {
                made[a, p] = counts[a][p];
                if (counts[a][p] < 0)
                    Throw.Argument($"{Asked}: {counts[a][p]} rows of class {a} were predicted to be of class {p}: give "
                        + "0 or more", nameof(counts));
            }
        }
        if (made.Cast<double>().Sum() == 0)
            Throw.Argument($"{Asked}: there are no rows: give at least one", nameof(counts));
        if (names is not null && names.Count != classes)
            Throw.Argument($"{Asked}: {names.Count} names for {classes} classes: give one for each", nameof(names));
        return new(made, ClassNames(Asked, names, classes));
    }

    /// <summary>The names of the classes, in the order of their numbers.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The rows, or the sum of their weights.</summary>
    public double Total { get; }

    /// <summary>The rows whose predicted class is the actual one.</summary>
    public double Correct { get; }

    /// <summary>The rows of an actual class for which a class was predicted.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public double this[int actual, int predicted]
    {
        get
        {
            Check(actual);
            Check(predicted);
            return _counts[actual, predicted];
        }
    }

    /// <summary>The fraction of rows whose predicted class is the actual one.</summary>
    public double Accuracy => Correct / Total;

    /// <summary>
    /// The mean recall over the classes that occur: what the accuracy would be if all had equally many rows. A model
    /// that always predicts one of C classes has 1 / C.
    /// </summary>
    public double BalancedAccuracy
    {
        get
        {
            int[] occur = [.. Enumerable.Range(0, Names.Count).Where(c => _actual[c] > 0)];
            return occur.Average(c => _counts[c, c] / _actual[c]);
        }
    }

    /// <summary>
    /// MCC, the correlation between actual and predicted classes: 1 for a perfect prediction, 0 for one by chance or of
    /// one class alone, at least −1. Of two classes, (TP TN − FP FN) / √((TP + FP) (TP + FN) (TN + FP) (TN + FN)); of
    /// more, Gorodkin's R.
    /// </summary>
    public double MatthewsCorrelation
    {
        get
        {
            double both = Correct * Total, actual = Total * Total, predicted = Total * Total;
            for (int c = 0; c < Names.Count; c++)
            {
                both -= _actual[c] * _predicted[c];
                actual -= _actual[c] * _actual[c];
                predicted -= _predicted[c] * _predicted[c];
            }
            return actual * predicted == 0 ? 0 : both / Math.Sqrt(actual * predicted);
        }
    }

    /// <summary>Precision, recall and F1 of one class against all others.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public ClassScores Of(int label)
    {
        Check(label);
        double found = _counts[label, label];
        return new(Ratio(found, _predicted[label]), Ratio(found, _actual[label]),
            Ratio(2 * found, _predicted[label] + _actual[label]), _actual[label]);
    }

    /// <summary>Precision, recall and F1 of all classes together.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such averaging.</exception>
    public ClassScores Average(Averaging averaging)
    {
        if (!Enum.IsDefined(averaging))
            Throw.OutOfRange($"average of classes: averaging {(int)averaging}: give Averaging.Macro, Weighted or "
                + "Micro", nameof(averaging));
        if (averaging == Averaging.Micro) return new(Accuracy, Accuracy, Accuracy, Total);
        double precision = 0, recall = 0, f1 = 0, sum = 0;
        for (int c = 0; c < Names.Count; c++)
        {
            var one = Of(c);
            double weight = averaging == Averaging.Weighted ? _actual[c] : _actual[c] + _predicted[c] > 0 ? 1 : 0;
            precision += weight * one.Precision;
            recall += weight * one.Recall;
            f1 += weight * one.F1;
            sum += weight;
        }
        return new(precision / sum, recall / sum, f1 / sum, Total);
    }

    /// <summary>A row for each actual class, a column for each predicted one; of more than 30 classes, one line
    /// alone.</summary>
    public override string ToString()
    {
        if (Names.Count > MostPrinted)
            return $"confusion matrix of {Names.Count} classes and {Count(Total)} rows, accuracy "
                + $"{Accuracy.ToString("0.0000", CultureInfo.InvariantCulture)}";
        string[] shown = [.. Names.Select(name => Printable.Of(name, 20))];
        return TextTable.Of([["actual \\ predicted", .. shown],
            .. shown.Select((name, a) => (string[])[name, .. shown.Select((_, p) => Count(_counts[a, p]))])]);
    }

    internal static string[] ClassNames(string asked, IReadOnlyList<string>? names, int classes)
    {
        if (names is null)
            return [.. Enumerable.Range(0, classes).Select(c => c.ToString(CultureInfo.InvariantCulture))];
        for (int c = 0; c < names.Count; c++)
            if (names[c] is null)
                Throw.Argument($"{asked}: the name of class {c} is null: give each a name", nameof(names));
        return [.. names];
    }

    static string Count(double count) => count.ToString("0.##", CultureInfo.InvariantCulture);

    static double Ratio(double part, double whole) => whole == 0 ? 0 : part / whole;

    void Check(int label, [CallerArgumentExpression(nameof(label))] string parameter = "")
    {
        if ((uint)label >= (uint)Names.Count)
            Throw.OutOfRange($"confusion matrix: class {label}: {Throw.Run("classes", Names.Count)}", parameter);
    }
}
