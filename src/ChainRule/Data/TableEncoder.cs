using System.Globalization;

namespace ChainRule.Data;

/// <summary>A column of an encoded table, and the column of the table that it was made from.</summary>
public readonly record struct EncodedColumn(string Name, string Source);

/// <summary>
/// Makes numbers of a table's columns, in the way that was right for the training rows: numbers are standardised, and
/// the median stands for a missing one; categories become one-hot; booleans 0 and 1; dates year, month, day of the week
/// and day number, and the sine and cosine of the hour where they have times. What was missing in training has a column
/// that says so. All is fitted to the training rows alone, and can be saved.
/// <code>
/// var table = Csv.Read("houses.csv");
/// var (train, _, test) = Split.Rows(table.Rows, 0.8, 0.0, seed: 1);
/// var encoder = TableEncoder.Fit(table.Take(train), table.ColumnsExcept("price"));
/// Tensor inputs = encoder.Encode(table.Take(train)), others = encoder.Encode(table.Take(test));
/// </code>
/// </summary>
public sealed partial class TableEncoder
{
    const string Asked = "table encoder";

    readonly ColumnEncoding[] _encodings;

    // What stood in every training row of a column that is left out for it.
    readonly Dictionary<string, string> _constants;

    TableEncoder(ColumnEncoding[] encodings, Dictionary<string, string> leftOut, Dictionary<string, string> constants)
    {
        (_encodings, LeftOut, _constants) = (encodings, leftOut, constants);
        Columns = [.. encodings.SelectMany(one => one.Names.Select(name => new EncodedColumn(name, one.Column)))];
    }

