using System.Globalization;
using System.Runtime.CompilerServices;

namespace ChainRule.Tables.Tests;

/// <summary>Files as Arrow (and so pandas), DuckDB and polars write them: tests/Golden/record_parquet.cs and .js.
/// </summary>
public sealed class OtherWritersTest
{
    internal const int Rows = 60;

    static readonly DateTime s_start = new(2024, 3, 31, 13, 15, 30);

    static readonly Dictionary<string, Func<int, string?>> s_columns = new()
    {
        ["n"] = i => Invariant($"{i}"),
        ["x"] = i => i % 5 == 0 ? null : Invariant($"{i / 8.0}"),
        ["f"] = i => Invariant($"{i / 10f}"),
        ["f16"] = i => Invariant($"{i / 8.0}"),
        ["w"] = Word,
        ["words"] = Word,
        ["b"] = i => i % 4 == 0 ? null : i % 3 == 0 ? "true" : "false",
        ["b0"] = i => i / 20 % 2 == 0 ? "true" : "false",
        ["d"] = Quarter,
        ["large"] = Quarter,
        ["l"] = i => Invariant($"{i * 1000000007L}"),
        ["day"] = i => Invariant($"{new DateTime(2024, 3, 1).AddDays(i):yyyy-MM-dd}"),
        ["ms"] = i => Invariant($"{s_start.AddMilliseconds(i):yyyy-MM-ddTHH:mm:ss.FFF}"),
        ["us"] = i => Invariant($"{s_start.AddMicroseconds(i):yyyy-MM-ddTHH:mm:ss.FFFFFF}"),
        ["ns"] = i => Invariant($"{s_start.AddMicroseconds(i):yyyy-MM-ddTHH:mm:ss.FFFFFF}"),
        ["time"] = i => Invariant($"{s_start.AddMicroseconds(i):HH:mm:ss.FFFFFF}"),
        ["time_ns"] = i => Invariant($"{s_start.AddMicroseconds(i):HH:mm:ss.FFFFFF}"),
        ["u8"] = i => Invariant($"{i % 250}"),
        ["u64"] = i => Invariant($"{ulong.MaxValue - (ulong)i}"),
    };

    [Theory]
    [InlineData("arrow-v1", 17)]
    [InlineData("arrow-v1-delta", 17)]
    [InlineData("arrow-v2", 17)]
    [InlineData("arrow-v2-zstd", 17)]
    [InlineData("arrow-v2-delta", 17)]
    [InlineData("arrow-v2-lz4", 17)]
    [InlineData("arrow-v2-gzip", 17)]
    [InlineData("arrow-v2-brotli", 17)]
    [InlineData("duckdb-v1", 13)]
    [InlineData("duckdb-v2", 13)]
    [InlineData("polars", 10)]
    public void A_file_of_another_writer_is_read(string name, int columns)
    {
        var table = ParquetTable.Read(Recorded(name));

        Assert.Equal(columns, table.Columns.Count);
        foreach (string column in table.Columns)
            Assert.Equal(Enumerable.Range(0, Rows).Select(s_columns[column]), table.Texts(column));
    }

    [Fact]
    public void A_column_of_lists_or_structures_is_refused_by_name_and_others_are_read()
    {
        Assert.Equal("parquet 'duckdb-nested.parquet': column 'list' holds lists, which no field of a table holds: "
            + "make numbers, texts or dates of it before, or name the columns to read, without this one, in Columns",
            Assert.Throws<InvalidDataException>(() => ParquetTable.Read(Recorded("duckdb-nested"))).Message);
        Assert.StartsWith("parquet 'duckdb-nested.parquet': column 'structure' holds structures, ",
            Assert.Throws<InvalidDataException>(() => ParquetTable.Read(Recorded("duckdb-nested"),
                new() { Columns = ["structure"] })).Message, StringComparison.Ordinal);
        Assert.Equal([0.0, 1.0, 2.0, 3.0, 4.0],
            ParquetTable.Read(Recorded("duckdb-nested"), new() { Columns = ["n"] }).Numbers("n"));
    }

    internal static byte[] Bytes(string name) => File.ReadAllBytes(Recorded(name));

    static string? Word(int i) => i % 7 == 0 ? null : Invariant($"word {i % 9}");

    static string Quarter(int i) => (i / 4m).ToString("0.##", CultureInfo.InvariantCulture);

    static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    static string Recorded(string name, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "Golden", "parquet", $"{name}.parquet");
}
