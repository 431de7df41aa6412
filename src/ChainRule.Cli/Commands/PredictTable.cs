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
        OutputFile.CheckFree("predict", output);
        var table = read(model, path);
        CheckRows(table, path);
        var predictions = model.Predict(table);
        var explanations = explain ? model.Explain(table) : [];
        foreach (string remark in model.Remarks(table))
            Console.Error.WriteLine(Printable.Message($"chainrule: warning: {remark}"));
        List<string> heads = [$"predicted {model.Target.Name}"];
        heads.AddRange(model.Classes.Select(name => $"probability of {name}"));
        if (explanations.Count > 0)
            heads.AddRange(["explained", "explained prediction", "mean row's prediction",
                .. model.Columns.Select(column => $"contribution of {column}")]);
        string text = Text(table, heads, (i, number) =>
        {
            var found = predictions[i];
            List<string> cells = [found.Class ?? number(found.Value), .. found.Probabilities.Select(number)];
            if (explanations.Count == 0) return cells;
            var why = explanations[i];
            return [.. cells, why.Output, number(why.Prediction), number(why.Baseline),
                .. model.Columns.Select(column => number(why.Contributions[column]))];
        });
        return Write(text, output, $"{Printable.Count(table.Rows, "row")} predicted");
    }

    /// <summary>Refuses a table without rows.</summary>
    public static void CheckRows(Table table, string path)
    {
        if (table.Rows == 0)
            throw new InvalidDataException($"predict: {Printable.Path(path)} has a header and no row below it: give "
                + "rows to predict");
    }

    /// <summary>Writes into a file and says so, or to the standard output.</summary>
    public static int Write(string text, string? output, FormattableString done)
    {
        if (output is null)
        {
            Console.Write(text);
            return Tool.Done;
        }
        AtomicFile.Write("predict", output, to => to.Write(Encoding.UTF8.GetBytes(text)));
        Console.WriteLine($"{done.ToString(CultureInfo.InvariantCulture)}: {Printable.Path(output)}");
        return Tool.Done;
    }

    /// <summary>A table as a CSV file, with more columns.</summary>
    /// <param name="table">The table.</param>
    /// <param name="added">The names of the columns.</param>
    /// <param name="cellsOf">Their cells in a row; is given how a number is written.</param>
    public static string Text(Table table, IEnumerable<string> added,
        Func<int, Func<double, string>, IEnumerable<string>> cellsOf)
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
        var lines = new StringBuilder();
        void Add(IEnumerable<string> cells) =>
            lines.Append(string.Join(separator, cells.Select(cell => Quoted(cell, separator)))).Append('\n');
        Add([.. table.Columns, .. added.Select(name => New(table, name))]);
        for (int i = 0; i < table.Rows; i++) Add([.. texts.Select(column => column[i] ?? ""), .. cellsOf(i, Number)]);
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
