using ChainRule.Data;

namespace ChainRule.Tests.Data;

public sealed class CsvFormatTest
{
    static (char? Separator, char? DecimalMark) Find(string text)
    {
        var options = CsvFormat.Find(text, whole: true, new()).Options;
        return (options.Separator, options.DecimalMark);
    }

    [Theory]
    // commas and semicolons alike: with semicolons all are numbers
    [InlineData("6,9;1,5\n6,8;2,5\n", ';', ',')]
    [InlineData("18.0   8   307.0\t\"a b\"\n15.0   8   350.0\t\"c d\"\n", ' ', '.')]
    [InlineData("name,city\nAnne Marie,New York\nJo Ann,Los Angeles\n", ',', '.')]
    [InlineData("name\nAnne Marie\nJo Ann\n", ',', '.')]
    [InlineData("a,b\n\"x;y\",1\n\"z;w\",2\n", ',', '.')]
    [InlineData("a;b\n1,234;5,678\n", ';', '.')]
    [InlineData("a;b\n0,234;5,678\n", ';', ',')]
    [InlineData("a;b\n6,9;3.51\n", ';', '.')]
    [InlineData("a;b\n1.000;2\n2.500;3\n", ';', null)]
    [InlineData("a\n1.000\n2.500\n", ',', null)]
    [InlineData("a,b\n1.000,2\n2.500,3\n", ',', '.')]
    [InlineData("a;b\n1.000;2\n25.5;3\n", ';', '.')]
    [InlineData("a;b\n1.000;2\n−2.500;3,5\n", ';', ',')]
    [InlineData("", ',', '.')]
    public void How_it_is_written_is_found(string text, char separator, char? mark) =>
        Assert.Equal((separator, mark), Find(text));

    [Fact]
    public void A_sample_may_end_within_a_row() =>
        Assert.Equal(';', CsvFormat.Find("a;b\n1;2\n3", whole: false, new()).Options.Separator);
}
