using ChainRule.Data;

namespace ChainRule.Tests.Data;

public sealed class CsvRowsTest
{
    static List<string> Rows(string text, char separator = ',')
    {
        var rows = new CsvRows(new StringReader(text), separator);
        List<string> read = [];
        while (rows.Read()) read.Add($"{rows.Line}: {string.Join('|', rows.Fields)}");
        return read;
    }

    [Fact]
    public void A_field_is_quoted_where_it_holds_what_would_end_it()
    {
        Assert.Equal(["1: a,b|c\"d|e\nf", "3: g||h"], Rows("\"a,b\",\"c\"\"d\",\"e\r\nf\"\r\ng,,h"));
        Assert.Equal(["1: a|", "3: |"], Rows("a,\n\n,\n"));
        Assert.Equal(["1: ", "2: a"], Rows("\"\"\na\n"));
        Assert.Equal(["1: a b|c"], Rows(" a b , \"c\" \n"));
    }

    [Fact]
    public void Every_line_end_ends_a_line_and_is_counted_once() =>
        Assert.Equal(["1: a", "2: b", "3: c", "5: d"], Rows("a\rb\r\nc\n\rd"));

    [Fact]
    public void Blanks_separate_as_one_and_tabs_one_by_one()
    {
        Assert.Equal(["1: a|b|c", "2: d|e f"], Rows("  a \t b   c  \nd \"e f\"\n", ' '));
        Assert.Equal(["1: a||b c"], Rows("a\t\tb c\n", '\t'));
    }

    [Fact]
    public void Rows_are_the_same_wherever_the_buffer_ends()
    {
        string one = string.Concat(Enumerable.Range(0, 9000).Select(i => $"\"{i}\"\"x\",y\r\n"));
        var rows = Rows(one);
        Assert.Equal(9000, rows.Count);
        Assert.All(rows.Index(), row => Assert.Equal($"{row.Index + 1}: {row.Index}\"x|y", row.Item));
    }
}
