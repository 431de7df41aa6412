using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ChainRule.Lab.Runs;

/// <summary>A table to be saved: columns of values, by name.</summary>
/// <param name="Columns">The names.</param>
/// <param name="Rows">A value for each column.</param>
sealed record ExportTable(IReadOnlyList<string> Columns, IReadOnlyList<Cell[]> Rows)
{
    /// <summary>The formats, and what each is called in a browser.</summary>
    public static IReadOnlyDictionary<string, string> Formats { get; } = new Dictionary<string, string>
    {
        ["csv"] = "text/csv", ["json"] = "application/json", ["parquet"] = "application/vnd.apache.parquet",
    };

    /// <summary>The table in a format.</summary>
    /// <exception cref="ArgumentException">There is no such format.</exception>
    public byte[] ToBytes(string format) => format switch
    {
        "csv" => Csv(),
        "json" => Json(),
        "parquet" => ParquetFile.Of(this),
        _ => throw new ArgumentException($"export: format '{Printable.Of(format, 20)}': choose one of "
            + string.Join(", ", Formats.Keys)),
    };

    /// <summary>
    /// With a head; what holds a comma, a quote or a line end stands in quotes (RFC 4180). A text that a spreadsheet
    /// would take for a formula begins with an apostrophe.
    /// </summary>
    byte[] Csv()
    {
        var text = new StringBuilder();
        Line(Columns);
        foreach (var row in Rows) Line(row.Select(cell => cell.Text is { } own ? Plain(own) : cell.ToString()));
        return Encoding.UTF8.GetBytes(text.ToString());

        void Line(IEnumerable<string> cells) => text.AppendJoin(',', cells.Select(Quoted)).Append('\n');
    }

    static string Plain(string cell) => cell is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? $"'{cell}" : cell;

    static string Quoted(string cell) => cell.AsSpan().ContainsAny(",\"\r\n")
        ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;

    /// <summary>A list of objects; what is unknown is left out, and NaN is a text, since JSON has none.</summary>
    byte[] Json()
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartArray();
            foreach (var row in Rows)
            {
                json.WriteStartObject();
                for (int i = 0; i < row.Length; i++)
                {
                    if (row[i].IsEmpty) continue;
                    if (row[i].Text is { } text) json.WriteString(Columns[i], text);
                    else if (double.IsFinite(row[i].Number)) json.WriteNumber(Columns[i], row[i].Number);
                    else json.WriteString(Columns[i], row[i].Number.ToString(CultureInfo.InvariantCulture));
                }
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        return bytes.WrittenSpan.ToArray();
    }
}
