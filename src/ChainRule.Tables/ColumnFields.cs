using System.Globalization;
using ChainRule.Data;

namespace ChainRule.Tables;

/// <summary>
/// The columns of a table as they are read, value by value: each becomes the text that it would have in a CSV file. A
/// float32 is written with the fewest digits that give it back, so that 0.1 is 0.1 in every format.
/// </summary>
sealed class ColumnFields
{
    // Of the format, such as parquet 'f.parquet'.
    readonly string _asked;
    readonly TableReadOptions _options;
    readonly List<string> _names;
    readonly List<string?>[] _fields;
    readonly int[] _chosen;
    long _left;

    /// <param name="asked">What errors begin with.</param>
    /// <param name="names">All columns that there are.</param>
    /// <param name="options">Which of them are read.</param>
    public ColumnFields(string asked, IReadOnlyList<string> names, TableReadOptions options)
    {
        (_asked, _options, _left) = (asked, options, options.MaxBytes);
        _names = [.. names];
        for (int c = 0; c < names.Count; c++)
            if (string.IsNullOrWhiteSpace(names[c])) _names[c] = Unnamed(c);
        _chosen = options.Columns is { } columns ? [.. columns.Select(Find)] : [.. Enumerable.Range(0, names.Count)];
        if (_chosen.Length == 0) Throw.Data($"{asked}: it has no columns: give a table with some");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (int c in _chosen)
            if (!seen.Add(_names[c]))
                Throw.Data($"{asked}: two columns are called '{Printable.Of(_names[c], 40)}', or one is asked for "
                    + "twice: rename one of them, or name the columns to read in Columns");
        _fields = [.. _chosen.Select(_ => new List<string?>())];
    }

    /// <summary>The places, among all columns, of those that are read.</summary>
    public IReadOnlyList<int> Chosen => _chosen;

    /// <summary>Makes sure that this many rows may be read, before memory is taken for them.</summary>
    public void Expect(long rows)
    {
        // A field takes a separator at least, also where nothing stands before it.
        if (rows < 0 || rows > int.MaxValue || rows > _left / _chosen.Length) Refuse();
    }

    /// <summary>Appends a value to a column, of those that are read; null is missing.</summary>
    public void Add(int column, string? text)
    {
        _left -= 1 + (text?.Length ?? 0);
        if (_left < 0) Refuse();
        _fields[column].Add(text);
    }

    /// <summary>The table.</summary>
    public Table Table()
    {
        if (_fields[0].Count == 0) Throw.Data($"{_asked}: it has columns and no rows: add rows");
        return Data.Table.FromColumns([.. _chosen.Select(c => _names[c])], _fields,
            new() { MissingValues = [.. _options.MissingValues, ""], Missing = _options.Missing }, _asked);
    }

    /// <summary>Refuses a column whose values are none that a table has.</summary>
    /// <param name="place">The place of the column among all.</param>
    /// <param name="holds">What it holds, such as <c>lists</c>.</param>
    public void RefuseColumn(int place, string holds) =>
        Throw.Data($"{_asked}: column '{Printable.Of(_names[place], 40)}' holds {holds}, which no field of a table "
            + "holds: make numbers, texts or dates of it before, or name the columns to read, without this one, in "
            + "Columns");

    /// <summary>Refuses columns that differ in how many rows they have.</summary>
    public void RefuseUneven() => Throw.Data($"{_asked}: its columns differ in how many rows they have: {Damaged}");

    /// <summary>What is said of files that contradict themselves.</summary>
    public const string Damaged = "the file is damaged: write or fetch it again";

    /// <summary>A value as text; null if it is missing, or of a type that no field is of.</summary>
    public static string? Text(object? value) => value switch
    {
        null or double.NaN or float.NaN => null,
        string text => text,
        bool yes => yes ? "true" : "false",
        Half number => Half.IsNaN(number) ? null : number.ToString(CultureInfo.InvariantCulture),
        decimal number => Decimal(number.ToString(CultureInfo.InvariantCulture)),
        DateTime day => day.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        DateTimeOffset day => Text(day.UtcDateTime),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TimeOnly time => time.ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        Guid id => id.ToString(),
        char letter => letter.ToString(),
        sbyte or byte or short or ushort or int or uint or long or ulong or float or double =>
            ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>A decimal number without zeros at its end: 1.50 and 1.5 are one value.</summary>
    public static string? Decimal(string? number) =>
        number is null || !number.Contains('.', StringComparison.Ordinal) ? number : number.TrimEnd('0').TrimEnd('.');

    int Find(string name)
    {
        int place = name is null ? -1 : _names.IndexOf(name);
        if (place < 0)
            Throw.Argument($"{_asked}: there is no column '{Printable.Of(name, 40)}': there are "
                + $"{Printable.List(_names, 20)}", "options");
        return place;
    }

    string Unnamed(int place)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"column {place + 1}");
        while (_names.Contains(name)) name += "'";
        return name;
    }

    void Refuse() => Throw.Data($"{_asked}: its fields take more than MaxBytes = {_options.MaxBytes:N0}: name the "
        + "columns that are needed in Columns, read a part of the file, or give a larger MaxBytes");
}
