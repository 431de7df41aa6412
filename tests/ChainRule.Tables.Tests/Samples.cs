using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Parquet;
using Parquet.Schema;
using Array = System.Array;

namespace ChainRule.Tables.Tests;

/// <summary>Files as the libraries' own writers write them.</summary>
static class Samples
{
    public static byte[] Parquet(ParquetOptions? options, params (DataField Field, Array Values)[] columns)
    {
        using var stream = new MemoryStream();
        var schema = new ParquetSchema(columns.Select(column => column.Field));
        using (var actor = new Closing(ParquetWriter.CreateAsync(schema, stream, options).Result))
        using (var group = actor.Writer.CreateRowGroup())
            foreach (var (field, values) in columns) Write(group, field, values);
        return stream.ToArray();
    }

    public static byte[] Arrow(Schema schema, IEnumerable<RecordBatch> batches, bool asFile, IpcOptions? options = null)
    {
        using var stream = new MemoryStream();
        using (var writer = asFile ? new ArrowFileWriter(stream, schema, true, options)
            : new ArrowStreamWriter(stream, schema, true, options))
        {
            writer.WriteStart();
            foreach (var batch in batches) writer.WriteRecordBatch(batch);
            writer.WriteEnd();
        }
        return stream.ToArray();
    }

    public static byte[] Arrow(bool asFile, params (string Name, IArrowArray Values)[] columns)
    {
        var (schema, batch) = Batch(columns);
        return Arrow(schema, [batch], asFile);
    }

    public static (Schema Schema, RecordBatch Batch) Batch(params (string Name, IArrowArray Values)[] columns)
    {
        var schema = new Schema(columns.Select(column =>
            new Apache.Arrow.Field(column.Name, column.Values.Data.DataType, nullable: true)), null);
        return (schema, new(schema, columns.Select(column => column.Values), columns[0].Values.Length));
    }

    public static DictionaryArray Words(params string?[] texts)
    {
        string[] words = [.. texts.OfType<string>().Distinct()];
        var places = new Int8Array.Builder();
        foreach (string? text in texts)
            _ = text is null ? places.AppendNull() : places.Append((sbyte)System.Array.IndexOf(words, text));
        return new(new DictionaryType(Int8Type.Default, StringType.Default, false), places.Build(),
            new StringArray.Builder().AppendRange(words).Build());
    }

    static void Write(ParquetRowGroupWriter group, DataField field, Array values) => (values switch
    {
        string?[] texts => group.WriteAsync(field, texts!),
        byte[][] bytes => group.WriteAsync(field, bytes),
        bool[] v => group.WriteAsync<bool>(field, v.AsMemory()),
        bool?[] v => group.WriteAsync<bool>(field, v.AsMemory()),
        sbyte[] v when values.GetType() == typeof(sbyte[]) => group.WriteAsync<sbyte>(field, v.AsMemory()),
        ushort[] v when values.GetType() == typeof(ushort[]) => group.WriteAsync<ushort>(field, v.AsMemory()),
        int[] v when values.GetType() == typeof(int[]) => group.WriteAsync<int>(field, v.AsMemory()),
        int?[] v => group.WriteAsync<int>(field, v.AsMemory()),
        long[] v when values.GetType() == typeof(long[]) => group.WriteAsync<long>(field, v.AsMemory()),
        ulong[] v when values.GetType() == typeof(ulong[]) => group.WriteAsync<ulong>(field, v.AsMemory()),
        float[] v => group.WriteAsync<float>(field, v.AsMemory()),
        double[] v => group.WriteAsync<double>(field, v.AsMemory()),
        double?[] v => group.WriteAsync<double>(field, v.AsMemory()),
        decimal[] v => group.WriteAsync<decimal>(field, v.AsMemory()),
        DateTime[] v => group.WriteAsync<DateTime>(field, v.AsMemory()),
        DateOnly[] v => group.WriteAsync<DateOnly>(field, v.AsMemory()),
        TimeOnly[] v => group.WriteAsync<TimeOnly>(field, v.AsMemory()),
        TimeSpan[] v => group.WriteAsync<TimeSpan>(field, v.AsMemory()),
        Guid[] v => group.WriteAsync<Guid>(field, v.AsMemory()),
        _ => throw new ArgumentException(values.GetType().Name),
    }).GetAwaiter().GetResult();

    sealed class Closing(ParquetWriter writer) : IDisposable
    {
        public ParquetWriter Writer => writer;

        public void Dispose() => writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
