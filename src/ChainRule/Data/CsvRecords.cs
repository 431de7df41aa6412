using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ChainRule.Data;

/// <summary>The rows of a table in a CSV text, one at a time: the first line names the columns, if it does, and every
/// row has a field for each.</summary>
sealed class CsvRecords(CsvRows rows, string asked, CsvOptions options)
{
    Column[]? _columns;
    bool _any;

    /// <summary>The columns, without a field; known when the first row was read.</summary>
    public Column[] Columns => _columns ?? [];

    public CsvOptions Options => options;

    public List<string> Fields => rows.Fields;

    /// <summary>How many characters stand before the row that was read.</summary>
    public long Start => rows.Start;

    /// <summary>The line in which that row begins, from 1; 0 before the first.</summary>
    public long Line { get; private set; }

    /// <summary>The first line in which a column's name stands in that column, and the column.</summary>
    public (long Line, int Column)? Again { get; private set; }

    /// <summary>Reads the next row; false where there is none.</summary>
    /// <exception cref="InvalidDataException">It is no row of the table.</exception>
    public bool Read()
    {
        while (Next())
        {
            Line = options.SkipLines + rows.Line;
            if (_columns is null)
            {
                _columns = Named(rows.Fields);
                if (options.Header != false) continue;
            }
            if (rows.Fields.Count != _columns.Length)
                RefuseWidth(rows.Fields.Count, _columns.Length, !_any && options.Header != false);
            _any = true;
            if (options.Header is null) CheckRepeated();
            return true;
        }
        return false;
    }

    /// <summary>Refuses a text without rows, which was read to its end.</summary>
    public void CheckEnd()
    {
        if (_columns is null) Throw.Data($"{asked}: the file is empty: there is no line to read");
        if (_any) return;
        if (options.Header == true) Throw.Data($"{asked}: the file holds a header and no rows: add rows");
        CsvException.Refuse($"{asked}: the file holds a header and no rows: if its first line is a row, read it "
            + $"with {CsvRemedy.NoHeader}");
    }

    /// <summary>Refuses a header that is a row by <see cref="Again"/>.</summary>
    public void RefuseAgain(long line, int column) => RefuseHeader(asked, 1 + options.SkipLines,
        $"holds '{Printable.Of(Columns[column].Name, 40)}', which stands in line {line} of that column too");

    [DoesNotReturn]
    public static void RefuseHeader(string asked, long line, string why, bool counts = false)
    {
        if (counts)
            CsvException.Refuse($"{asked}: line {line} should name the columns and {why}, but it is unlike the rows "
                + $"below: "
                + $"if it says how many they are, read the file with {CsvRemedy.Skip(line)} and {CsvRemedy.NoHeader}; "
                + $"if it is a row, with {CsvRemedy.NoHeader}; if it does name them, with {CsvRemedy.NamedHeader}");
        CsvException.Refuse($"{asked}: line {line} should name the columns and {why}: if it is a row, read the file "
            + $"with {CsvRemedy.NoHeader}; if it does name them, with {CsvRemedy.NamedHeader}");
    }

    void CheckRepeated()
    {
        var columns = Columns;
        if (columns.Length > 1
            && columns.Index().All(column => rows.Fields[column.Index] == column.Item.Name))
        {
            CsvException.Refuse($"{asked}: line {Line} repeats line {1 + options.SkipLines}: take it out if it is "
                + $"the header again; if line {1 + options.SkipLines} is a row, read the file with "
                + $"{CsvRemedy.NoHeader}");
        }
        for (int c = 0; c < columns.Length && Again is null; c++)
            if (rows.Fields[c].Length > 0 && rows.Fields[c] == columns[c].Name) Again = (Line, c);
    }

    bool Next()
    {
        try
        {
            return rows.Read();
        }
        catch (FormatException e)
        {
            Throw.Data($"{asked}: line {options.SkipLines + rows.Line}: {e.Message}");
            return false;
        }
    }

    Column[] Named(List<string> first)
    {
        bool header = options.Header != false;
        var columns = new Column[first.Count];
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int c = 0; c < columns.Length; c++)
        {
            bool unnamed = header && string.IsNullOrWhiteSpace(first[c]);
            string name = unnamed ? Unnamed(first, c) : header ? first[c] : c.ToString(CultureInfo.InvariantCulture);
            if (!places.TryAdd(name, c))
            {
                CsvException.Refuse($"{asked}: the header names columns {places[name]} and {c} both "
                    + $"'{Printable.Of(name, 40)}': rename one of them, or read a file whose first line is a row with "
                    + $"{CsvRemedy.NoHeader}");
            }
            columns[c] = new Column(name, unnamed);
        }
        return columns;
    }

    // By its place, counted from 1; another column may be called so.
    static string Unnamed(List<string> header, int place)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"column {place + 1}");
        while (header.Contains(name)) name += "'";
        return name;
    }

    void RefuseWidth(int has, int expected, bool belowHeader)
    {
        string what = $"line {Line} has {has} field{(has == 1 ? "" : "s")}, and {expected} "
            + $"{(expected == 1 ? "is" : "are")} expected", separator = CsvOptions.Shown(options.Separator!.Value);
        CsvRemedy pass = new(CsvRemedyKind.SkipLines, "it"), semicolons = new(CsvRemedyKind.Separator, ";");
        if (expected == 1)
            CsvException.Refuse($"{asked}: {what}: if what stands above is no part of the table, {pass}; if a comma "
                + $"stands before decimals, read with {semicolons}; else correct the line, or check the separator "
                + $"{separator}");
        string cure = belowHeader && has == expected + 1 ? "if rows begin with names or numbers of their own, name "
            + "that column in the header; else correct the line" : "correct the line";
        Throw.Data($"{asked}: {what}: {cure}, or check the separator {separator}");
    }
}
