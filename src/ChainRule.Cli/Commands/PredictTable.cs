using System.Globalization;
using System.Text;
using ChainRule.Data;
using ChainRule.Zoo.Tables;

namespace ChainRule.Cli.Commands;

/// <summary>The prediction for each row of a CSV file: the file again, with columns for what is predicted.</summary>
static class PredictTable
{
    public static int Run(string folder, string path, string? output, bool explain,
        Func<TableModel, string, Table> read)
    {
        var model = TableModel.Load(folder);
        if (output is not null && (File.Exists(output) || Directory.Exists(output)))
            throw new IOException($"predict: {Printable.Path(output)} is there already, and is not written over: give "
                + "another name by --out, or remove it first");
        var table = read(model, path);
        if (table.Rows == 0)
            throw new InvalidDataException($"predict: {Printable.Path(path)} has a header and no row below it: give "
                + "rows to predict");
        var predictions = model.Predict(table);
        var explanations = explain ? model.Explain(table) : [];
        foreach (string remark in model.Remarks(table))
            Console.Error.WriteLine(Printable.Message($"chainrule: warning: {remark}"));
        string text = Text(model, table, predictions, explanations);
        if (output is null)
        {
            Console.Write(text);
            return Tool.Done;
        }
        AtomicFile.Write("predict", output, to => to.Write(Encoding.UTF8.GetBytes(text)));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{table.Rows:N0} rows predicted: {Printable.Path(output)}"));
        return Tool.Done;
    }

    static string Text(TableModel model, Table table, IReadOnlyList<TablePrediction> predictions,
        IReadOnlyList<TableExplanation> explanations)
    {
        // As the file is written: a file with decimal commas gets numbers with commas.
        bool comma = table.Format.DecimalMark == ',';
        char separator = table.Format.Separator is { } own and not ' ' ? own : comma ? ';' : ',';
        string Number(double x)
        {
            string text = x.ToString("R", CultureInfo.InvariantCulture);
            return comma ? text.Replace('.', ',') : text;
        }
        string?[][] texts = [.. table.Columns.Select(table.Texts)];
        List<string> heads = [.. table.Columns, New(table, $"predicted {model.Target.Name}")];
        if (model.Classes.Count > 0) heads.AddRange(model.Classes.Select(name => New(table, $"probability of {name}")));
        if (explanations.Count > 0)
            heads.AddRange(["explained", "explained prediction", "mean row's prediction",
                .. model.Columns.Select(column => $"contribution of {column}")]);
        var lines = new StringBuilder();
        void Add(IEnumerable<string> cells) =>
            lines.Append(string.Join(separator, cells.Select(cell => Quoted(cell, separator)))).Append('\n');
        Add(heads);
        for (int i = 0; i < table.Rows; i++)
        {
            List<string> cells = [.. texts.Select(column => column[i] ?? "")];
            var found = predictions[i];
            cells.Add(found.Class ?? Number(found.Value));
            cells.AddRange(found.Probabilities.Select(Number));
            if (explanations.Count > 0)
            {
                var why = explanations[i];
                cells.AddRange([why.Output, Number(why.Prediction), Number(why.Baseline),
                    .. model.Columns.Select(column => Number(why.Contributions[column]))]);
            }
            Add(cells);
        }
        return lines.ToString();
    }

    /// <summary>A name that the file does not have yet.</summary>
    static string New(Table table, string name)
    {
        string free = name;
        for (int i = 2; table.Columns.Contains(free); i++) free = $"{name} {i}";
        return free;
    }

    static string Quoted(string cell, char separator) =>
        cell.AsSpan().IndexOfAny(['"', '\n', '\r', separator]) >= 0
            ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
