using System.Globalization;
using ChainRule.Cli.Pages;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tables;

namespace ChainRule.Cli.Commands;

/// <summary>What is known of a table and of its model, in lines for a terminal.</summary>
static class TableText
{
    const int MostColumns = 60, MostImportant = 10;

    /// <summary>What is predicted and why so, what was done with each column, and what should be known.</summary>
    public static IEnumerable<string> Introduce(TrainingRun run)
    {
        var (target, columns, warnings) = TableFit.Describe(run);
        yield return $"'{Printable.Of(target.Name, 40)}' is predicted: {target.Reason}";
        foreach (var column in columns.Take(MostColumns)) yield return $"  {Line(column)}";
        if (columns.Count > MostColumns) yield return $"  and {columns.Count - MostColumns} more columns";
        foreach (string warning in warnings) yield return $"warning: {warning}";
    }

    /// <summary>The scores, what the model goes by, and the verdict.</summary>
    public static IEnumerable<string> Of(TableReport report)
    {
        string[] metrics = [.. report.Models[0].Test.Keys.Take(report.Classes.Count == 0 ? 4 : 10)];
        string[][] rows = [["on test data", .. report.Models.Select(model => model.Name)],
            .. metrics.Select(metric => (string[])[metric, .. report.Models.Select(model => Number(
                model.Test[metric]))])];
        foreach (string line in Lines(rows)) yield return line;
        if (report.Positive is { } positive)
            yield return $"(precision, recall, F1, ROC-AUC and PR-AUC are of the class '{Printable.Of(positive, 40)}')";
        if (report.Folds is { } folds)
        {
            yield return "";
            rows = [[$"over {folds.Count} folds", .. folds.Models.Select(model => model.Name)],
                .. metrics.Select(metric => (string[])[metric, .. folds.Models.Select(model =>
                    $"{Number(model.Mean[metric])} ± {Number(model.Std[metric])}")])];
            foreach (string line in Lines(rows)) yield return line;
        }
        if (report.Importance.Count > 0)
        {
            yield return "";
            yield return $"What counts ({report.ImportanceUnit} when the column is shuffled, with its 95 % interval):";
            foreach (var one in report.Importance.Take(MostImportant))
                yield return $"  {Printable.Of(one.Column, 30),-30} {Number(one.Mean),10}  {Number(one.Low)} to "
                    + $"{Number(one.High)}";
        }
        yield return "";
        if (report.Classification is { Threshold: { } threshold } found && report.Settings.ContainsKey("threshold")
            && report.Settings["threshold"] != "none")
            yield return $"'{Printable.Of(report.Classes[1], 40)}' is predicted from a probability of "
                + FormattableString.Invariant($"{threshold:0.####} on: {found.ThresholdReason}.");
        foreach (string sentence in (IEnumerable<string>)[.. report.Findings, .. report.Verdict]) yield return sentence;
    }

    /// <summary>Lines of cells, the first to the left and the others to the right.</summary>
    public static IEnumerable<string> Lines(string[][] rows)
    {
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(c => rows.Max(row => row[c].Length))];
        return rows.Select(row => string.Join("  ", row.Select((cell, c) =>
            c == 0 ? cell.PadRight(widths[c]) : cell.PadLeft(widths[c]))).TrimEnd());
    }

    public static string Number(double number)
    {
        double x = Numbers.Clean(number);
        return double.IsNaN(x) ? "–" : Math.Abs(x) >= 1000 ? x.ToString("N0", CultureInfo.InvariantCulture)
            : x.ToString(Math.Abs(x) is > 0 and < 0.001 ? "0.0e-0" : "0.0000", CultureInfo.InvariantCulture);
    }

    static string Line(TableColumn column)
    {
        string missing = column.Missing > 0
            ? string.Create(CultureInfo.InvariantCulture, $", {column.Missing:N0} missing") : "";
        string leak = column.Leak is { } why ? $"; SUSPECTED LEAK: {Printable.Of(why, 80)}" : "";
        string kind = column.Kind.Length == 0 ? "" : $"{column.Kind}, ";
        return string.Create(CultureInfo.InvariantCulture, $"{Printable.Of(column.Name, 30),-24} {column.Use}: {kind}")
            + string.Create(CultureInfo.InvariantCulture, $"{column.Distinct:N0} distinct{missing}; ")
            + $"{Printable.Of(column.Reason, 90)}{leak}";
    }
}
