namespace ChainRule.Data;

public sealed partial class Table
{
    /// <summary>
    /// A table of rows in memory, each with a field for each column, such as one row to predict: <c>Table.From(["size",
    /// "city"], [["80", "Oslo"]])</c>. Numbers have a decimal point; an empty field or null is missing.
    /// </summary>
    /// <exception cref="ArgumentException">There are no columns or no rows, two columns have one name, or a row has not
    /// a field for each column.</exception>
    public static Table From(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string?>> rows)
    {
        const string Asked = "table 'rows'";
        Throw.IfNull(columns, Asked);
        Throw.IfNull(rows, Asked);
        if (columns.Count == 0 || rows.Count == 0)
            Throw.Argument($"{Asked}: {columns.Count} columns and {rows.Count} rows: give at least one of each",
                nameof(rows));
        var made = new Column[columns.Count];
        for (int c = 0; c < made.Length; c++)
        {
            if (columns[c] is null)
                Throw.Argument($"{Asked}: the name of column {c} is null: give each a name", nameof(columns));
            if (made.AsSpan(0, c).ToArray().Any(one => one.Name == columns[c]))
                Throw.Argument($"{Asked}: two columns are called '{Printable.Of(columns[c], 40)}': rename one of them",
                    nameof(columns));
            made[c] = new(columns[c]);
        }
        for (int i = 0; i < rows.Count; i++)
        {
            if (rows[i] is null) Throw.Argument($"{Asked}: row {i + 1} is null: give its fields", nameof(rows));
            if (rows[i].Count != made.Length)
                Throw.Argument($"{Asked}: row {i + 1} has {rows[i].Count} fields for {made.Length} columns: give one "
                    + "for each", nameof(rows));
            for (int c = 0; c < made.Length; c++) made[c].Add(rows[i][c] ?? "");
        }
        return new(Asked, made, [.. Enumerable.Range(1, rows.Count)],
            new() { Separator = ',', DecimalMark = '.', Header = true });
    }

    /// <summary>The numbers of a column; null where one is missing.</summary>
    /// <param name="column">The column.</param>
    /// <param name="unit">What may stand beside the digits, such as $, % or kg: <see cref="ColumnProfile.Unit"/>. 12 %
    /// is then 12.</param>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    /// <exception cref="InvalidDataException">A field is no number; says in which line.</exception>
    public double?[] Numbers(string column, string unit = "")
    {
        var found = Find("numbers", column, nameof(column));
        Throw.IfNull(unit, $"numbers of {File}");
        double?[] numbers = new double?[Rows];
        for (int i = 0; i < Rows; i++) numbers[i] = IsMissing(found, i) ? null : Number(found, i, unit);
        return numbers;
    }

    /// <summary>A text as a number, its decimals after this table's mark.</summary>
    internal bool TryNumber(string text, out double number, string unit = "") =>
        Column.TryNumber(NumberUnit.Without(text, unit), _numbers, out number);

    /// <summary>Where a field stands, to begin a sentence with: <c>csv 'f.csv': line 5, column 'age'</c>.</summary>
    /// <exception cref="ArgumentException">There is no such column, or no such row.</exception>
    public string Where(string column, int row)
    {
        var found = Find("where", column, nameof(column));
        if ((uint)row >= (uint)Rows)
            Throw.OutOfRange($"where in {File}: row {row}: {Throw.Run("rows", Rows)}", nameof(row));
        return $"{_asked}: {Place(found, row)}";
    }

    /// <summary>What the table is called in sentences: <c>csv 'f.csv'</c>.</summary>
    internal string Asked => _asked;
}
