using System.Globalization;
using ChainRule.Pictures;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tables;

namespace ChainRule.Cli.Pages;

/// <summary>The charts of a model of a table.</summary>
static class TableCharts
{
    // More classes than these make a wall of lines, and of words in the cells of a table.
    const int MostCurves = 10, MostLabelled = 20, MostBins = 40;

    static readonly ChartOptions s_square = new() { Width = 440, Height = 440 };

    /// <summary>Predicted against actual numbers, and what is left over.</summary>
    public static void AddRegression(Page page, TableReport report)
    {
        double[] actual = [.. report.Test.Actual], predicted = [.. report.Test.Predicted],
            residuals = [.. actual.Zip(predicted, (is_, was) => is_ - was)];
        if (actual.Length == 0) return;
        string target = TablePage.Label(report.Target);
        double low = Math.Min(actual.Min(), predicted.Min()), high = Math.Max(actual.Max(), predicted.Max());
        if (low < high)
        {
            var range = (low - 0.03 * (high - low), high + 0.03 * (high - low));
            page.Add("A dot is a test row. On the line the prediction is right; below it, too low.")
                .Add(Chart.Layer("Predicted and actual",
                    Chart.Scatter("Test rows", $"actual {target}", $"predicted {target}",
                        [new("test rows", predicted) { X = actual }], s_square with { XRange = range, YRange = range }),
                    Chart.Line("Right", "actual", "predicted",
                        [new("predicted = actual", [low, high]) { X = [low, high], Hue = Hue.Grey }])));
        }
        page.Add("A residual is actual minus predicted. A good model leaves no pattern in them: neither a curve, nor a "
            + "funnel.")
            .Add(Chart.Scatter("Residuals", $"predicted {target}", "residual",
                [new("test rows", residuals) { X = predicted }], new() { RuleY = 0 }))
            .Add(Chart.Histogram("How large the residuals are", "residual", [new("residual", residuals)],
                Math.Clamp(actual.Length / 10, 5, MostBins), new() { RuleX = 0, Height = 220 }));
    }

    /// <summary>What was taken for what, how well each class is told from the rest, and whether probabilities are
    /// true.</summary>
    public static void AddClassification(Page page, TableReport report)
    {
        if (report.Classification is not { } details) return;
        string[] classes = Unique(report.Classes);
        page.Add("Each row of this table is a class, and each column a prediction: on the diagonal it is right. The "
            + "colour is the fraction of the class's rows.")
            .Add(Confusion(details, classes))
            .Table("Each class", ["class", "precision", "recall", "F1", "rows"],
                [.. details.PerClass.Select(one => (string[])[TablePage.Label(one.Class), Numbers.Score(one.Precision),
                    Numbers.Score(one.Recall), Numbers.Score(one.F1), Numbers.Count(one.Rows)])]);
        string threshold = details.Threshold is { } at && classes.Length == 2
            ? $"'{classes[1]}' is predicted from a probability of {Numbers.Short(at)} on: "
                + $"{Printable.Message(details.ThresholdReason)}. " : "";
        string weights = details.ClassWeights is not { } given ? ""
            : "In training a row counted " + string.Join(", ", given.Take(MostLabelled).Select((weight, i) =>
                $"{Numbers.Short(weight)} if of '{classes[i]}'"))
                + ": probabilities are those of classes that are equally frequent. ";
        if (threshold.Length + weights.Length > 0) page.Add(threshold + weights);
        if (Roc(details) is { } roc)
        {
            page.Add("For every threshold: how many rows of the class are found, and how many of the others are taken "
                + "for it. The grey diagonal is chance; the area under the curve is 0.5 there and 1 at best.")
                .Add(roc);
        }
        if (details.Reliability.Count == 0) return;
        page.Add("Are the probabilities true? Of the rows that are given 70 %, 70 % should be right: a dot on the "
            + "grey line. Below it the model is overconfident.")
            .Add(Reliability(details, classes))
            .Table("Rows at each probability", ["mean probability", "fraction", "rows"],
                [.. details.Reliability.Select(bin => (string[])[Numbers.Score(bin.Probability),
                    Numbers.Score(bin.Fraction), Numbers.Short(bin.Rows)])]);
    }

    /// <summary>How much each column counts, with its interval.</summary>
    public static Chart Importance(TableReport report)
    {
        string[] names = Unique([.. report.Importance.Select(one => TablePage.Label(one.Column))]);
        return Chart.Intervals("Importance of the columns", report.ImportanceUnit, "", [.. report.Importance.Select(
            (one, i) => (names[i], Math.Min(one.Low, one.Mean), one.Mean, Math.Max(one.High, one.Mean)))],
            new() { RuleX = 0 });
    }

