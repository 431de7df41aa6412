using ChainRule.Data;
using ChainRule.Pictures;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tables;

namespace ChainRule.Cli.Pages;

/// <summary>
/// The page of a model of a table: how good it is, where it errs, what it goes by, how it was trained, and what the
/// data are. It is drawn of the run's report and its metrics alone.
/// </summary>
static class TablePage
{
    /// <summary>The name of its file in a run's folder.</summary>
    public const string FileName = "report.html";

    /// <summary>Draws the page of a run and writes it into its folder.</summary>
    /// <returns>Where it stands, in full.</returns>
    /// <exception cref="IOException">The report cannot be read, or the page not be written.</exception>
    /// <exception cref="InvalidDataException">The report is damaged.</exception>
    public static string Write(RunFolder folder) =>
        Of(TableReport.Read(folder.FullPath), folder.ReadMetrics()).Save(Path.Combine(folder.FullPath, FileName));

    /// <summary>The page of a report.</summary>
    /// <param name="report">What is known of the model.</param>
    /// <param name="history">How it was trained; of a model that is solved at once, a line or two.</param>
    public static Page Of(TableReport report, IReadOnlyList<RunMetrics> history)
    {
        var page = new Page($"{Label(report.Target)} of {Cell(report.Data)}, predicted by {Cell(report.Model)}");
        AddVerdict(page, report);
        AddScores(page, report);
        page.Section("Where it is right and where it errs");
        if (report.Task == TableTask.Regression) TableCharts.AddRegression(page, report);
        else TableCharts.AddClassification(page, report);
        AddWorst(page, report);
        AddWeights(page, report);
        AddWhatCounts(page, report);
        AddTraining(page, history);
        AddData(page, report);
        return page.Section("Settings")
            .Add("The same file, settings and seed give the same model, bit for bit.")
            .Table("Settings", ["setting", "value"],
                [["seed", $"{report.Seed}"], .. report.Settings.Where(one => one.Key != "seed")
                    .Select(one => (string[])[Cell(one.Key), Cell(one.Value)]),
                    ["seconds", Numbers.Short(report.Seconds)]]);
    }

    static void AddVerdict(Page page, TableReport report)
    {
        foreach (string sentence in (IEnumerable<string>)[.. report.Verdict, .. report.Findings])
            page.Add(Sentence(sentence));
        if (report.Chosen is { } why) page.Add(Ended(why));
        string task = report.Task == TableTask.Regression ? "A number is predicted (regression)"
            : $"One of {report.Classes.Count} classes is predicted (classification)";
        var split = report.Split;
        page.Add($"{task}: {Ended(report.TaskReason)} Of {Numbers.Count(report.Rows)} rows, "
            + $"{Numbers.Count(split.Train)} were learned from, {Numbers.Count(split.Validation)} served to stop "
            + $"training and to choose, and {Numbers.Count(split.Test)} were kept to judge the model by, once: "
            + Ended(split.How) + (report.RowsWithoutTarget == 0 ? ""
                : $" {Numbers.Count(report.RowsWithoutTarget)} more rows lack the target and were left out."));
        foreach (string warning in report.Warnings) page.Add($"Warning: {Ended(warning)}");
    }

    static void AddScores(Page page, TableReport report)
    {
        page.Section("How good it is");
        string[] metrics = [.. report.Models.SelectMany(model => model.Test.Keys).Distinct()];
        page.Table("On the test rows, which no model has seen", ["model", .. metrics, "what it is"],
            [.. report.Models.Select(model => (string[])[Name(model), .. metrics.Select(metric =>
                model.Test.TryGetValue(metric, out double score) ? Numbers.Score(score) : "–"),
                Cell(model.Summary)])]);
        if (report.Positive is { } positive)
            page.Add($"Precision, recall, F1, ROC-AUC and PR-AUC are of the positive class, '{Cell(positive)}'.");
        var bars = report.Models.Where(model => double.IsFinite(model.Test.GetValueOrDefault(report.MainMetric,
            double.NaN))).Select(model => (Name(model), model.Test[report.MainMetric])).ToList();
        if (bars.Count > 1 && bars.DistinctBy(bar => bar.Item1).Count() == bars.Count)
            page.Add(Chart.Bar($"{report.MainMetric} of each model on the test rows", "model", report.MainMetric, bars,
                new() { Height = 220 }));
        if (report.Folds is not { } folds) return;
        string[] measured = [.. folds.Models.SelectMany(model => model.Mean.Keys).Distinct()];
        string how = report.Settings.GetValueOrDefault("timeOrder", "none") == "none"
            ? $"The rows were also divided into {folds.Count} folds, each of which was predicted by a model that "
                + "learned from the others"
            : $"The rows were also divided, in their order in time, into {folds.Count + 1} parts: each of the last "
                + $"{folds.Count} was predicted by a model that learned from the parts before it alone";
        page.Add($"{how}. Mean ± standard deviation over the folds:")
            .Table($"Over {folds.Count} folds", ["model", .. measured],
                [.. folds.Models.Select(model => (string[])[Cell(model.Name), .. measured.Select(metric =>
                    model.Mean.TryGetValue(metric, out double mean)
                        ? $"{Numbers.Score(mean)} ± {Numbers.Score(model.Std.GetValueOrDefault(metric))}" : "–")])]);

        static string Name(ModelScore model) => Cell(model.Name) + (model.IsThis ? " (this one)" : "");
    }

