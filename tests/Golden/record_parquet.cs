#:package ParquetSharp@25.0.1.2
#:package DuckDB.NET.Data.Full@1.5.6.1
// Writes the files of tests/Golden/parquet as Arrow's C++ library (and so pyarrow and pandas) and DuckDB write them.
// Copied to a folder outside of the repository, whose tests' packages it would be given:
//   dotnet run record_parquet.cs -- FOLDER
// polars.parquet is written by record_parquet.js.
using DuckDB.NET.Data;
using ParquetSharp;

const int Rows = 60;
string folder = args[0];
using (var connection = new DuckDBConnection("DataSource=:memory:"))
{
    connection.Open();
    void Run(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
    Run($"""
        create table t as select i::INTEGER AS n, case when i % 5 = 0 then null else i / 8.0 end::DOUBLE AS x,
            (i / 10.0)::FLOAT AS f, case when i % 7 = 0 then null else 'word ' || (i % 9) end AS w,
            case when i % 4 = 0 then null else i % 3 = 0 end AS b, (i / 4.0)::DECIMAL(9, 2) AS d,
            (i / 4.0)::DECIMAL(30, 4) AS large, (i * 1000000007)::BIGINT AS l, DATE '2024-03-01' + i::INTEGER AS day,
            TIMESTAMP '2024-03-31 13:15:30' + to_microseconds(i) AS us,
            TIME '13:15:30' + to_microseconds(i) AS time, (i % 250)::UTINYINT AS u8,
            (18446744073709551615 - i::HUGEINT)::UBIGINT AS u64
        from range({Rows}) r(i)
        """);
    Run("create table nested as select i AS n, [i, i + 1] AS list, {'a': i} AS structure from range(5) r(i)");
    Run($"copy t to '{folder}/duckdb-v1.parquet' (format parquet, codec 'snappy', parquet_version 'V1')");
    Run($"copy t to '{folder}/duckdb-v2.parquet' (format parquet, codec 'zstd', parquet_version 'V2')");
    Run($"copy nested to '{folder}/duckdb-nested.parquet' (format parquet)");
}
foreach (var (name, version, codec, isDictionary) in new[]
{
    ("v1", ParquetDataPageVersion.V1, Compression.Snappy, true),
    ("v1-delta", ParquetDataPageVersion.V1, Compression.Gzip, false),
    ("v2", ParquetDataPageVersion.V2, Compression.Uncompressed, true),
    ("v2-zstd", ParquetDataPageVersion.V2, Compression.Zstd, true),
    ("v2-delta", ParquetDataPageVersion.V2, Compression.Snappy, false),
    ("v2-lz4", ParquetDataPageVersion.V2, Compression.Lz4, false),
    ("v2-gzip", ParquetDataPageVersion.V2, Compression.Gzip, true),
    ("v2-brotli", ParquetDataPageVersion.V2, Compression.Brotli, true),
}) Arrow(folder, name, version, codec, isDictionary);

static void Arrow(string folder, string name, ParquetDataPageVersion version, Compression codec, bool isDictionary)
{
    var properties = new WriterPropertiesBuilder().Compression(codec).DataPageVersion(version).DataPagesize(256);
    if (!isDictionary)
        properties = properties.DisableDictionary().Encoding("l", Encoding.DeltaBinaryPacked)
            .Encoding("w", Encoding.DeltaByteArray).Encoding("f", Encoding.ByteStreamSplit);
    Column[] columns =
    [
        new Column<int>("n"), new Column<double?>("x"), new Column<float>("f"), new Column<string>("w"),
        new Column<bool?>("b"), new Column<bool>("b0"), new Column<decimal>("d", LogicalType.Decimal(29, 2)),
        new Column<long>("l"), new Column<Date>("day"),
        new Column<DateTime>("ms", LogicalType.Timestamp(true, TimeUnit.Millis)),
        new Column<DateTime>("us", LogicalType.Timestamp(false, TimeUnit.Micros)),
        new Column<DateTimeNanos>("ns", LogicalType.Timestamp(false, TimeUnit.Nanos)),
        new Column<TimeSpan>("time", LogicalType.Time(false, TimeUnit.Micros)),
        new Column<TimeSpanNanos>("time_ns", LogicalType.Time(false, TimeUnit.Nanos)),
        new Column<byte>("u8"), new Column<ulong>("u64"), new Column<Half>("f16"),
    ];
    using var file = new ParquetFileWriter($"{folder}/arrow-{name}.parquet", columns, properties.Build());
    var start = new DateTime(2024, 3, 31, 13, 15, 30);
    // Two groups of rows.
    for (int from = 0; from < Rows; from += Rows / 2)
    {
        int[] rows = [.. Enumerable.Range(from, Rows / 2)];
        using var group = file.AppendRowGroup();
        void Write<T>(Func<int, T> value)
        {
            using var writer = group.NextColumn().LogicalWriter<T>();
            writer.WriteBatch(rows.Select(value).ToArray());
        }
        Write(i => i);
        Write(i => i % 5 == 0 ? (double?)null : i / 8.0);
        Write(i => i / 10f);
        Write(i => i % 7 == 0 ? null! : $"word {i % 9}");
        Write(i => i % 4 == 0 ? (bool?)null : i % 3 == 0);
        Write(i => i / 20 % 2 == 0);
        Write(i => i / 4m);
        Write(i => i * 1000000007L);
        Write(i => new Date(new DateTime(2024, 3, 1).AddDays(i)));
        Write(i => start.AddMilliseconds(i));
        Write(i => start.AddMicroseconds(i));
        Write(i => new DateTimeNanos(start.AddMicroseconds(i)));
        Write(i => start.TimeOfDay + TimeSpan.FromMicroseconds(i));
        Write(i => new TimeSpanNanos(start.TimeOfDay + TimeSpan.FromMicroseconds(i)));
        Write(i => (byte)(i % 250));
        Write(i => ulong.MaxValue - (ulong)i);
        Write(i => (Half)(i / 8.0));
    }
    file.Close();
}