    /// <summary>The prediction over the values of a column: a line of numbers and dates, dots of categories.</summary>
    public static Chart Dependence(ColumnDependence column)
    {
        string name = TablePage.Label(column.Column), output = TablePage.Label(column.Output);
        var points = column.Points.Select(point => (X: Place(point), Low: Math.Min(point.Low, point.Mean), point.Mean,
            High: Math.Max(point.High, point.Mean))).ToList();
        bool isLine = points.Count > 1 && points.Zip(points.Skip(1)).All(pair => pair.First.X < pair.Second.X);
        if (isLine)
            return Chart.Band(name, name, output, "10 % to 90 % of the rows",
                [.. points.Select(point => (point.X!.Value, point.Low, point.Mean, point.High))]);
        string[] labels = Unique([.. column.Points.Select(point => point.Label)]);
        return Chart.Intervals(name, output, "", [.. points.Select((point, i) =>
            (labels[i], point.Low, point.Mean, point.High))], new() { Width = 230 });
    }

    /// <summary>The loss of training and of validation, step by step.</summary>
    public static Chart Loss(IReadOnlyList<RunMetrics> history, int best)
    {
        Series Of(string name, Func<RunMetrics, double?> loss) =>
            Curves.Of(name, history.Select(line => (line.Step, loss(line) ?? double.NaN)));
        Series[] series = [.. new[] { Of("training data", line => line.TrainLoss),
            Of("validation data", line => line.ValLoss) }.Where(one => one.Y.Count > 0)];
        return Chart.Line("Loss while training", "step", "loss", series,
            new() { RuleX = best, LogY = Curves.AreWide(series) });
    }

    static Chart Confusion(ClassificationDetails details, string[] classes)
    {
        int count = classes.Length;
        double[,] fractions = new double[count, count];
        for (int r = 0; r < count; r++)
        {
            double rows = Math.Max(1, details.Confusion[r].Sum());
            for (int c = 0; c < count; c++) fractions[r, c] = details.Confusion[r][c] / rows;
        }
        return Chart.HeatMap("What was taken for what", "predicted", "actual", fractions, classes, classes,
            count > MostLabelled ? null : (r, c) => Numbers.Count(details.Confusion[r][c]));
    }

    static Chart? Roc(ClassificationDetails details)
    {
        RocPoints[] curves = [.. details.Roc.Where(curve => curve.TruePositiveRates.Count > 1)
            .OrderBy(curve => curve.Area).Take(MostCurves)];
        if (curves.Length == 0) return null;
        string[] names = Unique([.. curves.Select(curve => curve.Class)]);
        string title = details.Roc.Count > MostCurves ? $"ROC curves of the {MostCurves} classes with the least area"
            : details.Roc.Count == 1 ? "ROC curve" : "ROC curves, each class against the rest";
        return Chart.Layer(title,
            Chart.Line("Classes", "false positive rate", "true positive rate", [.. curves.Select((curve, i) =>
                new Series($"{names[i]}: area {curve.Area.ToString("0.0000", CultureInfo.InvariantCulture)}",
                    curve.TruePositiveRates) { X = curve.FalsePositiveRates })], s_square with { Legend = "" }),
            Chart.Line("Chance", "", "", [new("chance", [0, 1]) { X = [0, 1], Hue = Hue.Grey }]));
    }

    static Chart Reliability(ClassificationDetails details, string[] classes)
    {
        string of = classes.Length == 2 ? $"of '{classes[1]}'" : "of the predicted class";
        return Chart.Layer("Reliability of the probabilities",
            Chart.Line("Rows", $"predicted probability {of}", $"fraction of rows {of}",
                [new("test rows", [.. details.Reliability.Select(bin => bin.Fraction)])
                    { X = [.. details.Reliability.Select(bin => bin.Probability)] }],
                s_square with { Marks = true, XRange = (0, 1), YRange = (0, 1) }),
            Chart.Line("True", "", "", [new("true probabilities", [0, 1]) { X = [0, 1], Hue = Hue.Grey }]));
    }

    // Of a date the year, with the day as its fraction.
    static double? Place(DependencePoint point) =>
        DateTime.TryParseExact(point.Label, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None,
            out var date) ? date.Year + (date.DayOfYear - 1) / 365.25 : point.Value;

    // What is drawn side by side needs names of its own: long ones may be alike when they are cut.
    static string[] Unique(IReadOnlyList<string> names)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return [.. names.Select((name, i) =>
        {
            string cut = Printable.Of(name, 30);
            if (string.IsNullOrWhiteSpace(cut)) cut = "(empty)";
            return seen.Add(cut) ? cut : Added(seen, $"{cut} ({i + 1})");
        })];

        static string Added(HashSet<string> seen, string name)
        {
            seen.Add(name);
            return name;
        }
    }
}
