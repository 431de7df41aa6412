using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using ChainRule.Data;
using ChainRule.Tests;
using Table = ChainRule.Data.Table;

namespace ChainRule.Tables.Tests;

public sealed class ArrowTableTest
{
    static readonly DateTimeOffset s_day = new(2024, 3, 31, 13, 15, 30, TimeSpan.Zero);

    public static TheoryData<string, IArrowArray, string?[]> Types => new()
    {
        { "bool", new BooleanArray.Builder().Append(true).AppendNull().Build(), ["true", null] },
        { "int8", new Int8Array.Builder().Append(-128).Append(1).Build(), ["-128", "1"] },
        { "int16", new Int16Array.Builder().Append(-300).AppendNull().Build(), ["-300", null] },
        { "int32", new Int32Array.Builder().Append(int.MinValue).Append(1).Build(), ["-2147483648", "1"] },
        { "int64", new Int64Array.Builder().Append(long.MinValue).Append(1).Build(), ["-9223372036854775808", "1"] },
        { "uint8", new UInt8Array.Builder().Append(255).Append(1).Build(), ["255", "1"] },
        { "uint16", new UInt16Array.Builder().Append(65535).Append(1).Build(), ["65535", "1"] },
        { "uint32", new UInt32Array.Builder().Append(uint.MaxValue).Append(1).Build(), ["4294967295", "1"] },
        { "uint64", new UInt64Array.Builder().Append(ulong.MaxValue).Append(1).Build(), ["18446744073709551615", "1"] },
        { "half", new HalfFloatArray.Builder().Append((Half)0.5).Append(Half.NaN).Build(), ["0.5", null] },
        { "float", new FloatArray.Builder().Append(0.1f).AppendNull().Build(), ["0.1", null] },
        { "double", new DoubleArray.Builder().Append(0.1).Append(double.NaN).Build(), ["0.1", null] },
        { "decimal128", new Decimal128Array.Builder(new(38, 4)).Append(1234.5m).Append(-0.01m).Build(),
            ["1234.5", "-0.01"] },
        { "decimal256", new Decimal256Array.Builder(new(50, 4)).Append(1234.5m).Append(100m).Build(),
            ["1234.5", "100"] },
        { "string", new StringArray.Builder().Append("Århus 🏠").AppendNull().Build(), ["Århus 🏠", null] },
        { "largestring", new LargeStringArray.Builder().Append("x").AppendNull().Build(), ["x", null] },
        { "stringview", new StringViewArray.Builder().Append("x").Append("longer than twelve bytes").Build(),
            ["x", "longer than twelve bytes"] },
        { "date32", new Date32Array.Builder().Append(s_day).AppendNull().Build(), ["2024-03-31", null] },
        { "date64", new Date64Array.Builder().Append(s_day).AppendNull().Build(), ["2024-03-31", null] },
        { "time32", new Time32Array.Builder().Append(new TimeOnly(13, 15, 30)).AppendNull().Build(),
            ["13:15:30", null] },
        { "time64", new Time64Array.Builder().Append(new TimeOnly(13, 15)).AppendNull().Build(), ["13:15:00", null] },
        { "timestamp", new TimestampArray.Builder(Apache.Arrow.Types.TimeUnit.Microsecond).Append(s_day).AppendNull()
            .Build(), ["2024-03-31T13:15:30", null] },
        { "null", new NullArray(2), [null, null] },
        { "words", Samples.Words("north", null), ["north", null] },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_type_becomes_the_text_that_csv_has(string name, IArrowArray values, string?[] texts)
    {
        Assert.Equal(texts, Read(Samples.Arrow(true, (name, values))).Texts(name));
        Assert.Equal(texts, Read(Samples.Arrow(false, (name, values))).Texts(name));
    }

    [Theory]
    [InlineData(CompressionCodecType.Lz4Frame)]
    [InlineData(CompressionCodecType.Zstd)]
    public void Packed_buffers_and_several_batches_are_read(CompressionCodecType codec)
    {
        double[] numbers = [.. Enumerable.Range(0, 1000).Select(i => (double)(i / 500))];
        var (schema, batch) = Samples.Batch(("x", new DoubleArray.Builder().AppendRange(numbers).Build()),
            ("w", new StringArray.Builder().AppendRange(numbers.Select(_ => "north")).Build()));
        byte[] file = Samples.Arrow(schema, [batch, batch], asFile: true, new()
        {
            CompressionCodec = codec, CompressionCodecFactory = new CompressionCodecFactory(),
        });

        var table = Read(file);

        Assert.Equal([.. numbers, .. numbers], table.Numbers("x").Select(one => one!.Value));
        Assert.Equal(2000, table.Texts("w").Count(text => text == "north"));
        Assert.Equal(2000, ArrowTable.From([batch, batch]).Rows);
        Assert.StartsWith($"arrow 'stream': it is, unpacked, larger than MaxBytes = {file.Length:N0}: ",
            Refused(file, new() { MaxBytes = file.Length }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_nested_column_is_refused_by_name()
    {
        var lists = new ListArray.Builder(Int32Type.Default);
        lists.Append();
        ((Int32Array.Builder)lists.ValueBuilder).Append(1);
        byte[] file = Samples.Arrow(true, ("tags", lists.Build()),
            ("days", new DurationArray.Builder(DurationType.Second).Append(TimeSpan.FromDays(1)).Build()),
            ("x", new Int32Array.Builder().Append(7).Build()));

        Assert.Equal("arrow 'stream': column 'tags' holds lists, which no field of a table holds: make numbers, texts "
            + "or dates of it before, or name the columns to read, without this one, in Columns", Refused(file));
        Assert.StartsWith("arrow 'stream': column 'days' holds durations, which",
            Refused(file, new() { Columns = ["x", "days"] }), StringComparison.Ordinal);
        Assert.Equal([7.0], Read(file, new() { Columns = ["x"] }).Numbers("x"));
    }

    [Fact]
    public void A_table_that_is_written_is_read_back()
    {
        using var folder = new TemporaryFolder();
        var table = Csv.Read(folder.Write("t.csv", "id,x,code,city\n1,0.5,007,Oslo\n2,,010,\n-3,1e-7,1,Bergen\n"));

        ArrowTable.Write(folder.PathOf("t.feather"), table);
        var back = ArrowTable.Read(folder.PathOf("t.feather"));

        Assert.Equal(table.Columns, back.Columns);
        Assert.Equal(table.Numbers("x"), back.Numbers("x"));
        foreach (string column in (string[])["id", "code", "city"])
            Assert.Equal(table.Texts(column), back.Texts(column));
    }

    [Theory]
    [InlineData("a,b\n1,2\n", "is no Arrow file: read text with Csv.Read, and Parquet files with ParquetTable.Read")]
    [InlineData("", "is empty: give one with rows")]
    [InlineData("FEA1…", "is a Feather file of version 1: write it anew in version 2")]
    [InlineData("PAR1…", "is a Parquet file: read it with ParquetTable.Read")]
    public void Another_file_is_refused_by_what_it_is(string text, string says) =>
        Assert.StartsWith($"arrow 'stream': it {says}", Refused(System.Text.Encoding.Latin1.GetBytes(text)),
            StringComparison.Ordinal);

    [Fact]
    public void Batches_that_differ_are_refused()
    {
        var (_, one) = Samples.Batch(("x", new Int32Array.Builder().Append(7).Build()));
        var (_, other) = Samples.Batch(("y", new Int32Array.Builder().Append(7).Build()));

        Assert.Equal("arrow 'batches': the batches differ in their columns: give those of one table",
            Assert.Throws<Errors.RefusedArgumentException>(() => ArrowTable.From([one, other])).Message);
    }

    static Table Read(byte[] file, TableReadOptions? options = null) =>
        ArrowTable.Read(new MemoryStream(file), options);

    static string Refused(byte[] file, TableReadOptions? options = null) =>
        Assert.Throws<InvalidDataException>(() => Read(file, options)).Message;
}
