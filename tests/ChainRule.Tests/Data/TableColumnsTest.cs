using ChainRule.Data;
using ChainRule.Errors;

namespace ChainRule.Tests.Data;

public sealed class TableColumnsTest
{
    [Fact]
    public void Columns_in_memory_are_a_table_as_a_file_is()
    {
        var table = Table.FromColumns(["size", "city"], [["80", null, "95.5"], ["Oslo", "NA", "Bergen"]],
            new() { MissingValues = [""] }, "query 'houses'");

        Assert.Equal(["size", "city"], table.Columns);
        Assert.Equal([80, null, 95.5], table.Numbers("size"));
        Assert.Equal("NA", table.Texts("city")[1]);
        Assert.Equal("query 'houses': row 2, column 'size' is missing: complete it, take the mean of the others with "
            + "Missing.Mean, or leave such rows out with Select(…).DropMissing()",
            Assert.Throws<InvalidDataException>(() => table.Tensor("size")).Message);
        Assert.Equal("query 'houses': row 3, column 'city'", table.Take([2]).Where("city", 0));
        Assert.Equal(2, Table.FromColumns(["size"], [["80", null, "95.5"]], new() { Missing = Missing.Drop }).Rows);
    }

    [Fact]
    public void Columns_that_make_no_table_are_refused()
    {
        static string Refused(string[] names, params string?[][] fields) =>
            Assert.Throws<RefusedArgumentException>(() => Table.FromColumns(names, fields)).Message;

        Assert.Equal("table 'columns': there are no columns: give one or more", Refused([]));
        Assert.Equal("table 'columns': 2 names and 1 columns of fields: give one for each", Refused(["a", "b"], ["1"]));
        Assert.Equal("table 'columns': two columns are called 'a': rename one of them",
            Refused(["a", "a"], ["1"], ["2"]));
        Assert.Equal("table 'columns': column 'b' has 2 fields, and 'a' has 1: give one for each row",
            Refused(["a", "b"], ["1"], ["2", "3"]));
        Assert.Equal("table 'columns': the columns have no fields: give a row or more", Refused(["a"], (string?[])[]));
    }
}
