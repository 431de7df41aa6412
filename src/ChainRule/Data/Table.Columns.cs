namespace ChainRule.Data;

public sealed partial class Table
{
    /// <summary>
    /// A table of columns in memory, each with a field for each row, such as what another library read: <c>
    /// Table.FromColumns(["size", "city"], [["80", "95"], ["Oslo", null]])</c>. Numbers have a decimal point; an empty
    /// field or null is missing.
    /// </summary>
    /// <param name="columns">The name of each column.</param>
    /// <param name="fields">The fields of each column.</param>
    /// <param name="options">The words for missing values, what to do about them, and how numbers and dates are written
    /// where that is not as said; the other settings are of files.</param>
    /// <param name="name">What errors call the table, such as <c>query 'customers'</c>.</param>
    /// <exception cref="ArgumentException">There are no columns or no rows, two columns have one name, or one has more
    /// fields than another.</exception>
    public static Table FromColumns(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string?>> fields,
        CsvOptions? options = null, string name = "table 'columns'")
    {
        Throw.IfNull(name, "table 'columns'");
        string asked = Printable.Of(name, 200);
        Throw.IfNull(columns, asked);
        Throw.IfNull(fields, asked);
        options ??= new();
        options.Check(asked);
        if (columns.Count == 0) Throw.Argument($"{asked}: there are no columns: give one or more", nameof(columns));
        if (fields.Count != columns.Count)
            Throw.Argument($"{asked}: {columns.Count} names and {fields.Count} columns of fields: give one for each",
                nameof(fields));
        var made = new Column[columns.Count];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int c = 0; c < made.Length; c++)
        {
            if (columns[c] is null)
                Throw.Argument($"{asked}: the name of column {c} is null: give each a name", nameof(columns));
            if (!seen.Add(columns[c]))
                Throw.Argument($"{asked}: two columns are called '{Printable.Of(columns[c], 40)}': rename one of them",
                    nameof(columns));
            if (fields[c] is null)
                Throw.Argument($"{asked}: the fields of column '{Printable.Of(columns[c], 40)}' are null: give them",
                    nameof(fields));
            if (fields[c].Count != fields[0].Count)
                Throw.Argument($"{asked}: column '{Printable.Of(columns[c], 40)}' has {fields[c].Count} fields, and "
                    + $"'{Printable.Of(columns[0], 40)}' has {fields[0].Count}: give one for each row", nameof(fields));
            made[c] = new(columns[c], fields[c]);
        }
        if (fields[0].Count == 0)
            Throw.Argument($"{asked}: the columns have no fields: give a row or more", nameof(fields));
        var written = options.WithDecimalMark();
        var table = new Table(asked, made, [.. Enumerable.Range(1, fields[0].Count)],
            written with { Separator = ',', DecimalMark = written.DecimalMark ?? '.', Header = true }, "row");
        return options.Missing == Missing.Drop ? table.DropMissing() : table;
    }
}
