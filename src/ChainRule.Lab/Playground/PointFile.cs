using System.Globalization;
using System.Text;
using ChainRule.Data;

namespace ChainRule.Lab.Playground;

/// <summary>
/// Points from a text of columns: two columns, or the first two principal components of all that are numbers, scaled
/// so that nearly all stand in the plane that is shown; and a target of classes or numbers.
/// </summary>
static class PointFile
{
    const int MostClasses = 10, MostBytes = 8 << 20;

    // Of standardised numbers nearly all lie within 3: these fill the plane.
    const double Scale = PointShapes.Reach / 3;

    // How sentences about what came without a file begin.
    const string Unnamed = "csv 'stream'";

    /// <summary>Reads the text; what cannot be read is refused in words for one who has the text before their eyes,
    /// and no options.</summary>
    public static CsvAnswer Read(CsvRequest request)
    {
        try
        {
            return Points(request);
        }
        catch (Exception e) when (e is InvalidDataException || CsvException.Of(e) is not null)
        {
            string said = CsvException.Of(e)?.Say(remedy => remedy.OfFile) ?? e.Message;
            throw new ArgumentException(
                said.StartsWith(Unnamed, StringComparison.Ordinal) ? $"csv{said[Unnamed.Length..]}" : said, e);
        }
    }

    static CsvAnswer Points(CsvRequest request)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(request.Text);
        using var stream = new MemoryStream(bytes);
        var whole = Csv.Read(stream, new() { Missing = Missing.Error, MaxBytes = MostBytes });
        var table = Complete(whole);
        if (table.Rows is < 4 or > PlaygroundSettings.MostPoints)
            Throw.Argument($"csv: {Printable.Count(table.Rows, "row")}: give 4 to {PlaygroundSettings.MostPoints:N0}");
        string y = Named(table, request.Y) ?? table.Columns[^1];
        string[] numbers = [.. table.Columns.Where(column => column != y && table.IsNumeric(column))];
        if (numbers.Length < 2)
            Throw.Argument($"csv: {Printable.Count(numbers.Length, "column")} of numbers beside the target "
                + $"'{Printable.Of(y)}': two are needed");
        string x1 = Named(table, request.X1) ?? numbers[0];
        string x2 = Named(table, request.X2) ?? numbers.First(column => column != x1);
        double[][] columns = request.Components
            ? PrincipalComponents.Of([.. numbers.Select(name => Standardised(table, name))])
            : [Standardised(table, x1), Standardised(table, x2)];
        var (targets, labels) = Targets(table, y);
        return new(numbers, labels.Count, labels, whole.Rows - table.Rows, [.. Enumerable.Range(0, table.Rows)
            .Select(i => new PlanePoint(Shown(columns[0][i]), Shown(columns[1][i]), targets[i]))]);
    }

    static Table Complete(Table table)
    {
        try
        {
            return table.DropMissing();
        }
        catch (InvalidDataException e)
        {
            throw new ArgumentException("csv: each row has an empty field, and rows with one are left out: complete "
                + "some, or take out the column that is empty", e);
        }
    }

    static double Shown(double x) => Math.Round(Scale * x, 4);

    static string? Named(Table table, string? name)
    {
        if (name is not null && !table.Columns.Contains(name))
            Throw.Argument($"csv: there is no column '{Printable.Of(name)}': choose one of "
                + Printable.List([.. table.Columns]));
        return name;
    }

    // Texts are classes, and so are few whole numbers.
    static (double[] Targets, IReadOnlyList<string> Labels) Targets(Table table, string column)
    {
        if (table.IsNumeric(column))
        {
            double[] numbers = Numbers(table, column);
            double[] distinct = [.. numbers.Distinct().Order()];
            if (distinct.Length is < 2 or > MostClasses || distinct.Any(x => x != Math.Floor(x)))
            {
                double most = numbers.Max(Math.Abs);
                return ([.. numbers.Select(x => most == 0 ? 0 : Math.Round(x / most, 4))], []);
            }
            return ([.. numbers.Select(x => (double)Array.IndexOf(distinct, x))],
                [.. distinct.Select(x => x.ToString(CultureInfo.InvariantCulture))]);
        }
        var categories = table.Labels(column);
        if (categories.Names.Count is < 2 or > MostClasses)
            Throw.Argument($"csv: the target '{Printable.Of(column)}' has "
                + (categories.Names.Count == 1 ? "one class" : $"{categories.Names.Count:N0} classes")
                + $": give 2 to {MostClasses}");
        return ([.. categories.Ids.Span.ToArray().Select(id => (double)id)], categories.Names);
    }

    static double[] Standardised(Table table, string column)
    {
        double[] numbers = Numbers(table, column);
        double mean = numbers.Average(), std = Math.Sqrt(numbers.Average(x => (x - mean) * (x - mean)));
        return [.. numbers.Select(x => std == 0 ? 0 : (x - mean) / std)];
    }

    static double[] Numbers(Table table, string column) =>
        [.. table.Tensor(column).To(DType.Float64).Read<double>()];
}
