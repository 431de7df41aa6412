using ChainRule.Data;

namespace ChainRule.Tests.Data;

public sealed class DateEncodingTest
{
    [Fact]
    public void The_hour_is_encoded_where_there_are_times()
    {
        var encoder = TableEncoder.FromJson(TableEncoder.Fit(Table.From(["t"], [["2024-01-01 00:00"],
            ["2024-01-02 06:00"], ["2024-01-04 12:00"], ["2024-01-03 18:00"]])).ToJson());
        Assert.Equal(["t: year", "t: month", "t: day of week", "t: day number", "t: sine of hour",
            "t: cosine of hour"], encoder.Columns.Select(column => column.Name));
        var x = encoder.Encode(Table.From(["t"], [["2024-01-01 00:00"], ["2024-01-01 06:00"]]), DType.Float64);
        // Sine and cosine of a quarter's steps have mean 0 and standard deviation √½.
        Close.Equal([0, Math.Sqrt(2)], Row(x, 0).AsSpan(4, 2), 1e-9, "at 0:00");
        Close.Equal([Math.Sqrt(2), 0], Row(x, 1).AsSpan(4, 2), 1e-9, "at 6:00");
        Assert.Contains("sine and cosine of the hour", encoder.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_time_of_day_by_itself_is_one()
    {
        var train = Table.From(["t"], [["0:00"], ["06:00"], ["12:00:00"], ["6:00 PM"], [""]]);
        Assert.Equal("every value is a time of day", ColumnProfile.Of(train, "t").Reason);
        var encoder = TableEncoder.FromJson(TableEncoder.Fit(train).ToJson());
        Assert.Equal(["t: sine of hour", "t: cosine of hour", "t is missing"],
            encoder.Columns.Select(column => column.Name));
        var x = encoder.Encode(Table.From(["t"], [["23:59"], ["0:01"], ["12:00"]]), DType.Float64);
        Assert.True(Math.Abs(Row(x, 0)[1] - Row(x, 1)[1]) < 0.01 * Math.Abs(Row(x, 2)[1] - Row(x, 1)[1]));
        Assert.Equal(["column 't': 1 of 1 rows lack a value: the training rows' median 12:00 is taken"],
            encoder.Remarks(Table.From(["t"], [[""]])));
        Refused.With<InvalidDataException>("table 'rows': line 1, column 't': '2024-01-01' is no time of day, such as "
            + "13:15: correct it, or name it among MissingValues",
            () => encoder.Encode(Table.From(["t"], [["2024-01-01"]])));
    }

    [Fact]
    public void An_encoder_of_before_has_no_hours()
    {
        string before = """{"version":1,"columns":[{"column":"t","kind":"date","median":738886,"""
            + "\"scales\":[2024,1,1,1,4,1,738885,1],\"indicator\":false}],\"leftOut\":{}}";
        var encoder = TableEncoder.FromJson(before);
        Assert.Equal(["t: year", "t: month", "t: day of week", "t: day number"],
            encoder.Columns.Select(column => column.Name));
        Assert.Equal(0.5, encoder.Encode(Table.From(["t"], [["2024-01-01 12:00"]]), DType.Float64)[0, 3], 1e-9);
    }

    static double[] Row(Tensor x, int row) => [.. Enumerable.Range(0, x.Shape[1]).Select(c => x[row, c])];
}
