using ChainRule.Data;
using ChainRule.Zoo.Tables;

namespace ChainRule.Zoo.Tests.Tables;

public sealed class TableRowTest
{
    static readonly CsvOptions s_written = new TableOptions(Missing: "-999,unknown").Csv;

    [Fact]
    public void Words_for_missing_values_count_of_texts_and_of_numbers()
    {
        var table = TableRow.Of(["a", "b", "c", "d", "e"],
            new { A = -999, B = -999.0, C = "unknown", D = double.NaN, E = 999m }, s_written);
        Assert.Equal([null, null, null, null, "999"], table.Columns.Select(column => table.Texts(column)[0]));
    }

    [Fact]
    public void An_infinite_number_is_refused() =>
        Assert.StartsWith("predict: 'a' is infinite: give a finite number, or null if it is missing",
            Assert.ThrowsAny<ArgumentException>(() => TableRow.Of(["a"], new { A = float.NegativeInfinity }, s_written))
                .Message, StringComparison.Ordinal);

    [Fact]
    public void One_property_is_one_column()
    {
        Assert.Equal("1", TableRow.Of(["median_income"], new { MedianIncome = 1 }, s_written)
            .Texts("median_income")[0]);
        var both = TableRow.Of(["size", "Size"], new { size = 1, Size = 2 }, s_written);
        Assert.Equal(("1", "2"), (both.Texts("size")[0], both.Texts("Size")[0]));
        foreach (string[] columns in (string[][])[["size", "Size"], ["size", "SIZE"]])
            Assert.StartsWith("predict: the row has no 'size'", Assert.ThrowsAny<ArgumentException>(() =>
                TableRow.Of(columns, new { Size = 2 }, s_written)).Message, StringComparison.Ordinal);
    }
}
