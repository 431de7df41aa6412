using System.Runtime.InteropServices;

namespace ChainRule.Data;

/// <summary>The categories of a column: an id for each row, and the name of each id.</summary>
public readonly record struct Categories(Ids Ids, IReadOnlyList<string> Names);

/// <summary>Columns of one length, by name: what <see cref="Csv.Read"/> found in a file.</summary>
public sealed class Table
{
    readonly string _file;
    readonly Column[] _columns;
    readonly List<int> _lines;

    internal Table(string file, Column[] columns, List<int> lines, Missing missing)
    {
        (_file, _columns, _lines) = (file, columns, lines);
        Columns = Array.ConvertAll(columns, column => column.Name);
        if (missing == Missing.Drop) Drop();
        foreach (var column in columns)
        {
            if (column.FirstMissing() is >= 0 and var row) CheckMean(column, row, missing);
            column.Finish();
        }
    }

    /// <summary>The names of the columns, in the file's order.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>How many rows there are, without the header and what was dropped.</summary>
    public int Rows => _lines.Count;

    /// <summary>Whether a column holds numbers and nothing else.</summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public bool IsNumeric(string column) => Find("is numeric", column).IsNumeric;

    /// <summary>The names of all columns but these, for <see cref="Tensor"/>: <c>table.Tensor(table.AllBut("price"))</c>.</summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public string[] AllBut(params ReadOnlySpan<string> columns)
    {
        foreach (string column in columns) Find("all but", column);
        var left = new List<string>(Columns);
        foreach (string column in columns) left.Remove(column);
        return [.. left];
    }

    /// <summary>The numbers of these columns, side by side: [rows, columns], float32.</summary>
    /// <exception cref="ArgumentException">None is asked for, or one is not there.</exception>
    /// <exception cref="InvalidDataException">A column holds text, or a number that float32 does not reach.</exception>
    public Tensor Tensor(params ReadOnlySpan<string> columns)
    {
        if (columns.IsEmpty) Throw.Argument($"tensor of '{_file}': no column is named: choose among {Known()}");
        var numbers = new float[checked(Rows * columns.Length)];
        for (int c = 0; c < columns.Length; c++)
        {
            var column = Find("tensor", columns[c]);
            if (!column.IsNumeric)
            {
                int row = column.FirstText();
                Throw.Data($"csv '{_file}': line {_lines[row]}, column '{column.Name}': '{column.Text(row)}' is no number: "
                    + "correct it, name it among MissingValues, or take the column by Labels or OneHot");
            }
            var from = column.Numbers;
            for (int i = 0; i < from.Length; i++)
            {
                float number = (float)from[i];
                if (float.IsInfinity(number))
                {
                    Throw.Data($"csv '{_file}': line {_lines[i]}, column '{column.Name}': {column.Text(i)} passes what float32 holds: give the "
                        + "column a larger unit");
                }
                numbers[i * columns.Length + c] = number;
            }
        }
        return ChainRule.Tensor.From(numbers, [Rows, columns.Length]);
    }

    /// <summary>
    /// A column as categories. Their names are sorted, numbers by size and text by its Unicode numbers, and a name's place is its id; or the names
    /// are given, such as those of the training file.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    /// <exception cref="InvalidDataException">A row holds a category that is not among the names given.</exception>
    public Categories Labels(string column, IReadOnlyList<string>? names = null)
    {
        var found = Find("labels", column);
        names ??= Names(found);
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int id = 0; id < names.Count; id++) known.TryAdd(names[id], id);
        var ids = new int[Rows];
        for (int i = 0; i < ids.Length; i++)
        {
            if (!known.TryGetValue(found.Text(i), out ids[i]))
            {
                Throw.Data($"csv '{_file}': line {_lines[i]}, column '{column}': '{found.Text(i)}' is none of the categories "
                    + $"{string.Join(", ", names)}: add it");
            }
        }
        return new(Ids.From(ids), names);
    }

    /// <summary>
    /// A column as categories, a row of zeros with a single 1 for each: [rows, categories], float32, in the order of <see cref="Labels"/>.
    /// </summary>
    /// <inheritdoc cref="Labels" path="/exception"/>
    public Tensor OneHot(string column, IReadOnlyList<string>? names = null)
    {
        var (ids, found) = Labels(column, names);
        return ChainRule.Tensor.OneHot(ids, found.Count);
    }

    public override string ToString() => $"table '{_file}' of {Rows} rows: {Known()}";

    string[] Names(Column column)
    {
        if (column.IsNumeric)
        {
            var first = new SortedDictionary<double, string>();
            for (int i = 0; i < Rows; i++) first.TryAdd(column.Numbers[i], column.Text(i));
            return [.. first.Values];
        }
        var names = new SortedSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < Rows; i++) names.Add(column.Text(i));
        return [.. names];
    }

    Column Find(string asked, string name)
    {
        foreach (var column in _columns)
        {
            if (column.Name == name) return column;
        }
        Throw.Argument($"{asked}: '{_file}' has no column '{name}': it has {Known()}");
        return null;
    }

    string Known() => string.Join(", ", Columns.Take(20)) + (Columns.Count > 20 ? $", … ({Columns.Count} columns)" : "");

    void Drop()
    {
        var whole = new bool[Rows];
        for (int i = 0; i < whole.Length; i++) whole[i] = !Array.Exists(_columns, column => column.IsMissing(i));
        foreach (var column in _columns) column.Keep(whole);
        int kept = 0;
        for (int i = 0; i < whole.Length; i++)
        {
            if (whole[i]) _lines[kept++] = _lines[i];
        }
        CollectionsMarshal.SetCount(_lines, kept);
        if (kept == 0)
            Throw.Data($"csv '{_file}': every row lacks something, and dropping them leaves none: read it with Missing.Mean, or check MissingValues");
    }

    void CheckMean(Column column, int row, Missing missing)
    {
        if (missing == Missing.Error)
        {
            Throw.Data($"csv '{_file}': line {_lines[row]}, column '{column.Name}' is missing: complete it, or read with Missing.Mean or "
                + "Missing.Drop");
        }
        if (column.FirstText() is >= 0 and var text)
        {
            Throw.Data($"csv '{_file}': line {_lines[row]}, column '{column.Name}' is missing, and text such as '{column.Text(text)}' has no mean: "
                + "read with Missing.Drop");
        }
        for (int i = 0; i < Rows; i++)
        {
            if (!column.IsMissing(i)) return;
        }
        Throw.Data($"csv '{_file}': column '{column.Name}' is missing in every row and has no mean: take the column out of the file");
    }
}
