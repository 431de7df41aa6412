using ChainRule.Lab.Runs;
using Parquet;

namespace ChainRule.Lab.Tests.Runs;

/// <summary>What is written is read by a library that knows nothing of us.</summary>
public sealed class ParquetFileTest
{
    [Fact]
    public async Task A_table_is_read_back_by_another_reader()
    {
        string[] names = [.. Enumerable.Range(0, 40).Select(i => $"column {i}")];
        Cell[][] rows = [.. Enumerable.Range(0, 300).Select(row => names.Select((_, i) =>
            (row + i) % 7 == 0 ? Cell.Empty : i % 3 == 0 ? Cell.Of($"β\"{row},{i}\n") : Cell.Of(row / (i + 1.0)))
            .ToArray())];
        rows[5][1] = Cell.Of(double.NaN);
        rows[6][1] = Cell.Of(double.PositiveInfinity);
        var read = await Read(new(names, rows));
        Assert.Equal(names, read.Select(column => column.Name));
        for (int i = 0; i < names.Length; i++)
            for (int row = 0; row < rows.Length; row++)
            {
                var cell = rows[row][i];
                object? expected = cell.IsEmpty ? null : cell.Text is { } text ? text : cell.Number;
                Assert.Equal(expected, read[i].Values.GetValue(row));
            }
    }

    [Fact]
    public async Task A_table_without_rows_and_one_without_values_are_files_too()
    {
        Assert.Equal(["a"], (await Read(new(["a"], []))).Select(column => column.Name));
        var read = await Read(new(["a", "b"], [[Cell.Empty, Cell.Of("")], [Cell.Empty, Cell.Of("x")]]));
        Assert.Null(read[0].Values.GetValue(1));
        Assert.Equal("x", read[1].Values.GetValue(1));
        Assert.Equal("", read[1].Values.GetValue(0));
    }

    static async Task<(string Name, Array Values)[]> Read(ExportTable table)
    {
        using var file = new MemoryStream(table.ToBytes("parquet"));
        await using var reader = await ParquetReader.CreateAsync(file);
        using var group = reader.OpenRowGroupReader(0);
        List<(string, Array)> columns = [];
        foreach (var field in reader.Schema.GetDataFields())
        {
            string?[] texts = new string?[table.Rows.Count];
            double?[] numbers = new double?[table.Rows.Count];
            bool isNumber = field.ClrType == typeof(double);
            if (isNumber) await group.ReadAsync(field, numbers.AsMemory());
            else await group.ReadAsync(field, texts.AsMemory());
            columns.Add((field.Name, isNumber ? numbers : texts));
        }
        return [.. columns];
    }
}