    /// <summary>Fits one to training rows.</summary>
    /// <param name="train">The rows that a model learns from, and no others.</param>
    /// <param name="columns">The columns to encode; if null, all. Those that are constant, or of a value of its own in
    /// each row, are left out.</param>
    /// <param name="kinds">What some columns are, where it is known: <see cref="TableProfile.Kinds"/> of the whole
    /// table.</param>
    /// <param name="maxCategories">The most categories of a column that have a place of their own, the most frequent
    /// ones.</param>
    /// <param name="standardise">Whether numbers become (x − mean) / standard deviation, and not what they
    /// are.</param>
    /// <exception cref="ArgumentException">There is no such column, or one is named twice.</exception>
    /// <exception cref="InvalidDataException">No column is left, or one holds numbers or dates with a few
    /// exceptions.</exception>
    public static TableEncoder Fit(Table train, IReadOnlyList<string>? columns = null,
        IReadOnlyDictionary<string, ColumnKind>? kinds = null, int maxCategories = 50,
        bool standardise = true)
    {
        Throw.IfNull(train, Asked);
        if (maxCategories < 1)
            Throw.OutOfRange($"{Asked}: {maxCategories} categories: give 1 or more", nameof(maxCategories));
        var chosen = columns is null ? train : train.Select([.. columns]);
        List<ColumnEncoding> encodings = [];
        var leftOut = new Dictionary<string, string>(StringComparer.Ordinal);
        var constants = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string name in chosen.Columns)
        {
            ColumnKind? known = kinds is not null && kinds.TryGetValue(name, out var kind) ? kind : null;
            var profile = ColumnProfile.Of(train, name, known);
            if (profile.IsUsed) encodings.Add(ColumnEncoding.Fit(train, profile, maxCategories, standardise));
            else leftOut[name] = profile.Reason == "given" ? profile.KindText : profile.Reason;
            if (profile is { Kind: ColumnKind.Constant, Distinct: 1, Missing: 0 })
                constants[name] = profile.Examples[0];
        }
        if (encodings.Count == 0)
        {
            string why = string.Join("; ", leftOut.Take(3).Select(one => $"'{Printable.Of(one.Key, 30)}' is "
                + $"{Printable.Of(one.Value, 40)}"));
            Throw.Data($"{train.Asked}: no column is left to learn from: {why}: give other columns, or more rows");
        }
        return new([.. encodings], leftOut, constants);
    }

    /// <summary>The columns of the table that are encoded.</summary>
    public IReadOnlyList<string> Inputs => Array.ConvertAll(_encodings, one => one.Column);

    /// <summary>The columns of the matrix that <see cref="Encode"/> gives.</summary>
    public IReadOnlyList<EncodedColumn> Columns { get; }

    /// <summary>The columns that are left out, and why.</summary>
    public IReadOnlyDictionary<string, string> LeftOut { get; }

    /// <summary>The rows as numbers, [rows, columns]. The table may have its columns in any order, and others beside
    /// them.</summary>
    /// <exception cref="InvalidDataException">The table lacks a column, or a field is not what the column held in
    /// training: says which.</exception>
    public Tensor Encode(Table table, DType dtype = DType.Float32)
    {
        CheckColumns(table);
        int width = Columns.Count, at = 0;
        if ((long)table.Rows * width > Array.MaxLength)
            Throw.Data($"{table.Asked}: {table.Rows:N0} rows of {width:N0} encoded columns are more numbers than a "
                + "tensor holds: encode some rows at a time, or fewer categories");
        double[] matrix = new double[table.Rows * width];
        foreach (var encoding in _encodings)
        {
            encoding.Encode(table, matrix, width, at);
            at += encoding.Names.Length;
        }
        for (int i = 0; i < matrix.Length; i++)
        {
            if (!float.IsFinite((float)matrix[i]))
                CsvException.Refuse($"{table.Where(Columns[i % width].Source, i / width)}: the number lies too far "
                    + $"from those of training to be scaled: correct it, or "
                    + $"{new CsvRemedy(CsvRemedyKind.MissingValues)}");
        }
        return Tensor.From(matrix, [table.Rows, width]).To(dtype);
    }

    /// <summary>What of a table was missing or never seen in training, and what is done about it: a sentence for each
    /// column concerned, and one for all numbers that lie far outside of those of training: by more than half of the
    /// width of their range.</summary>
    /// <inheritdoc cref="Encode" path="/exception"/>
    public IReadOnlyList<string> Remarks(Table table)
    {
        CheckColumns(table);
        return [.. _encodings.SelectMany(one => one.Remarks(table)), .. FarOff(table), .. Changed(table)];
    }

    /// <summary>A line for each column: what it holds, and what is done with it.</summary>
    public override string ToString() => TextTable.Of(
    [
        ["column", "kind", "columns", "encoding"],
        .. _encodings.Select(one => (string[])[Printable.Of(one.Column, 40), one.Kind.ToString().ToLowerInvariant(),
        one.Names.Length.ToString(CultureInfo.InvariantCulture), one.Says]),
        .. LeftOut.Select(one => (string[])[Printable.Of(one.Key, 40), "", "0",
        $"left out: {Printable.Of(one.Value, 60)}"]),
    ]);

    IEnumerable<string> FarOff(Table table)
    {
        var rows = new HashSet<int>();
        List<string> columns = [];
        foreach (var encoding in _encodings)
        {
            int[] far = [.. encoding.FarRows(table)];
            if (far.Length == 0) continue;
            rows.UnionWith(far);
            columns.Add($"'{Printable.Of(encoding.Column, 40)}'");
        }
        if (rows.Count > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"{rows.Count:N0} of {table.Rows:N0} rows lie ")
                + $"far outside of the range of the training rows, in {Printable.List([.. columns], 8)}: what is "
                + "predicted for them is a guess";
    }

    // A constant column teaches nothing, which matters only where it is constant no more.
    IEnumerable<string> Changed(Table table)
    {
        foreach (var (name, value) in _constants)
        {
            if (!table.Has(name)) continue;
            string?[] texts = table.Texts(name);
            bool Differs(string? text) => text is not null && text != value
                && !(table.TryNumber(text, out double number) && table.TryNumber(value, out double own)
                    && number == own);
            int rows = texts.Count(Differs);
            if (rows > 0)
                yield return $"column '{Printable.Of(name, 40)}' was '{Printable.Of(value, 40)}' in every training "
                    + $"row, and nothing was learned from it: here it differs in {rows:N0} of {texts.Length:N0} rows, "
                    + $"such as '{Printable.Of(Array.Find(texts, Differs), 40)}', which changes no prediction";
        }
    }

    void CheckColumns(Table table)
    {
        Throw.IfNull(table, Asked);
        string[] lacking = [.. Inputs.Where(column => !table.Has(column))];
        if (lacking.Length == 0) return;
        string them = Printable.List([.. lacking.Select(name => $"'{name}'")], 8);
        Throw.Data($"{table.Asked}: the model learned from column{(lacking.Length == 1 ? "" : "s")} {them}, which "
            + $"the table does not have: it has {Printable.List([.. table.Columns], 8)}");
    }
}
