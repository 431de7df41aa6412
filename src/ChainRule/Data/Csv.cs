using System.Globalization;
using System.Text;

namespace ChainRule.Data;

/// <summary>
/// Reads tables from text files: fields between separators, quoted by " where they hold a separator or a line end (RFC
/// 4180). Separator, decimal mark and encoding are found in the file unless they are given; a gzipped file is read as
/// it is. Spaces around a field and empty lines do not count.
/// </summary>
public static class Csv
{
    /// <summary>
    /// Reads a whole file, or a pipe to its end. Every field is kept as it is written: what it is, is decided by what
    /// is asked of its column.
    /// </summary>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is empty or no text, its first line looks like a row, a row has more or fewer fields than the first,
    /// two columns have one name, or a quote stands astray.
    /// </exception>
    public static Table Read(string path, CsvOptions? options = null) => Read(new CsvSource(path), options);

    /// <summary>
    /// Reads a stream from its position to its end, as a file is read. The stream need not seek, and is not closed.
    /// </summary>
    /// <exception cref="InvalidDataException">As of a file.</exception>
    public static Table Read(Stream stream, CsvOptions? options = null) => Read(new CsvSource(stream), options);

    /// <summary>
    /// How a file is written: separator, decimal mark, encoding, and whether its first line names the columns. To be
    /// read so, as it is or changed: <c>Csv.Read(path, Csv.Sniff(path))</c>.
    /// </summary>
    /// <inheritdoc cref="Read(string, CsvOptions)" path="/exception"/>
    public static CsvOptions Sniff(string path, CsvOptions? options = null) => Sniff(new CsvSource(path), options);

    /// <summary>
    /// How the text in a stream is written. A stream that can seek stands where it stood; of another, the
    /// beginning is gone.
    /// </summary>
    /// <exception cref="InvalidDataException">As of a file.</exception>
    public static CsvOptions Sniff(Stream stream, CsvOptions? options = null)
    {
        var source = new CsvSource(stream);
        long position = stream.CanSeek ? stream.Position : 0;
        var found = Sniff(source, options);
        if (stream.CanSeek) stream.Position = position;
        return found;
    }

    static Table Read(CsvSource source, CsvOptions? options)
    {
        string asked = source.Asked;
        long line = 0;
        CsvOptions wanted = options ?? new();
        wanted.Check(asked);
        using var opened = source.Peek(wanted);
        return Open(source, opened, wanted, (bytes, text, sample, given) =>
        {
            SkipLines(text, given.SkipLines, asked);
            var (found, rows) = CsvFormat.Find(sample, bytes.IsWhole, given);
            CheckMarks(asked, given, rows);
            if (found.Header is null && CsvFormat.WhyRow(rows, found.MissingValues) is { } why)
                RefuseHeader(asked, 1 + given.SkipLines, why, CsvFormat.CountsRows(rows));
            var table = Parse(new(text, found.Separator!.Value), asked, found, ref line);
            return given.Missing == Missing.Drop ? table.DropMissing() : table;
        }, () => line);
    }

    static CsvOptions Sniff(CsvSource source, CsvOptions? options)
    {
        CsvOptions given = options ?? new();
        given.Check(source.Asked);
        using var opened = source.Peek(given);
        if (given.Encoding is null && TextFile.Detect(opened.Head) is UTF8Encoding && Invalid(opened))
            given = given with { Encoding = TextFile.Windows1252 };
        return Open(source, opened, given, (bytes, _, sample, said) =>
        {
            var (found, rows) = CsvFormat.Find(sample, bytes.IsWhole, said);
            return found with { Header = said.Header ?? CsvFormat.WhyRow(rows, found.MissingValues) is null };
        }, () => 0);
    }

    static T Open<T>(
        CsvSource source, PeekedStream bytes, CsvOptions options,
        Func<PeekedStream, TextReader, string, CsvOptions, T> read, Func<long> line)
    {
        string asked = source.Asked;
        options = options.WithDecimalMark();
        try
        {
            var encoding = options.Encoding ?? TextFile.Detect(bytes.Head);
            if (options.Encoding is null) TextFile.CheckText(asked, bytes.Head);
            string sample = Sample(bytes, encoding, options.SkipLines);
            CsvFormat.RefuseOther(asked, sample);
            using var text = new StreamReader(bytes, encoding);
            if (options.SkipLines > 0 || CsvFormat.SaidSeparator(sample) is not { } separator)
                return read(bytes, text, sample, options);
            return read(bytes, text, sample[(sample.IndexOfAny(['\r', '\n']) + 1)..],
                options with { SkipLines = 1, Separator = options.Separator ?? separator });
        }
        catch (Exception e) when (e is InvalidDataException or DecoderFallbackException && bytes.IsDamaged())
        {
            // What is wrong in the text comes of that.
            Throw.Data($"{asked}: {PeekedStream.Damage}");
        }
        catch (DecoderFallbackException)
        {
            if (options.Encoding is { } given)
                CsvException.Refuse($"{asked}: after line {line()} stand bytes that are no {given.WebName}: save the "
                    + $"file as UTF-8, or give the encoding that it has");
            string why = Invalid(bytes) ? TextFile.NotUtf8(bytes.Head)
                : $"after line {line()} stand bytes that are no UTF-8: save the file as UTF-8";
            CsvException.Refuse($"{asked}: {why}{new CsvRemedy(CsvRemedyKind.Encoding)}");
        }
        catch (PeekedStream.RefusedException e)
        {
            e.Refuse(asked);
        }
        catch (IOException e) when (source.Path is not null && e is not FileNotFoundException)
        {
            Files.Refuse($"csv: '{Printable.Path(source.Path)}' cannot be read", source.Path, e);
        }
        return default;
    }

