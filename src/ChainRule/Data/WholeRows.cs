namespace ChainRule.Data;

/// <summary>Which rows of a table lack nothing, found one row after another.</summary>
sealed class WholeRows(IReadOnlyList<string> missingValues)
{
    readonly HashSet<string> _missing = new(missingValues, StringComparer.Ordinal);
    readonly List<int> _whole = [];

    // How many rows lack each column.
    long[] _lack = [];
    int _rows;

    /// <summary>Looks at the next row.</summary>
    public void Add(int row, List<string> fields)
    {
        if (_rows++ == 0) _lack = new long[fields.Count];
        bool whole = true;
        for (int c = 0; c < fields.Count; c++)
        {
            if (!_missing.Contains(fields[c])) continue;
            whole = false;
            _lack[c]++;
        }
        if (whole) _whole.Add(row);
    }

    /// <summary>The rows that lack nothing; null where all do not.</summary>
    /// <exception cref="InvalidDataException">No row is left.</exception>
    public int[]? Kept(string asked, Column[] columns)
    {
        if (_whole.Count == 0) Refuse(asked, columns[Array.IndexOf(_lack, _lack.Max())].Name);
        return _whole.Count == _rows ? null : [.. _whole];
    }

    /// <summary>Refuses a table in which every row lacks something.</summary>
    public static void Refuse(string asked, string? emptiest) =>
        Throw.Data($"{asked}: every row lacks something, most often '{Printable.Of(emptiest, 40)}', and dropping them "
            + "leaves none: Select the columns that are needed first, read with Missing.Mean, or check MissingValues");
}
