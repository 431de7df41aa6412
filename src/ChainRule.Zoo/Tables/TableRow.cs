using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using ChainRule.Data;
using ChainRule.Errors;
using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Tables;

/// <summary>Rows of a program's own, dictionaries or objects with properties, as a table.</summary>
static class TableRow
{
    /// <summary>The fields that a model's columns have in a row.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="row">The row.</param>
    /// <param name="written">How the training file is written: its words for missing values are missing here
    /// too.</param>
    /// <exception cref="ArgumentException">The row lacks a column, or a value is of a type that is no field, or is
    /// infinite.</exception>
    public static Table Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TRow>(
        IReadOnlyList<string> columns, TRow row, CsvOptions written) where TRow : notnull
    {
        var fields = row is IDictionary or IEnumerable<KeyValuePair<string, object?>>
            or IEnumerable<KeyValuePair<string, string?>> ? OfDictionary(row) : OfProperties(row);
        var numbers = Numbers(written);
        string?[] texts = new string?[columns.Count];
        List<string> lacking = [];
        for (int c = 0; c < texts.Length; c++)
        {
            if ((fields.ContainsKey(columns[c]) ? columns[c] : Near(columns[c])) is { } name)
                texts[c] = IsMissing(fields[name]) ? null : Text(columns[c], fields[name]);
            else lacking.Add($"'{Printable.Of(columns[c], 40)}'");
        }
        if (lacking.Count > 0)
            throw new RefusedArgumentException($"predict: the row has no {Printable.List([.. lacking], 8)}, which the "
                + $"model learned from: it has {Printable.List([.. fields.Keys], 20)}; null says that a value is "
                + "missing", nameof(row));
        return Table.From(columns, [texts]);

        // In another spelling, where one property and one column alone go together.
        string? Near(string column)
        {
            bool Fits(string other) => Plain(other) == Plain(column);
            string[] near = [.. fields.Keys.Where(key => Fits(key) && !columns.Contains(key))];
            return near.Length == 1 && columns.Count(other => Fits(other) && !fields.ContainsKey(other)) == 1
                && !columns.Any(other => Fits(other) && fields.ContainsKey(other)) ? near[0] : null;
        }

        bool IsMissing(object? value) => value switch
        {
            string text => written.MissingValues.Contains(text),
            Enum or null => false,
            bool or char or DateTime or DateTimeOffset or DateOnly or TimeOnly => false,
            IConvertible number => numbers.Contains(Convert.ToDouble(number, CultureInfo.InvariantCulture)),
            _ => false,
        };
    }

    static HashSet<double> Numbers(CsvOptions written)
    {
        var format = new NumberFormatInfo { NumberDecimalSeparator = written.DecimalMark == ',' ? "," : ".",
            NumberGroupSeparator = "" };
        return [.. written.MissingValues.Select(word => double.TryParse(word, NumberStyles.Float, format,
            out double number) ? number : double.NaN).Where(double.IsFinite)];
    }

    static Dictionary<string, object?> OfDictionary(object row)
    {
        if (row is IEnumerable<KeyValuePair<string, object?>> pairs) return pairs.ToDictionary(one => one.Key,
            one => one.Value);
        if (row is IEnumerable<KeyValuePair<string, string?>> texts) return texts.ToDictionary(one => one.Key,
            object? (one) => one.Value);
        return ((IDictionary)row).Cast<DictionaryEntry>().ToDictionary(
            one => Convert.ToString(one.Key, CultureInfo.InvariantCulture)!, one => one.Value);
    }

    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "The properties of TRow are kept. Of a type "
        + "derived from it some may be gone in a native program, and a row that lacks a column is refused.")]
    static Dictionary<string, object?> OfProperties(object row) => row.GetType()
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.GetIndexParameters().Length == 0 && property.CanRead)
        .ToDictionary(property => property.Name, property => property.GetValue(row));

    /// <summary>A property <c>MedianIncome</c> is the column <c>median_income</c> or <c>median income</c>.</summary>
    static string Plain(string name) => Nearest.Plain(name).Replace(" ", "", StringComparison.Ordinal);

    static string? Text(string column, object? value) => value switch
    {
        null or DBNull => null,
        string text => text,
        bool yes => yes ? "true" : "false",
        float.NaN or double.NaN => null,
        float or double when double.IsInfinity(Convert.ToDouble(value, CultureInfo.InvariantCulture)) =>
            throw new RefusedArgumentException($"predict: '{Printable.Of(column, 40)}' is infinite: give a finite "
                + "number, or null if it is missing", nameof(value)),
        DateTime day => day.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture),
        DateTimeOffset day => day.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture),
        TimeOnly time => time.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        Enum name => name.ToString(),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new RefusedArgumentException($"predict: '{Printable.Of(column, 40)}' is of type "
            + $"{value.GetType().Name}: give a number, a text, a boolean, a date, or null if it is missing",
            nameof(value)),
    };
}
