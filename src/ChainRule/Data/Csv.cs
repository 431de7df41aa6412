using System.Globalization;
using System.Text;
using CsvHelper;

namespace ChainRule.Data;

/// <summary>
/// Reads tables from text files: fields between separators, quoted by " where they hold a separator or a line end (RFC 4180), in UTF-8. Spaces around
/// an unquoted field and empty lines do not count.
/// </summary>
public static class Csv
{
    // A quote that is never closed swallows the rest of a file; no honest row is this long.
    const int LongestRow = 1 << 24;

    /// <summary>Reads a whole file. A column whose every field is a finite number is numeric, and text otherwise.</summary>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is empty, a row has more or fewer fields than the first, two columns have one name, a quote stands astray, or a value is missing that
    /// <see cref="CsvOptions.Missing"/> does not provide for.
    /// </exception>
    public static Table Read(string path, CsvOptions? options = null)
    {
        options ??= new();
        using var stream = Files.OpenRead("csv", path);
        using var text = new StreamReader(stream, new UTF8Encoding(false, throwOnInvalidBytes: true));
        string file = Path.GetFileName(path);
        long line = 0;
        try
        {
            for (; line < options.SkipLines; line++)
            {
                if (text.ReadLine() is null) Throw.Data($"csv '{file}': it has {line} lines, and {options.SkipLines} are to be skipped: skip fewer");
            }
            using var reader = CsvReader.Create(text, new CsvReaderOptions
            {
                HasHeader = false,
                Separator = options.Separator,
                TrimWhitespace = true,
                TrackLineNumbers = true,
                PoolStrings = true,
                MalformedData = CsvMalformedDataHandling.Throw,
                MaxRecordSize = LongestRow,
            }, leaveOpen: true);
            return Parse(reader, file, options, ref line);
        }
        catch (CsvFormatException e)
        {
            string where = e.LineNumber > 0 ? $"line {options.SkipLines + e.LineNumber}" : $"after line {line}";
            Throw.Data($"csv '{file}': {where}: a quote is astray or never closed: double a quote inside a field, and put the whole field in quotes");
        }
        catch (DecoderFallbackException)
        {
            Throw.Data($"csv '{file}': after line {line} stand bytes that are no UTF-8: save the file as UTF-8");
        }
        catch (IOException e)
        {
            Files.Refuse($"csv: '{path}' cannot be read", path, e);
        }
        return null;
    }

    static Table Parse(CsvReader reader, string file, CsvOptions options, ref long line)
    {
        Column[]? columns = null;
        List<int> lines = [];
        while (reader.Read())
        {
            line = options.SkipLines + reader.LineNumber;
            if (columns is null)
            {
                columns = Columns(reader, file, options.Header);
                if (options.Header) continue;
            }
            if (reader.FieldCount != columns.Length)
            {
                Throw.Data($"csv '{file}': line {line} has {reader.FieldCount} fields, and {columns.Length} are expected: "
                    + $"correct the line, or check the separator '{options.Separator}'");
            }
            lines.Add((int)line);
            for (int c = 0; c < columns.Length; c++)
            {
                string field = reader.GetString(c);
                columns[c].Add(options.MissingValues.Contains(field) ? null : field);
            }
        }
        if (columns is null) Throw.Data($"csv '{file}': the file is empty: there is no line to read");
        if (lines.Count == 0)
            Throw.Data($"csv '{file}': the file holds a header and no rows: if its first line is a row, read it with Header = false");
        return new Table(file, columns, lines, options.Missing);
    }

    static Column[] Columns(CsvReader first, string file, bool header)
    {
        var columns = new Column[first.FieldCount];
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int c = 0; c < columns.Length; c++)
        {
            string name = header ? first.GetString(c) : c.ToString(CultureInfo.InvariantCulture);
            if (!places.TryAdd(name, c))
                Throw.Data($"csv '{file}': the header names columns {places[name]} and {c} both '{name}': rename one of them");
            columns[c] = new Column(name);
        }
        return columns;
    }
}
