using System.Diagnostics.CodeAnalysis;
using ChainRule.Data;
using Parquet;
using Parquet.Schema;

namespace ChainRule.Tables;

/// <summary>
/// Tables in Parquet files, as pandas, Spark, DuckDB and data lakes write them: read into the <see cref="Table"/> that
/// a CSV file gives, and written. Compression by Snappy, gzip, Brotli, LZ4 and zstd, and dictionaries are read.
/// <code>
/// Table houses = ParquetTable.Read("houses.parquet", new() { Columns = ["size", "city", "price"] });
/// Tensor x = houses.Tensor("size");
/// </code>
/// </summary>
/// <remarks>Numbers, booleans (<c>true</c>, <c>false</c>), decimals, dates, times and texts become the fields that they
/// would be in a CSV file; null and NaN are missing. Lists, structures, maps and bytes are refused by name.
/// </remarks>
public static class ParquetTable
{
    const string Kind = "parquet", InMemory = "All of it is in memory: the task has ended when it is given back.";

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no Parquet file, is damaged, has no rows, is larger than asked for,
    /// or a column holds what is no field.</exception>
    /// <exception cref="ArgumentException">A column that is asked for is not there.</exception>
    public static Table Read(string path, TableReadOptions? options = null) =>
        TableSource.Read(Kind, path, options, Read);

    /// <summary>Reads a stream from its position to its end. The stream need not seek, and is not closed.</summary>
    /// <inheritdoc cref="Read(string, TableReadOptions)" path="/exception"/>
    public static Table Read(Stream stream, TableReadOptions? options = null) =>
        TableSource.Read(Kind, stream, options, Read);

    /// <summary>
    /// Writes a table: a column of whole numbers as int64, of other numbers as float64, all else as texts, among them
    /// codes such as 007; what is missing as null. The file is packed by Snappy. It is written beside its place and
    /// renamed.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written; if there was one, it is as it was.</exception>
    public static void Write(string path, Table table)
    {
        Throw.IfNull(table, Kind);
        AtomicFile.Write(Kind, path, stream => Write(stream, table));
    }

    /// <summary>Writes a table to a stream, from its position on; the stream is neither flushed nor closed.</summary>
    [SuppressMessage("Reliability", "CA2025", Justification = InMemory)]
    public static void Write(Stream stream, Table table)
    {
        Throw.IfNull(table, Kind);
        Files.CheckWritable(Kind, stream);
        using var whole = new MemoryStream();
        var columns = TypedColumn.Of(table);
        var schema = new ParquetSchema(columns.Select(column => new DataField(column.Name, column.Type, true)));
        var writer = ParquetWriter.CreateAsync(schema, whole).GetAwaiter().GetResult();
        using (var group = writer.CreateRowGroup())
        {
            foreach (var (field, column) in schema.DataFields.Zip(columns))
            {
                (column.Whole is { } integers ? group.WriteAsync<long>(field, integers)
                    : column.Numbers is { } numbers ? group.WriteAsync<double>(field, numbers)
                    : group.WriteAsync(field, column.Texts!)).GetAwaiter().GetResult();
            }
        }
        writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
        whole.Position = 0;
        whole.CopyTo(stream);
    }

    [SuppressMessage("Reliability", "CA2025", Justification = InMemory)]
    static Table Read(string asked, byte[] bytes, TableReadOptions options)
    {
        if (!bytes.AsSpan().StartsWith("PAR1"u8) || !bytes.AsSpan().EndsWith("PAR1"u8))
            Throw.Data($"{asked}: it {Other(bytes)}");
        using var stream = new ParquetStream(bytes);
        var pages = new ParquetPages(bytes, stream, options.MaxBytes);
        pages.CheckFooter();
        var reader = ParquetReader.CreateAsync(stream, leaveStreamOpen: true).GetAwaiter().GetResult();
        var meanings = ParquetMeaning.Take(reader.Metadata!);
        var columns = reader.Schema.Fields;
        var fields = new ColumnFields(asked, [.. columns.Select(column => column.Name)], options);
        var chosen = fields.Chosen.Select(c => Flat(fields, c, columns[c], meanings)).ToArray();
        for (int g = 0; g < reader.RowGroupCount; g++)
        {
            using var group = reader.OpenRowGroupReader(g);
            fields.Expect(group.RowCount);
            for (int c = 0; c < chosen.Length; c++)
            {
                try
                {
                    pages.Prepare(group.GetMetadata(chosen[c])!.MetaData!, group.RowCount, chosen[c].IsNullable);
                }
                catch (InvalidDataException e) when (e.Message.StartsWith(ParquetPages.TooLarge,
                    StringComparison.Ordinal))
                {
                    Throw.Data($"{asked}: {e.Message}: name the columns that are needed in Columns, or give a larger "
                        + "MaxBytes");
                }
                ParquetColumn.Read(group, chosen[c], (int)group.RowCount, c, fields,
                    meanings.GetValueOrDefault(chosen[c].Name));
            }
        }
        return fields.Table();
    }

    static string Other(byte[] bytes)
    {
        if (bytes.AsSpan().StartsWith("PARE"u8)) return "is encrypted: decrypt it first";
        if (bytes.AsSpan().StartsWith("PAR1"u8)) return "ends before its footer: " + ColumnFields.Damaged;
        if (bytes.AsSpan().StartsWith("ARROW1"u8)) return "is an Arrow file: read it with ArrowTable.Read";
        return FileKind.Of(bytes) ?? (bytes.Length == 0 ? "is empty: give one with rows"
            : "is no Parquet file: read text with Csv.Read, and Arrow files with ArrowTable.Read");
    }

    // A column of single values, of a type that is a field.
    static DataField Flat(ColumnFields fields, int place, Field column,
        Dictionary<string, Func<object, string?>> meanings)
    {
        if (column is not DataField { IsArray: false, MaxRepetitionLevel: 0 } flat)
            fields.RefuseColumn(place, column.SchemaType switch
            {
                SchemaType.Struct => "structures",
                SchemaType.Map => "maps",
                _ => "lists",
            });
        else if (!meanings.ContainsKey(flat.Name) && ParquetColumn.WhyRefused(flat) is { } holds)
            fields.RefuseColumn(place, holds);
        else return flat;
        return null!;
    }
}