    static Table Parse(CsvRows rows, string asked, CsvOptions options, ref long line)
    {
        Column[]? columns = null;
        List<int> lines = [];
        (long Line, int Column)? again = null;
        while (Next(rows, asked, options))
        {
            line = options.SkipLines + rows.Line;
            if (columns is null)
            {
                columns = Columns(rows.Fields, asked, options.Header != false);
                if (options.Header != false) continue;
            }
            if (rows.Fields.Count != columns.Length)
                RefuseWidth(rows.Fields.Count, columns.Length, lines.Count == 0 && options.Header != false, line,
                    asked, options);
            lines.Add((int)line);
            if (options.Header is null && columns.Length > 1
                && columns.Index().All(column => rows.Fields[column.Index] == column.Item.Name))
            {
                CsvException.Refuse($"{asked}: line {line} repeats line {1 + options.SkipLines}: take it out if it is "
                    + $"the header again; if line {1 + options.SkipLines} is a row, read the file with "
                    + $"{CsvRemedy.NoHeader}");
            }
            for (int c = 0; c < columns.Length; c++)
            {
                columns[c].Add(rows.Fields[c]);
                if (options.Header is null && again is null && rows.Fields[c].Length > 0
                    && rows.Fields[c] == columns[c].Name) again = (line, c);
            }
        }
        if (columns is null) Throw.Data($"{asked}: the file is empty: there is no line to read");
        if (lines.Count == 0)
        {
            if (options.Header == true) Throw.Data($"{asked}: the file holds a header and no rows: add rows");
            CsvException.Refuse($"{asked}: the file holds a header and no rows: if its first line is a row, read it "
                + $"with {CsvRemedy.NoHeader}");
        }
        // What the beginning did not tell, a later row may.
        if (options.DecimalMark is null)
        {
            var fields = columns.SelectMany(column => Enumerable.Range(0, lines.Count).Select(row => column[row]));
            options = options with { DecimalMark = CsvFormat.DecimalMark(fields, commasSeparate: false) };
        }
        var table = new Table(asked, columns, lines, options with { Header = options.Header ?? true });
        if (again is var (where, which) && !Array.Exists(columns, column => table.IsNumeric(column.Name)))
            RefuseHeader(asked, 1 + options.SkipLines,
                $"holds '{Printable.Of(columns[which].Name, 40)}', which stands in line {where} of that column too");
        return table;
    }

    static bool Next(CsvRows rows, string asked, CsvOptions options)
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

    static Column[] Columns(List<string> first, string asked, bool header)
    {
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

    static void RefuseHeader(string asked, long line, string why, bool counts = false)
    {
        if (counts)
            CsvException.Refuse($"{asked}: line {line} should name the columns and {why}, but it is unlike the rows "
                + $"below: "
                + $"if it says how many they are, read the file with {CsvRemedy.Skip(line)} and {CsvRemedy.NoHeader}; "
                + $"if it is a row, with {CsvRemedy.NoHeader}; if it does name them, with {CsvRemedy.NamedHeader}");
        CsvException.Refuse($"{asked}: line {line} should name the columns and {why}: if it is a row, read the file "
            + $"with {CsvRemedy.NoHeader}; if it does name them, with {CsvRemedy.NamedHeader}");
    }

    static void RefuseWidth(int has, int expected, bool belowHeader, long line, string asked, CsvOptions options)
    {
        string what = $"line {line} has {has} field{(has == 1 ? "" : "s")}, and {expected} "
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

    /// <summary>One character can separate fields and decimals only where numbers stand in quotes.</summary>
    static void CheckMarks(string asked, CsvOptions given, List<string[]> rows)
    {
        if (given.Separator is not { } mark || given.DecimalMark != mark
            || rows.Exists(row => Array.Exists(row, field => field.Contains(mark, StringComparison.Ordinal)))) return;
        Throw.Argument($"{asked}: the separator and the decimal mark are both '{mark}', and no field holds one in "
            + "quotes: give another for one of them, or neither to have both found", "options");
    }

    /// <summary>
    /// The text of the beginning, without half a character at its end, and without the lines that are
    /// to be passed over.
    /// </summary>
    static string Sample(PeekedStream bytes, Encoding encoding, int skip)
    {
        var lenient = (Encoding)encoding.Clone();
        lenient.DecoderFallback = DecoderFallback.ReplacementFallback;
        using var text = new StringReader(lenient.GetString(bytes.Head).TrimStart('\uFEFF'));
        for (int i = 0; i < skip && text.ReadLine() is not null; i++)
        {
        }
        return text.ReadToEnd();
    }

    static void SkipLines(TextReader text, int lines, string asked)
    {
        for (int line = 0; line < lines; line++)
            if (text.ReadLine() is null)
                Throw.Data($"{asked}: it has {line} lines, and {lines} are to be skipped: skip fewer");
    }

    // The last character of a beginning may be cut.
    static bool Invalid(PeekedStream bytes) =>
        !System.Text.Unicode.Utf8.IsValid(bytes.IsWhole ? bytes.Head : Complete(bytes.Head));

    static ReadOnlySpan<byte> Complete(ReadOnlySpan<byte> head)
    {
        int end = head.Length;
        while (end > 0 && head.Length - end < 4 && (head[end - 1] & 0xc0) == 0x80) end--;
        return end > 0 && head[end - 1] >= 0xc0 ? head[..(end - 1)] : head[..end];
    }
}
