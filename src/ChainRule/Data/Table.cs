using System.Globalization;

namespace ChainRule.Data;

/// <summary>The categories of a column: an id for each row, and the name of each id.</summary>
public readonly record struct Categories(Ids Ids, IReadOnlyList<string> Names);

/// <summary>
/// Columns of one length, by name: what <see cref="Csv.Read(string, CsvOptions)"/> found in a file. Fields are
/// kept as they are written, and what they are is decided by what is asked of a column:
/// <see cref="Tensor(ReadOnlySpan{string})"/> takes numbers, and <see cref="Labels"/> the text as it stands,
/// so that 007 and 7 are two.
/// </summary>
public sealed partial class Table
{
    readonly string _asked, _row;
    readonly Column[] _columns;
    readonly Dictionary<string, Column> _byName;
    readonly List<int> _lines;
    readonly HashSet<string> _missing;
    readonly NumberFormatInfo _numbers;

    // What is no text has rows, and no lines.
    internal Table(string asked, Column[] columns, List<int> lines, CsvOptions format, string row = "line")
    {
        (_asked, _columns, _lines, Format, _row) = (asked, columns, lines, format, row);
        _byName = columns.ToDictionary(column => column.Name, StringComparer.Ordinal);
        _missing = new(format.MissingValues, StringComparer.Ordinal);
        _numbers = Column.Numbers(format);
        Columns = Array.ConvertAll(columns, column => column.Name);
    }

    /// <summary>The names of the columns, in the file's order.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Whether there is a column of that name.</summary>
    internal bool Has(string column) => _byName.ContainsKey(column);

    /// <summary>Whether the file's header has no name for a column, which is called by its place then.</summary>
    internal bool IsUnnamed(string column) => _byName[column].IsUnnamed;

    /// <summary>How many rows there are, without the header and what was dropped.</summary>
    public int Rows => _lines.Count;

    /// <summary>How the file is written: what was given, and what was found.</summary>
    public CsvOptions Format { get; }

    /// <summary>Whether a column holds numbers, and nothing else but missing values.</summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public bool IsNumeric(string column)
    {
        var found = Find("is numeric", column, nameof(column));
        bool some = false;
        for (int i = 0; i < Rows; i++)
        {
            if (IsMissing(found, i)) continue;
            if (!found.TryNumber(i, _numbers, out _)) return false;
            some = true;
        }
        return some;
    }

    /// <summary>The names of all columns but these: <c>table.Tensor(table.ColumnsExcept("price"))</c>.</summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public string[] ColumnsExcept(params ReadOnlySpan<string> columns)
    {
        foreach (string column in columns) Find("all but", column);
        var left = new List<string>(Columns);
        foreach (string column in columns) left.Remove(column);
        return [.. left];
    }

