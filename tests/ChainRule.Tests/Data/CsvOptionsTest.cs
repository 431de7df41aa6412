using ChainRule.Data;

namespace ChainRule.Tests.Data;

public sealed class CsvOptionsTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    Table Read(string text, CsvOptions? options = null) => Csv.Read(_folder.Write("t.csv", text), options);

    [Fact]
    public void A_number_that_may_be_1_or_1000_is_refused_until_the_mark_is_known()
    {
        const string Text = "price;n\n1.000;2\n2.500;3\n";
        Assert.Equal("table 't.csv' of 2 rows, separated by ';', decimal mark unknown: price, n",
            Read(Text).ToString());
        Assert.Equal("csv 't.csv': line 2, column 'price': '1.000' may have decimals or a mark of thousands, and "
            + "nothing in the file tells: read it with DecimalMark = '.' if the point stands before decimals, or take "
            + "the points out of the file, or take the column by Labels or OneHot",
            Assert.Throws<InvalidDataException>(() => Read(Text).Tensor("price")).Message);
        Assert.Equal([2, 3], Read(Text).Tensor("n").ToArray<float>());
        Assert.Equal([1, 2.5f], Read(Text, new() { DecimalMark = '.' }).Tensor("price").ToArray<float>());
        string rows = string.Concat(Enumerable.Repeat("1.000;2\n", 300));
        Assert.Equal(1, Read($"price;n\n{rows}0.5;3\n").Tensor("price").ToArray<float>()[0]);
        Assert.Equal(2, Read($"price;n\n{rows}7;3,5\n").Tensor("n").ToArray<float>()[0]);
    }

    [Fact]
    public void A_minus_sign_may_be_the_typesetters()
    {
        Assert.Equal([-1.5f, 2e-3f, 3], Read("a,b\n−1.5,x\n2e−3,y\n3,z\n").Tensor("a").ToArray<float>());
        Assert.Equal([-1.5f, -1234.5f], Read("a;b\n−1,5;x\n−1234,5;y\n").Tensor("a").ToArray<float>());
        Assert.True(Read("a,b\n−1,x\n2,y\n").IsNumeric("a"));
        Assert.Equal(["−10", "−2", "3"], Read("a,b\n−2,x\n3,y\n−10,z\n").Labels("a").Names);
        Assert.Equal("csv 't.csv': line 2, column 'a': '–5' is no number: it begins with the dash U+2013 in place of a "
            + "minus sign: replace it by '-', or take the column by Labels or OneHot",
                Assert.Throws<InvalidDataException>(() => Read("a,b\n–5,x\n").Tensor("a")).Message);
    }

    [Fact]
    public void They_print_every_setting_as_it_is_written() => Assert.Equal("CsvOptions { Header = false, Separator = "
        + "'\\t', DecimalMark = ',', ThousandsMark = null, DayFirst = null, Encoding = utf-16, SkipLines = 2, "
        + "MissingValues = [\"\", \"none\"], Missing = Error, MaxBytes = 1073741824 }", new CsvOptions
        {
            Header = false, Separator = '\t', DecimalMark = ',', Encoding = System.Text.Encoding.Unicode, SkipLines = 2,
            MissingValues = ["", "none"],
        }.ToString());

    public static TheoryData<CsvOptions, string> Impossible => new()
    {
        { new() { Missing = (Missing)55 }, "Missing = 55: give Missing.Error, Mean or Drop" },
        { new() { SkipLines = -1 }, "SkipLines = -1: give 0 or more" },
        { new() { MaxBytes = -1 }, "MaxBytes = -1: give 1 or more" },
        { new() { MissingValues = null! },
            "MissingValues is null: give a list, empty if no field means that a value is missing" },
        { new() { DecimalMark = 'x' }, "DecimalMark = 'x': give '.' or ',', or null to have it found" },
        { new() { Separator = '"' }, "Separator = '\"': give a character that stands in no field, such as ',', ';' or "
            + "'\\t', or null to have it found" },
        { new() { Separator = '\n' }, "Separator = '\\n': give a character that stands in no field, such as ',', ';' "
            + "or '\\t', or null to have it found" },
        { new() { Separator = '1' }, "Separator = '1': give a character that stands in no field, such as ',', ';' or "
            + "'\\t', or null to have it found" },
        {
            new() { Separator = ',', DecimalMark = ',' },
            "the separator and the decimal mark are both ',', and no field holds one in quotes: give another for one "
                + "of them, or neither to have both found"
        },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void Options_that_no_file_can_be_written_with_are_refused(CsvOptions options, string says)
    {
        string path = _folder.Write("t.csv", "a,b\n1,2\n");
        Assert.Equal($"csv 't.csv': {says}",
            Assert.ThrowsAny<ArgumentException>(() => Csv.Read(path, options)).Message);
        if (options.DecimalMark != ',')
            Assert.Equal($"csv 't.csv': {says}",
                Assert.ThrowsAny<ArgumentException>(() => Csv.Sniff(path, options)).Message);
        Assert.Equal("tensor of 't.csv': Missing = 55: give Missing.Error, Mean or Drop",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => Csv.Read(path).Tensor(["a"], (Missing)55)).Message);
    }
}
