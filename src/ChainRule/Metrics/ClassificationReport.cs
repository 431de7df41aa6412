using System.Globalization;

namespace ChainRule.Metrics;

/// <summary>
/// All metrics of a classifier's probabilities at once; prints as two tables, of the whole and of each class. What is
/// not defined, since a class does not occur, is NaN and prints as a dash.
/// </summary>
public sealed class ClassificationReport
{
    ClassificationReport(ReadOnlySpan<double> probabilities, ReadOnlySpan<int> actual, IReadOnlyList<string>? names,
        double threshold, ReadOnlySpan<double> weights)
    {
        const string Asked = "classification report";
        int columns = Checks.Scores(Asked, probabilities, actual, weights), classes = Math.Max(2, columns);
        Checks.Probabilities(Asked, probabilities, columns);
        if (names is not null && names.Count != classes)
            Throw.Argument($"{Asked}: {names.Count} names for {classes} classes: name each class", nameof(names));
        (Rows, Threshold) = (actual.Length, threshold);
        names ??= ConfusionMatrix.ClassNames(Asked, null, classes);
        Confusion = ConfusionMatrix.Of(Classification.Predicted(probabilities, actual.Length, threshold), actual, names,
            weights);
        LogLoss = Classification.LogLoss(probabilities, actual, weights);
        BrierScore = Classification.BrierScore(probabilities, actual, weights);
        bool all = Enumerable.Range(0, classes).All(c => Confusion.Of(c).Support > 0);
        RocAuc = all ? Classification.RocAuc(probabilities, actual, Averaging.Macro, weights) : double.NaN;
        AveragePrecision = all ? Classification.AveragePrecision(probabilities, actual, Averaging.Macro, weights)
            : double.NaN;
        Reliability = columns > 2 ? ReliabilityCurve.OfConfidence(probabilities, actual, weights: weights)
            : ReliabilityCurve.Of(Positive(probabilities, columns), actual, weights: weights);
    }

    /// <summary>Measures probabilities.</summary>
    /// <param name="probabilities">[rows, classes], row by row; or, of two classes, those of class 1 alone.</param>
    /// <param name="actual">The class of each row, from 0.</param>
    /// <param name="names">The name of each class; if null, they are numbered.</param>
    /// <param name="threshold">Of two classes, class 1 is predicted from this probability on; of more, the class of the
    /// largest is.</param>
    /// <param name="weights">How much each row counts; if empty, all count alike.</param>
    /// <exception cref="ArgumentException">The lengths do not fit, a probability is outside 0 to 1, those of a row do
    /// not sum to 1, or a class is not there.</exception>
    public static ClassificationReport Of(ReadOnlySpan<double> probabilities, ReadOnlySpan<int> actual,
        IReadOnlyList<string>? names = null,
        double threshold = 0.5, ReadOnlySpan<double> weights = default) => new(probabilities, actual, names, threshold,
            weights);

    /// <summary>Measures a model's probabilities [rows, classes], such as <c>model.Forward(x).Softmax()</c>.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit, a number is no probability, or those of a row do not
    /// sum to 1.</exception>
    public static ClassificationReport Of(Tensor probabilities, Ids targets, IReadOnlyList<string>? names = null,
        double threshold = 0.5)
    {
        Throw.IfNull(targets, "classification report");
        return new(probabilities.To(DType.Float64).Read<double>(), targets.Span, names, threshold, default);
    }

    /// <summary>The classes that no row is of: what they would score is not defined.</summary>
    public IReadOnlyList<string> Missing =>
        [.. Confusion.Names.Where((_, c) => Confusion.Of(c).Support == 0)];

    /// <summary>How many rows were measured.</summary>
    public int Rows { get; }

    /// <summary>Of two classes, class 1 is predicted from this probability on.</summary>
    public double Threshold { get; }

    /// <summary>How often each class was predicted for each; accuracy, balanced accuracy, precision, recall and F1
    /// stand there.</summary>
    public ConfusionMatrix Confusion { get; }

    /// <inheritdoc cref="Classification.LogLoss" path="/summary"/>
    public double LogLoss { get; }

    /// <inheritdoc cref="Classification.BrierScore" path="/summary"/>
    public double BrierScore { get; }

    /// <summary>ROC-AUC; of several classes the mean of each against the rest. NaN if a class does not occur.</summary>
    public double RocAuc { get; }

    /// <summary>Average precision (PR-AUC); of several classes the mean of each against the rest. NaN if a class does
    /// not occur.</summary>
    public double AveragePrecision { get; }

    /// <summary>Whether the probabilities are true: of two classes those of class 1, of more those of the predicted
    /// class.</summary>
    public ReliabilityCurve Reliability { get; }

    /// <summary>Each metric by its name; precision, recall and F1 are those of class 1, or the means of several
    /// classes.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Values
    {
        get
        {
            bool binary = Confusion.Names.Count == 2;
            var scores = binary ? Confusion.Of(1) : Confusion.Average(Averaging.Macro);
            bool defined = scores.Support > 0, several = Confusion.Names.Count - Missing.Count > 1;
            double Defined(double score) => defined ? score : double.NaN;
            string of = binary ? "" : " (macro)";
            return
            [
                new("accuracy", Confusion.Accuracy), new("balanced accuracy", Confusion.BalancedAccuracy),
                new("precision" + of, Defined(scores.Precision)), new("recall" + of, Defined(scores.Recall)),
                new("F1" + of, Defined(scores.F1)),
                new("Matthews correlation", several ? Confusion.MatthewsCorrelation : double.NaN),
                new("ROC-AUC" + of, RocAuc), new("PR-AUC" + of, AveragePrecision), new("log loss", LogLoss),
                new("Brier score", BrierScore),
                new("expected calibration error", Reliability.ExpectedCalibrationError),
            ];
        }
    }

    /// <summary>The metrics of the whole, then precision, recall and F1 of each class and their averages.</summary>
    public override string ToString()
    {
        static string[] Cells(string name, ClassScores scores) => [name, Cell(scores, scores.Precision),
            Cell(scores, scores.Recall), Cell(scores, scores.F1),
            scores.Support.ToString("0.##", CultureInfo.InvariantCulture)];
        static string Cell(ClassScores scores, double score) =>
            TextTable.Number(scores.Support > 0 ? score : double.NaN, "0.0000");
        return MetricTable.Of(Rows, Values) + "\n\n" + TextTable.Of(
        [
            ["class", "precision", "recall", "F1", "rows"],
            .. Confusion.Names.Select((name, c) => Cells(Printable.Of(name, 40), Confusion.Of(c))),
            Cells("macro average", Confusion.Average(Averaging.Macro)),
            Cells("weighted average", Confusion.Average(Averaging.Weighted)),
        ]);
    }

    static double[] Positive(ReadOnlySpan<double> probabilities, int columns)
    {
        double[] positive = new double[probabilities.Length / columns];
        for (int i = 0; i < positive.Length; i++) positive[i] = probabilities[i * columns + columns - 1];
        return positive;
    }
}