    /// <summary>The same rows with these columns alone.</summary>
    /// <exception cref="ArgumentException">There is no such column, or one is named twice.</exception>
    public Table Select(params ReadOnlySpan<string> columns)
    {
        if (columns.IsEmpty)
            Throw.Argument($"select of {File}: no column is named: choose among {Known()}", nameof(columns));
        var chosen = new Column[columns.Length];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int c = 0; c < chosen.Length; c++)
        {
            chosen[c] = Find("select", columns[c]);
            if (!seen.Add(columns[c]))
                Throw.Argument($"select of {File}: column '{Printable.Of(columns[c])}' is named twice: name it once",
                    nameof(columns));
        }
        return new(_asked, chosen, _lines, Format, _row);
    }

    /// <summary>The rows asked for, in that order, such as the training rows of a <see cref="Split.Rows"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A row is not there.</exception>
    public Table Take(ReadOnlySpan<int> rows)
    {
        var lines = new List<int>(rows.Length);
        foreach (int row in rows)
        {
            if ((uint)row >= (uint)Rows)
                Throw.OutOfRange($"take of {File}: row {row}: {Throw.Run("rows", Rows)}", nameof(rows));
            lines.Add(_lines[row]);
        }
        var taken = new Column[_columns.Length];
        for (int c = 0; c < taken.Length; c++) taken[c] = _columns[c].Take(rows);
        return new(_asked, taken, lines, Format, _row);
    }

    /// <summary>
    /// The rows that lack nothing in the columns of this table: <c>table.Select("Survived", "Sex",
    /// "Age").DropMissing()</c>.
    /// </summary>
    /// <exception cref="InvalidDataException">No row is left.</exception>
    public Table DropMissing()
    {
        List<int> whole = [];
        for (int i = 0; i < Rows; i++) if (!Array.Exists(_columns, column => IsMissing(column, i))) whole.Add(i);
        if (whole.Count == 0)
        {
            var emptiest = _columns.MaxBy(column => Enumerable.Range(0, Rows).Count(i => IsMissing(column, i)));
            WholeRows.Refuse(_asked, emptiest?.Name);
        }
        return whole.Count == Rows ? this : Take([.. whole]);
    }

    /// <summary>
    /// The mean of each column's numbers, without what is missing: to be put in its place, in these rows and in others,
    /// by <see cref="Tensor(IReadOnlyList{string}, ReadOnlySpan{double})"/>.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    /// <exception cref="InvalidDataException">A column holds text, or no number at all.</exception>
    public double[] Means(params IReadOnlyList<string> columns)
    {
        Throw.IfNull(columns, $"means of {File}");
        return [.. columns.Select(column => Mean(Find("means", column)))];
    }

    /// <summary>
    /// The numbers of these columns, side by side: [rows, columns], float32. What is missing is treated as the file was
    /// asked to be read.
    /// </summary>
    /// <exception cref="ArgumentException">None is asked for, or one is not there.</exception>
    /// <exception cref="InvalidDataException">A column holds text, a number that float32 does not reach, or
    /// misses a value.</exception>
    public Tensor Tensor(params ReadOnlySpan<string> columns) => Tensor(columns.ToArray(), Format.Missing);

    /// <summary>
    /// The same, with a rule of its own about missing values: <c>table.Tensor(["Age", "Fare"], Missing.Mean)</c>.
    /// </summary>
    /// <inheritdoc cref="Tensor(ReadOnlySpan{string})" path="/exception"/>
    public Tensor Tensor(IReadOnlyList<string> columns, Missing missing)
    {
        CsvOptions.CheckMissing($"tensor of {File}", missing);
        return Numbers(columns, column =>
        {
            int row = FirstMissing(column);
            if (row < 0) return 0;
            if (missing == Missing.Mean) return Mean(column);
            Throw.Data($"{_asked}: {Missed(column, row)}: complete it, take the mean of the others with Missing.Mean, "
                + "or leave such rows out with Select(…).DropMissing()");
            return 0;
        });
    }

    /// <summary>
    /// The same, with a number for each column that takes the place of what is missing: 0, or the <see cref="Means"/>
    /// of the training rows.
    /// </summary>
    /// <exception cref="ArgumentException">There are not as many numbers as columns, or one is not finite.</exception>
    /// <inheritdoc cref="Tensor(ReadOnlySpan{string})" path="/exception"/>
    public Tensor Tensor(IReadOnlyList<string> columns, ReadOnlySpan<double> fill)
    {
        Throw.IfNull(columns, $"tensor of {File}");
        if (fill.Length != columns.Count)
            Throw.Argument($"tensor of {File}: {columns.Count} columns and {fill.Length} numbers for what is missing: "
                + "give one for each", "fill");
        double[] given = fill.ToArray();
        if (Array.FindIndex(given, number => !double.IsFinite(number)) is >= 0 and var at)
            Throw.Argument($"tensor of {File}: {given[at]} for what is missing in column "
                + $"'{Printable.Of(columns[at])}': give a finite number", nameof(fill));
        int next = 0;
        return Numbers(columns, _ => given[next++]);
    }

    public override string ToString() => $"table {File} of {Rows} rows{Format.Says()}: {Known()}";

    Tensor Numbers(IReadOnlyList<string> columns, Func<Column, double> fill)
    {
        Throw.IfNull(columns, $"tensor of {File}");
        if (columns.Count == 0)
            Throw.Argument($"tensor of {File}: no column is named: choose among {Known()}", nameof(columns));
        if ((long)Rows * columns.Count > Array.MaxLength)
            Throw.Argument($"tensor of {File}: {Rows:N0} rows of {columns.Count:N0} columns are more than the "
                + $"{Array.MaxLength:N0} numbers that a tensor holds: take fewer",
                nameof(columns));
        float[] numbers = new float[Rows * columns.Count];
        for (int c = 0; c < columns.Count; c++)
        {
            var column = Find("tensor", columns[c]);
            double filling = fill(column);
            for (int i = 0; i < Rows; i++)
            {
                double number = IsMissing(column, i) ? filling : Number(column, i);
                numbers[i * columns.Count + c] = (float)number;
                if (float.IsInfinity((float)number))
                    Throw.Data($"{_asked}: {Place(column, i)}: {Printable.Of(column[i])} passes what float32 holds: "
                        + $"give the column a larger unit");
            }
        }
        return ChainRule.Tensor.From(numbers, [Rows, columns.Count]);
    }

    double Number(Column column, int row, string unit = "")
    {
        string text = NumberUnit.Without(column[row], unit);
        if (Format.DecimalMark is null && CsvFormat.IsAmbiguous(text))
        {
            string mark = Printable.Of(column[row]);
            CsvException.Refuse($"{_asked}: {Place(column, row)}: '{mark}' may have decimals or a mark of thousands, "
                + $"and nothing in the file tells: read it with {new CsvRemedy(CsvRemedyKind.DecimalMark, ".")} if the "
                + $"point stands before decimals, or take the points out of the "
                + $"file{new CsvRemedy(CsvRemedyKind.Text, column.Name)}");
        }
        if (!Column.TryNumber(text, _numbers, out double number))
            CsvFormat.RefuseNumber($"{_asked}: {Place(column, row)}: '{Printable.Of(column[row])}'", text,
                _numbers.NumberDecimalSeparator[0], column.Name);
        return number;
    }

    double Mean(Column column)
    {
        double sum = 0;
        int count = 0;
        for (int i = 0; i < Rows; i++)
        {
            if (IsMissing(column, i)) continue;
            sum += Number(column, i);
            count++;
        }
        if (count == 0)
            Throw.Data($"{_asked}: column '{Printable.Of(column.Name)}' is missing in every row and has no mean: leave "
                + "the column out");
        return sum / count;
    }

    bool IsMissing(Column column, int row) => _missing.Contains(column[row]);

    int FirstMissing(Column column)
    {
        for (int i = 0; i < Rows; i++) if (IsMissing(column, i)) return i;
        return -1;
    }

    string Place(Column column, int row) => $"{_row} {_lines[row]}, column '{Printable.Of(column.Name)}'";

    string Missed(Column column, int row) => $"{Place(column, row)} is "
        + $"missing{(column[row].Length == 0 ? "" : $" ('{Printable.Of(column[row])}' is among MissingValues)")}";

    Column Find(string asked, string name, string parameter = "columns")
    {
        if (name is not null && _byName.TryGetValue(name, out var column)) return column;
        Throw.Argument($"{asked}: {File} has no column '{Printable.Of(name)}': it has {Known()}", parameter);
        return null;
    }

    // Without the word csv or table.
    string File => _asked[(_asked.IndexOf(' ', StringComparison.Ordinal) + 1)..];

    string Known() => Printable.List([.. Columns]);
}
