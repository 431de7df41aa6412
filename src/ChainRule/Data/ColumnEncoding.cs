using System.Text.Json;

namespace ChainRule.Data;

/// <summary>How one column of a table becomes columns of numbers.</summary>
abstract class ColumnEncoding(string column)
{
    public string Column => column;

    public abstract ColumnKind Kind { get; }

    /// <summary>The names of the columns that it becomes.</summary>
    public abstract string[] Names { get; }

    /// <summary>Writes each row's numbers into the columns that begin at a place of a matrix of
    /// <paramref name="width"/> columns.</summary>
    /// <exception cref="InvalidDataException">A field is not what the column holds; says in which line.</exception>
    public abstract void Encode(Table table, Span<double> matrix, int width, int at);

    /// <summary>What of a table was never seen in training, or is missing, and what is done about it.</summary>
    public abstract IEnumerable<string> Remarks(Table table);

    /// <summary>The rows whose value lies far outside of those of training.</summary>
    public virtual IEnumerable<int> FarRows(Table table) => [];

    /// <summary>What was done with the column, in a few words.</summary>
    public abstract string Says { get; }

    /// <summary>Writes what it was fitted to into an object that is open.</summary>
    public abstract void Write(Utf8JsonWriter json);

    /// <summary>Fits one to the rows of a table.</summary>
    public static ColumnEncoding Fit(Table train, ColumnProfile profile, int maxCategories) => profile.Kind switch
    {
        ColumnKind.Number => NumberEncoding.Fit(train, profile),
        ColumnKind.Boolean => BooleanEncoding.Fit(profile),
        ColumnKind.Date => DateEncoding.Fit(train, profile),
        _ => CategoryEncoding.Fit(profile, maxCategories),
    };

    /// <summary>One that was written.</summary>
    public static ColumnEncoding Read(JsonElement json)
    {
        string column = json.GetProperty("column").GetString() ?? throw new FormatException("a column has no name");
        return json.GetProperty("kind").GetString() switch
        {
            "number" => NumberEncoding.Read(column, json),
            "boolean" => BooleanEncoding.Read(column, json),
            "date" => DateEncoding.Read(column, json),
            "category" => CategoryEncoding.Read(column, json),
            var other => throw new FormatException($"column '{Printable.Of(column, 40)}' is of kind "
            + $"'{Printable.Of(other, 20)}'"),
        };
    }

    /// <summary>What is said of missing fields, if there are any.</summary>
    protected IEnumerable<string> Lacking(Table table, string taken)
    {
        string?[] texts = table.Texts(column);
        int missing = texts.Count(text => text is null);
        if (missing > 0)
            yield return $"column '{Printable.Of(column, 40)}': {missing:N0} of {texts.Length:N0} rows lack a value: "
                + $"{taken}";
    }

    protected static double Finite(JsonElement json, string name)
    {
        double number = json.GetProperty(name).GetDouble();
        return double.IsFinite(number) ? number : throw new FormatException($"'{name}' is {number}");
    }
}
