using ChainRule.Data;

namespace ChainRule.Tests.Data;

public sealed class ColumnWarningsTest
{
    const string Taken = "column 'x' is taken as a category, and ";

    [Fact]
    public void Numbers_beside_some_text_are_said()
    {
        Assert.Equal([Taken + "180 of its 200 values are numbers: 'unknown' is none: name it among MissingValues if it "
            + "means that the value is missing"], Warnings(200, i => i % 10 == 0 ? "unknown" : $"{i % 9}"));
        Assert.Equal([Taken + "150 of its 200 values are numbers: '<0.5' is none: write the number alone, or name it "
            + "among MissingValues if it says too little"], Warnings(200, i => i % 4 == 0 ? "<0.5" : $"{i % 40}.5"));
        Assert.Equal([Taken + "150 of its 200 values are numbers: '(0.80)' is none, nor is 1 other: write it as -0.80, "
            + "and do so with the other"],
            Warnings(200, i => i % 8 == 0 ? "(0.80)" : i % 8 == 1 ? "(1.20)" : $"{i % 40}.5"));
        Assert.Empty(Warnings(200, i => i % 2 == 0 ? "unknown" : $"{i % 9}"));
        Assert.Empty(Warnings(200, i => $"{i % 9:000}"));
        Assert.Empty(Warnings(200, i => i % 10 == 0 ? "unknown" : $"{i % 9}", ColumnKind.Category));
    }

    [Fact]
    public void Numbers_with_another_decimal_mark_are_said()
    {
        using var folder = new TemporaryFolder();
        var table = Csv.Read(folder.Write("t.csv", "x;y\n" + string.Concat(Enumerable.Range(0, 60)
            .Select(i => $"{138 + i % 9}.3 m²;{i % 5},5\n"))), CsvOptions.ForCulture("de"));
        Assert.Equal([Taken + "60 of its 60 values are numbers if a point stands before decimals, such as '138.3 m²': "
            + "read the file with DecimalMark = '.' then"], TableProfile.Of(table).Warnings);
        Assert.EndsWith("with it then", TableProfile.Of(table).Warn(_ => "it")[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-999", "0 to 29")]
    [InlineData("9999", "0 to 29")]
    [InlineData("-99.0", "0 to 29")]
    public void A_number_that_may_mean_a_missing_value_is_said(string word, string others) =>
        Assert.Equal([$"column 'x' is {word} in 10 of 200 rows, far outside of the others, {others}: name it among "
            + "MissingValues if it means that the value is missing"],
            Warnings(200, i => i % 20 == 0 ? word : $"{i % 30}"));

    [Fact]
    public void Outliers_and_usual_numbers_are_not()
    {
        Assert.Empty(Warnings(200, i => i is 0 or 1 ? "-999" : $"{i % 30}"));
        Assert.Empty(Warnings(200, i => i % 20 == 0 ? "-1" : $"{i % 30}"));
        Assert.Empty(Warnings(200, i => i % 20 == 0 ? "40" : $"{i % 30}"));
        Assert.Empty(Warnings(200, i => i % 20 == 0 ? "100" : $"{i % 2}"));
    }

    [Fact]
    public void Two_such_numbers_are_both_said() =>
        Assert.Equal(2, Warnings(200, i => i % 20 == 0 ? "99999" : i % 20 == 1 ? "9999" : $"{i % 30}").Count);

    [Fact]
    public void A_column_without_a_name_is_called_by_its_place()
    {
        using var folder = new TemporaryFolder();
        var table = Csv.Read(folder.Write("t.csv", "column 1,, \n" + string.Concat(Enumerable.Range(0, 30)
            .Select(i => $"{i % 7},{i % 4},{i % 3}\n"))));
        Assert.Equal(["column 1", "column 2", "column 3"], table.Columns);
        Assert.Equal(["the header has no name for column 'column 2', which is called so by its place",
            "the header has no name for column 'column 3', which is called so by its place"],
            TableProfile.Of(table.Take([.. Enumerable.Range(0, 20)])).Warnings);
        Assert.Equal(["column 1'", "column 1"], Csv.Read(folder.Write("u.csv", ",column 1\na,2\nb,3\n")).Columns);
    }

    static IReadOnlyList<string> Warnings(int rows, Func<int, string> x, ColumnKind? kind = null) => TableProfile.Of(
        Table.From(["x"], [.. Enumerable.Range(0, rows).Select(i => new[] { x(i) })]),
        kinds: kind is { } known ? new Dictionary<string, ColumnKind> { ["x"] = known } : null).Warnings;
}