    static void AddWorst(Page page, TableReport report)
    {
        if (report.Worst.Count == 0) return;
        string[] fields = [.. report.Worst.SelectMany(row => row.Fields.Keys).Distinct().Where(
            name => name != report.Target)];
        string error = report.Task == TableTask.Regression ? "actual − predicted" : "probability of the wrong class";
        page.Table("The worst errors on the test rows", ["row", "actual", "predicted", error, .. fields.Select(Label)],
            [.. report.Worst.Select(row => (string[])[$"{row.Line}", Cell(row.Actual), Cell(row.Predicted),
                Numbers.Score(row.Error), .. fields.Select(name => Cell(row.Fields.GetValueOrDefault(name, "")))])]);
    }

    static void AddWeights(Page page, TableReport report)
    {
        const int Most = 100;
        if (report.Weights is not { } found) return;
        string sum = report.Task == TableTask.Regression ? "The prediction is the bias and the sum of each weight "
                + "times its number"
            : report.Positive is { } positive ? $"z is the bias and the sum of each weight times its number, and "
                + $"σ(z) = 1 / (1 + e⁻ᶻ) is the probability of '{Cell(positive)}'"
            : "Each class has a sum: its bias, and each weight times its number; softmax makes probabilities of them";
        string what = found.Standardised ? "Columns of numbers are in standard deviations from their mean, so that "
            + "weights of different columns can be compared; a category is 1 in its rows and 0 in others."
            : "Columns of numbers are as they stand in the table; a category is 1 in its rows and 0 in others.";
        string all = found.Columns.Count <= Most ? "The largest weight comes first."
            : $"The {Most} largest of {Numbers.Count(found.Columns.Count)} are shown.";
        page.Section("The weights").Add($"{sum}. {what} {all}").Table("Weights and bias",
            ["column", .. found.Outputs.Count == 1 ? ["weight"] : found.Outputs.Select(Label)],
            [.. found.Columns.OrderByDescending(one => one.Weights.Max(Math.Abs)).Take(Most).Select(one =>
                (string[])[Cell(one.Column), .. one.Weights.Select(Numbers.Score)]),
                ["(bias)", .. found.Bias.Select(Numbers.Score)]]);
    }

    static void AddWhatCounts(Page page, TableReport report)
    {
        if (report.Importance.Count == 0 && report.Dependence.Count == 0) return;
        page.Section("What it goes by");
        if (report.Importance.Count > 0)
        {
            page.Add("A column is shuffled among the test rows, and nothing else is changed: the worse the model "
                + "becomes, the more it goes by the column. Of two columns that say the same, either may look "
                + "unimportant. The lines are 95 % intervals over several shuffles."
                + (report.Columns.Count(column => column.Use == "input") is var inputs
                    && inputs > report.Importance.Count ? $" Of {Numbers.Count(inputs)} columns those "
                    + $"{Numbers.Count(report.Importance.Count)} are measured that the outputs depend on most." : ""))
                .Add(TableCharts.Importance(report));
        }
        if (report.Dependence.Count == 0) return;
        page.Add("Every test row is given one value of a column, and the predictions are averaged: a line or a dot is "
            + "the mean prediction, and around it lie the middle four fifths of the rows. Values that do not occur "
            + "together in the data are predicted from all the same.")
            .Add(Chart.Grid("How the prediction depends on the columns that count most", 2,
                [.. report.Dependence.Select(TableCharts.Dependence)]));
    }

    static void AddTraining(Page page, IReadOnlyList<RunMetrics> history)
    {
        page.Section("Training");
        if (history.Count < 3)
        {
            page.Add("This model was solved at once, and not step by step: there is no training to follow.");
            return;
        }
        var best = history.MinBy(line => line.ValLoss)!;
        page.Add($"The loss on the validation rows was lowest after step {Numbers.Count(best.Step)}, which the dashed "
            + "line marks: the model is that of this step.")
            .Add(TableCharts.Loss(history, best.Step));
    }

    static void AddData(Page page, TableReport report)
    {
        page.Section("The data").Table($"The columns of {Cell(report.Data)}",
            ["column", "kind", "missing", "distinct", "range or examples", "use", "why, and how it became numbers"],
            [.. report.Columns.Select(column => (string[])[Label(column.Name), column.Kind,
                Numbers.Count(column.Missing), Numbers.Count(column.Distinct),
                column.Range.Length > 0 ? column.Range
                    : Printable.List([.. column.Examples.Select(example => Printable.Of(example, 20))], 3),
                column.Use, Cell(column.Leak is { } leak ? $"suspected leak: {leak}" : column.Reason)])]);
    }

    /// <summary>A text from a file in a cell or a title: on one line, and not too long.</summary>
    internal static string Cell(string text) => Printable.Of(text, 80);

    /// <summary>The name of a column or a class, which may be blank.</summary>
    internal static string Label(string name) => string.IsNullOrWhiteSpace(Cell(name)) ? "(no name)" : Cell(name);

    static string Sentence(string text)
    {
        string line = Ended(text);
        return char.ToUpperInvariant(line[0]) + line[1..];
    }

    static string Ended(string text) => $"{Printable.Message(text).Trim().TrimEnd('.')}.";
}
