using ChainRule.Data;
using ChainRule.Tests;
using Parquet;
using Parquet.Schema;

namespace ChainRule.Tables.Tests;

public sealed class ParquetTableTest
{
    static readonly DateTime s_day = new(2024, 3, 31, 13, 15, 30, DateTimeKind.Utc);

    public static TheoryData<string, Array, string?[]> Types => new()
    {
        { "bool", (bool[])[true, false], ["true", "false"] },
        { "bool?", (bool?[])[true, null], ["true", null] },
        { "sbyte", (sbyte[])[-128, 127], ["-128", "127"] },
        { "ushort", (ushort[])[0, 65535], ["0", "65535"] },
        { "int", (int[])[int.MinValue, 7], ["-2147483648", "7"] },
        { "int?", (int?[])[null, 7], [null, "7"] },
        { "long", (long[])[long.MinValue, 1], ["-9223372036854775808", "1"] },
        { "ulong", (ulong[])[ulong.MaxValue, 1], ["18446744073709551615", "1"] },
        { "float", (float[])[0.1f, float.NaN], ["0.1", null] },
        { "double", (double[])[0.1, -1e300], ["0.1", "-1E+300"] },
        { "double?", (double?[])[double.NaN, null], [null, null] },
        { "date", (DateOnly[])[new(2024, 3, 31), new(1969, 1, 1)], ["2024-03-31", "1969-01-01"] },
        { "guid", (Guid[])[Guid.Empty, Guid.AllBitsSet],
            ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"] },
        { "string", (string?[])["Århus 🏠", null], ["Århus 🏠", null] },
        { "empty", (string?[])["", "NA"], [null, "NA"] },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_type_becomes_the_text_that_csv_has(string name, Array values, string?[] texts)
    {
        var element = values.GetType().GetElementType()!;
        var field = new DataField(name, element == typeof(string) ? element
            : Nullable.GetUnderlyingType(element) ?? element,
            element == typeof(string) || Nullable.GetUnderlyingType(element) is not null);

        Assert.Equal(texts, Read(Samples.Parquet(null, (field, values))).Texts(name));
    }

    [Fact]
    public void Decimals_and_times_are_read_at_every_precision()
    {
        var table = Read(Samples.Parquet(null,
            (new DecimalDataField("price", 9, 2), (decimal[])[1234.5m, -0.01m]),
            (new DecimalDataField("large", 28, 6), (decimal[])[1234567890123456789012.123456m, 1m]),
            (new DateTimeDataField("millis", DateTimeFormat.DateAndTime), (DateTime[])[s_day, s_day.Date]),
            (new DateTimeDataField("micros", DateTimeFormat.DateAndTimeMicros),
                (DateTime[])[s_day.AddMicroseconds(5), s_day]),
            (new DateTimeDataField("int96", DateTimeFormat.Impala), (DateTime[])[s_day, s_day])));

        Has(table, "price", ["1234.5", "-0.01"]);
        Has(table, "large", ["1234567890123456789012.123456", "1"]);
        Has(table, "millis", ["2024-03-31T13:15:30", "2024-03-31T00:00:00"]);
        Has(table, "micros", ["2024-03-31T13:15:30.000005", "2024-03-31T13:15:30"]);
        Has(table, "int96", ["2024-03-31T13:15:30", "2024-03-31T13:15:30"]);
    }

    [Theory]
    [InlineData(CompressionMethod.None)]
    [InlineData(CompressionMethod.Snappy)]
    [InlineData(CompressionMethod.Gzip)]
    [InlineData(CompressionMethod.Brotli)]
    [InlineData(CompressionMethod.Zstd)]
    [InlineData(CompressionMethod.Lz4Raw)]
    public void Every_compression_is_read(CompressionMethod method)
    {
        int[] numbers = [.. Enumerable.Range(0, 1000)];
        string[] words = [.. numbers.Select(i => i % 3 == 0 ? "north" : "south")];
        byte[] file = Samples.Parquet(new() { CompressionMethod = method, DictionaryEncodingThreshold = 1 },
            (new DataField("n", typeof(int), false), numbers), (new DataField("w", typeof(string), true), words));

        var table = Read(file);

        Assert.Equal(numbers.Select(i => (double?)i), table.Numbers("n"));
        Assert.Equal(words, table.Texts("w"));
    }

    [Fact]
    public void Some_columns_are_read_in_the_order_asked_for_whatever_the_others_hold()
    {
        byte[] file = Samples.Parquet(null, (new DataField("a", typeof(int), false), (int[])[1, 2]),
            (new DataField("bytes", typeof(byte[]), true), (byte[][])[[1], [2]]),
            (new DataField("b", typeof(string), true), (string[])["x", "y"]));

        Assert.Equal(["b", "a"], Read(file, new() { Columns = ["b", "a"] }).Columns);
        Assert.Equal("parquet 'stream': column 'bytes' holds bytes, which no field of a table holds: make numbers, "
            + "texts or dates of it before, or name the columns to read, without this one, in Columns", Refused(file));
        Assert.Equal("parquet 'stream': there is no column 'c': there are a, bytes, b",
            Assert.Throws<Errors.RefusedArgumentException>(() => Read(file, new() { Columns = ["c"] })).Message);
    }

    [Fact]
    public async Task A_nested_column_is_refused_by_name()
    {
        using var stream = new MemoryStream();
        await Parquet.Serialization.ParquetSerializer.SerializeAsync([new House { Size = 80, Rooms = [20, 15] }],
            stream);

        Assert.StartsWith("parquet 'stream': column 'Rooms' holds lists, which", Refused(stream.ToArray()),
            StringComparison.Ordinal);
        Assert.Equal([80.0], Read(stream.ToArray(), new() { Columns = ["Size"] }).Numbers("Size"));
    }

    [Fact]
    public void A_table_that_is_written_is_read_back()
    {
        using var folder = new TemporaryFolder();
        var table = Csv.Read(folder.Write("t.csv", "id,x,code,day,city\n1,0.5,007,2024-03-31,Oslo\n"
            + "2,,010,2024-04-01,\n-3,1e-7,1,NA,Bergen\n"));

        ParquetTable.Write(folder.PathOf("t.parquet"), table);
        var back = ParquetTable.Read(folder.PathOf("t.parquet"));

        Assert.Equal(table.Columns, back.Columns);
        Assert.Equal(table.Numbers("x"), back.Numbers("x"));
        foreach (string column in (string[])["id", "code", "day", "city"])
            Assert.Equal(table.Texts(column), back.Texts(column));
        Assert.Equal(["t.csv", "t.parquet"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("a,b\n1,2\n", "is no Parquet file: read text with Csv.Read, and Arrow files with ArrowTable.Read")]
    [InlineData("", "is empty: give one with rows")]
    [InlineData("ARROW1…", "is an Arrow file: read it with ArrowTable.Read")]
    [InlineData("PK\u0003\u0004…", "is a zip archive, as Excel workbooks (.xlsx)")]
    [InlineData("PAR1…", "ends before its footer: the file is damaged: write or fetch it again")]
    public void Another_file_is_refused_by_what_it_is(string text, string says) =>
        Assert.StartsWith($"parquet 'stream': it {says}", Refused(System.Text.Encoding.Latin1.GetBytes(text)),
            StringComparison.Ordinal);

    [Fact]
    public void Missing_values_are_treated_as_asked()
    {
        byte[] file = Samples.Parquet(null, (new DataField("x", typeof(double), true), (double?[])[1, null, 4]),
            (new DataField("c", typeof(string), true), (string?[])["a", "NA", "b"]));

        Assert.Equal("parquet 'stream': row 2, column 'x' is missing: complete it, take the mean of the others with "
            + "Missing.Mean, or leave such rows out with Select(…).DropMissing()",
            Assert.Throws<InvalidDataException>(() => Read(file).Tensor("x")).Message);
        Assert.Equal(2.5f, Read(file, new() { Missing = Missing.Mean }).Tensor("x").ToArray<float>()[1]);
        Assert.Equal(2, Read(file, new() { Missing = Missing.Drop }).Rows);
        Has(Read(file, new() { MissingValues = ["NA"] }), "c", ["a", null, "b"]);
    }

    [Fact]
    public void A_file_larger_than_asked_for_is_refused_before_it_takes_memory()
    {
        byte[] file = Samples.Parquet(new() { CompressionMethod = CompressionMethod.Zstd },
            (new DataField("x", typeof(string), true), Enumerable.Repeat("0123456789", 100_000).ToArray()));

        Assert.Equal("parquet 'stream': its fields take more than MaxBytes = 50,000: name the columns that are needed "
            + "in Columns, read a part of the file, or give a larger MaxBytes",
            Refused(file, new() { MaxBytes = 50_000 }));
        Assert.StartsWith("parquet 'stream': it has more than 10 bytes: ", Refused(file, new() { MaxBytes = 10 }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_rows_is_refused() => Assert.Equal(
        "parquet 'stream': it has columns and no rows: add rows",
        Refused(Samples.Parquet(null, (new DataField("x", typeof(int), false), System.Array.Empty<int>()))));

    static void Has(Table table, string column, string?[] texts) => Assert.Equal(texts, table.Texts(column));

    static Table Read(byte[] file, TableReadOptions? options = null) =>
        ParquetTable.Read(new MemoryStream(file), options);

    static string Refused(byte[] file, TableReadOptions? options = null) =>
        Assert.Throws<InvalidDataException>(() => Read(file, options)).Message;
}
