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
        CsvRecords? records = null;
        CsvOptions wanted = options ?? new();
        wanted.Check(asked);
        using var opened = source.Peek(wanted);
        return Open(source, opened, wanted, (bytes, text, sample, given) =>
        {
            records = Records(asked, bytes, text, sample, given);
            var table = Parse(records, asked);
            return given.Missing == Missing.Drop ? table.DropMissing() : table;
        }, () => records?.Line ?? 0);
    }

    /// <summary>The rows of a text, how it is written being found out from its beginning.</summary>
    internal static CsvRecords Records(string asked, PeekedStream bytes, TextReader text, string sample,
        CsvOptions given)
    {
        SkipLines(text, given.SkipLines, asked);
        var (found, rows) = CsvFormat.Find(sample, bytes.IsWhole, given);
        CheckMarks(asked, given, rows);
        if (found.Header is null && CsvFormat.WhyRow(rows, found.MissingValues) is { } why)
            CsvRecords.RefuseHeader(asked, 1 + given.SkipLines, why, CsvFormat.CountsRows(rows));
        return new(new(text, found.Separator!.Value), asked, found);
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

    /// <summary>Reads a text whose encoding is found out, and says what is wrong with it.</summary>
    internal static T Open<T>(
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

    static Table Parse(CsvRecords records, string asked)
    {
        List<int> lines = [];
        while (records.Read())
        {
            lines.Add((int)records.Line);
            for (int c = 0; c < records.Columns.Length; c++) records.Columns[c].Add(records.Fields[c]);
        }
        records.CheckEnd();
        var (columns, options) = (records.Columns, records.Options);
        // What the beginning did not tell, a later row may.
        if (options.DecimalMark is null)
        {
            var fields = columns.SelectMany(column => Enumerable.Range(0, lines.Count).Select(row => column[row]));
            options = options with { DecimalMark = CsvFormat.DecimalMark(fields, commasSeparate: false) };
        }
        var table = new Table(asked, columns, lines, options with { Header = options.Header ?? true });
        if (records.Again is var (where, which) && !Array.Exists(columns, column => table.IsNumeric(column.Name)))
            records.RefuseAgain(where, which);
        return table;
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
