using ChainRule.Data;

namespace ChainRule.Tests.Data;

public sealed class TableFieldsTest
{
    [Fact]
    public void Rows_in_memory_are_a_table()
    {
        var table = Table.From(["size", "city"], [["80.5", "Oslo"], [null, ""]]);
        Assert.Equal("table 'rows' of 2 rows: size, city", table.ToString());
        Assert.Equal((string?[])["Oslo", null], table.Texts("city").AsEnumerable());
        Assert.True(table.IsNumeric("size"));
        Assert.Equal([80.5, null], table.Numbers("size"));
        Assert.Equal("table 'rows': line 2, column 'city'", table.Where("city", 1));
        Refused.With<InvalidDataException>("table 'rows': line 1, column 'city': 'Oslo' is no number: correct it or "
            + "name it among MissingValues, or take the column by Labels or OneHot",
            () => table.Take([0]).Tensor("city"));
    }

    [Fact]
    public void What_is_no_table_is_said()
    {
        void Refuse(string sentence, Action asked) => Refused.With<ArgumentException>(sentence, asked);
        Refuse("table 'rows': 1 columns and 0 rows: give at least one of each", () => Table.From(["a"], []));
        Refuse("table 'rows': two columns are called 'a': rename one of them",
            () => Table.From(["a", "a"], [["1", "2"]]));
        Refuse("table 'rows': row 2 has 1 fields for 2 columns: give one for each",
            () => Table.From(["a", "b"], [["1", "2"], ["1"]]));
    }
}
