using ChainRule.Data;

namespace ChainRule.Tests.Data;

public sealed class CsvCultureTest
{
    [Theory]
    [InlineData("de", "a;b\n1.234,5;x\n-12.345.678;y\n7,25;z\n0,5;z\n", new[] { 1234.5, -12345678, 7.25, 0.5 })]
    [InlineData("en-US", "a;b\n1,234.5;x\n12,345,678;y\n1e3;z\n", new[] { 1234.5, 12345678, 1000 })]
    [InlineData("fr_FR", "a;b\n1 234,5;x\n1\u00a0234;y\n1\u202f234\u202f567,25;z\n",
        new[] { 1234.5, 1234, 1234567.25 })]
    [InlineData("de-CH", "a;b\n1'234.5;x\n1\u2019234;y\n", new[] { 1234.5, 1234 })]
    [InlineData("en", "a,b\n\"1,234.5\",x\n7,y\n", new[] { 1234.5, 7 })]
    public void Numbers_are_read_as_they_are_written_there(string culture, string text, double[] numbers)
    {
        var table = Read(text, CsvOptions.ForCulture(culture));
        Assert.True(table.IsNumeric("a"));
        Assert.Equal(numbers, table.Numbers("a").Select(number => number!.Value));
        Assert.Equal(ColumnKind.Number, ColumnProfile.Of(table, "a").Kind);
    }

    [Theory]
    [InlineData("1.23")]
    [InlineData("1234.567,8")]
    [InlineData("1.234.56")]
    [InlineData("1,234.567")]
    [InlineData(".123")]
    [InlineData("1..234")]
    [InlineData("1.23a")]
    public void A_mark_stands_before_three_digits(string field)
    {
        var table = Read($"a;b\n{field};x\n5;y\n", CsvOptions.ForCulture("de"));
        Assert.False(table.IsNumeric("a"));
        Assert.StartsWith($"csv 't.csv': line 2, column 'a': '{field}' is no number",
            Assert.Throws<InvalidDataException>(() => table.Tensor("a")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_order_of_day_and_month_goes_with_the_culture()
    {
        string text = "day\n3/4/2024\n4/5/2024\n";
        var (there, here) = (Read(text, CsvOptions.ForCulture("en-GB")), Read(text, CsvOptions.ForCulture("en-US")));
        double Day(Table table) => TableEncoder.Fit(table).Encode(table, DType.Float64)[0, 1];
        Assert.Equal((-1.0, -1.0), (Day(there), Day(here)));
        var encoder = TableEncoder.Fit(there);
        Assert.Equal(encoder.Encode(Read("day\n2024-04-03\n", new())).ToArray<float>(),
            encoder.Encode(there.Take([0])).ToArray<float>());
        Assert.Equal(encoder.Encode(Read("day\n2024-03-04\n", new())).ToArray<float>(),
            encoder.Encode(here.Take([0])).ToArray<float>());
    }

    [Fact]
    public void It_is_said_in_the_tables_line() => Assert.Equal(
        "table 't.csv' of 1 rows, separated by ';', decimal mark ',', mark of thousands '.': a, b",
        Read("a;b\n1.234,5;x\n", CsvOptions.ForCulture("de")).ToString());

    [Fact]
    public void What_is_not_known_is_said()
    {
        Assert.StartsWith("culture 'xx-YY': it is none of en, en-us, ",
            Assert.ThrowsAny<ArgumentException>(() => CsvOptions.ForCulture("xx-YY")).Message,
                StringComparison.Ordinal);
        Refused.With<ArgumentException>("csv 't.csv': ThousandsMark = ';': give '.', ',', an apostrophe or a space, "
            + "or null if numbers have none",
            () => Read("a\n1\n", new() { ThousandsMark = ';' }));
        Refused.With<ArgumentException>("csv 't.csv': ThousandsMark and DecimalMark are both '.': give another for "
            + "one of them",
            () => Read("a\n1\n", new() { ThousandsMark = '.', DecimalMark = '.' }));
    }

    static Table Read(string text, CsvOptions options)
    {
        using var folder = new TemporaryFolder();
        return Csv.Read(folder.Write("t.csv", text), options);
    }
}
