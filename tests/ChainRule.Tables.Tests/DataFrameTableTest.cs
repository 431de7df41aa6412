using ChainRule.Data;
using Microsoft.Data.Analysis;

namespace ChainRule.Tables.Tests;

public sealed class DataFrameTableTest
{
    [Fact]
    public void Every_type_becomes_the_text_that_csv_has()
    {
        var frame = new DataFrame(
            new BooleanDataFrameColumn("bool", (bool?[])[true, null]),
            new SByteDataFrameColumn("sbyte", (sbyte?[])[-1, null]),
            new UInt64DataFrameColumn("ulong", (ulong?[])[ulong.MaxValue, null]),
            new SingleDataFrameColumn("float", (float?[])[0.1f, float.NaN]),
            new DoubleDataFrameColumn("double", (double?[])[0.1, null]),
            new DecimalDataFrameColumn("decimal", (decimal?[])[1.50m, null]),
            new CharDataFrameColumn("char", (char?[])['x', null]),
            new DateTimeDataFrameColumn("time", (DateTime?[])[new(2024, 3, 31, 13, 15, 0), null]),
            new StringDataFrameColumn("string", (string?[])["Århus", null]));

        var table = DataFrameTable.From(frame);

        Assert.Equal(frame.Columns.Select(column => column.Name), table.Columns);
        Assert.Equal(["true", "-1", "18446744073709551615", "0.1", "0.1", "1.5", "x", "2024-03-31T13:15:00", "Århus"],
            table.Columns.Select(column => table.Texts(column)[0]));
        Assert.All(table.Columns, column => Assert.Null(table.Texts(column)[1]));
    }

    [Fact]
    public void A_table_becomes_a_data_frame_and_back()
    {
        var table = Table.FromColumns(["id", "x", "code"], [["1", "-2"], ["0.5", null], ["007", "1"]]);

        var frame = table.ToDataFrame();

        Assert.Equal([typeof(long), typeof(double), typeof(string)], frame.Columns.Select(column => column.DataType));
        Assert.Null(frame["x"][1]);
        Assert.Equal((string?[])["007", "1"], DataFrameTable.From(frame, new() { Columns = ["code"] }).Texts("code"));
    }

    [Fact]
    public void Vectors_are_refused_by_name()
    {
        var frame = new DataFrame(new VBufferDataFrameColumn<double>("v", [new(1, [2.0])]));

        Assert.StartsWith("data frame 'columns': column 'v' holds values of the type VBuffer`1, which",
            Assert.Throws<InvalidDataException>(() => DataFrameTable.From(frame)).Message, StringComparison.Ordinal);
    }
}
