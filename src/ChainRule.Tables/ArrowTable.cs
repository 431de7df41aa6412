using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using ChainRule.Data;
using Table = ChainRule.Data.Table;

namespace ChainRule.Tables;

/// <summary>
/// Tables in Arrow's files and streams (.arrow, .arrows, and .feather of version 2), as pandas, polars and DuckDB write
/// them: read into the <see cref="Table"/> that a CSV file gives, and written. Buffers that are packed by LZ4 or zstd,
/// and columns of words in dictionaries, are read.
/// <code>
/// Table houses = ArrowTable.Read("houses.feather");
/// ArrowTable.Write("copy.arrow", houses);
/// </code>
/// </summary>
/// <remarks>Numbers, booleans (<c>true</c>, <c>false</c>), decimals, dates, times and texts become the fields that they
/// would be in a CSV file; null and NaN are missing. Times with a zone are read as UTC. Lists, structures, maps,
/// unions, durations and bytes are refused by name.</remarks>
public static class ArrowTable
{
    const string Kind = "arrow";

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no Arrow file, is damaged, has no rows, is larger than asked for,
    /// or a column holds what is no field.</exception>
    /// <exception cref="ArgumentException">A column that is asked for is not there.</exception>
    public static Table Read(string path, TableReadOptions? options = null) =>
        TableSource.Read(Kind, path, options, Read);

    /// <summary>Reads a stream, of a file or of messages, from its position to its end. The stream need not seek, and
    /// is not closed.</summary>
    /// <inheritdoc cref="Read(string, TableReadOptions)" path="/exception"/>
    public static Table Read(Stream stream, TableReadOptions? options = null) =>
        TableSource.Read(Kind, stream, options, Read);

    /// <summary>The rows of batches in memory, one after another.</summary>
    /// <exception cref="ArgumentException">There is no batch, their columns differ, or one that is asked for is not
    /// there.</exception>
    /// <exception cref="InvalidDataException">There are no rows, or a column holds what is no field.</exception>
    public static Table From(IEnumerable<RecordBatch> batches, TableReadOptions? options = null)
    {
        const string Asked = "arrow 'batches'";
        Throw.IfNull(batches, Asked);
        (options ??= new()).Check(Asked);
        RecordBatch[] all = [.. batches];
        if (all.Length == 0) Throw.Argument($"{Asked}: there is no batch: give one or more", nameof(batches));
        foreach (var batch in all)
            if (!batch.Schema.FieldsList.Select(one => (one.Name, one.DataType.TypeId))
                .SequenceEqual(all[0].Schema.FieldsList.Select(one => (one.Name, one.DataType.TypeId))))
                Throw.Argument($"{Asked}: the batches differ in their columns: give those of one table",
                    nameof(batches));
        return Rows(Asked, all[0].Schema, all, options);
    }

    /// <summary>
    /// Writes a table as a file: a column of whole numbers as int64, of other numbers as float64, all else as texts,
    /// among them codes such as 007; what is missing as null. It is written beside its place and renamed.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written; if there was one, it is as it was.</exception>
    public static void Write(string path, Table table)
    {
        Throw.IfNull(table, Kind);
        AtomicFile.Write(Kind, path, stream => Write(stream, table));
    }

    /// <summary>Writes a table to a stream as a file, from its position on; the stream is neither flushed nor
    /// closed.</summary>
    public static void Write(Stream stream, Table table)
    {
        Throw.IfNull(table, Kind);
        Files.CheckWritable(Kind, stream);
        var columns = TypedColumn.Of(table);
        var schema = new Schema(columns.Select(column => new Field(column.Name,
            column.Whole is not null ? Int64Type.Default : column.Numbers is not null ? DoubleType.Default
                : StringType.Default, nullable: true)), null);
        using var whole = new MemoryStream();
        using (var batch = new RecordBatch(schema, columns.Select(Array), table.Rows))
        using (var writer = new ArrowFileWriter(whole, schema, leaveOpen: true))
        {
            writer.WriteRecordBatch(batch);
            writer.WriteEnd();
        }
        whole.Position = 0;
        whole.CopyTo(stream);
    }

    static IArrowArray Array(TypedColumn column)
    {
        if (column.Whole is { } whole)
        {
            var numbers = new Int64Array.Builder().Reserve(whole.Length);
            foreach (long? one in whole) _ = one is { } number ? numbers.Append(number) : numbers.AppendNull();
            return numbers.Build();
        }
        if (column.Numbers is { } doubles)
        {
            var numbers = new DoubleArray.Builder().Reserve(doubles.Length);
            foreach (double? one in doubles) _ = one is { } number ? numbers.Append(number) : numbers.AppendNull();
            return numbers.Build();
        }
        var texts = new StringArray.Builder();
        foreach (string? text in column.Texts!) texts.Append(text);
        return texts.Build();
    }

    static Table Read(string asked, byte[] bytes, TableReadOptions options)
    {
        if (Other(bytes) is { } other) Throw.Data($"{asked}: it {other}");
        var stream = ArrowFrames.Stream(bytes);
        try
        {
            ArrowFrames.Check(stream.Span, options.MaxBytes);
            using var reader = new ArrowStreamReader(stream, new CompressionCodecFactory());
            return Rows(asked, reader.Schema, Batches(reader), options);
        }
        catch (InvalidDataException e) when (e.Message == ArrowFrames.TooLarge)
        {
            Throw.Data($"{asked}: {ArrowFrames.TooLarge} than MaxBytes = {options.MaxBytes:N0}: give a larger one, or "
                + "read a part of the file");
            return null;
        }
    }

    static IEnumerable<RecordBatch> Batches(ArrowStreamReader reader)
    {
        while (reader.ReadNextRecordBatch() is { } batch)
            using (batch) yield return batch;
    }

    static Table Rows(string asked, Schema schema, IEnumerable<RecordBatch> batches, TableReadOptions options)
    {
        var columns = schema.FieldsList;
        var fields = new ColumnFields(asked, [.. columns.Select(column => column.Name)], options);
        foreach (int place in fields.Chosen)
            if (ArrowFields.WhyRefused(columns[place].DataType) is { } holds) fields.RefuseColumn(place, holds);
        foreach (var batch in batches)
        {
            fields.Expect(batch.Length);
            for (int c = 0; c < fields.Chosen.Count; c++)
            {
                var array = batch.Column(fields.Chosen[c]);
                if (array.Length != batch.Length) fields.RefuseUneven();
                ArrowFields.Add(array, c, fields);
            }
        }
        return fields.Table();
    }

    static string? Other(byte[] bytes)
    {
        var start = bytes.AsSpan();
        if (start.StartsWith("ARROW1"u8)) return null;
        if (start.StartsWith("FEA1"u8)) return "is a Feather file of version 1: write it anew in version 2";
        if (start.StartsWith("PAR1"u8)) return "is a Parquet file: read it with ParquetTable.Read";
        if (start.IsEmpty) return "is empty: give one with rows";
        if (FileKind.Of(start) is { } kind) return kind;
        // A stream begins with a length, after a mark since version 0.15.
        return bytes.Length >= 8 && (start.StartsWith((ReadOnlySpan<byte>)[0xff, 0xff, 0xff, 0xff]) || start[3] == 0)
            ? null : "is no Arrow file: read text with Csv.Read, and Parquet files with ParquetTable.Read";
    }
}
