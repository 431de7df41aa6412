using ChainRule.Data;

namespace ChainRule.Tests.Data;

public sealed class ColumnProfileTest
{
    public static TheoryData<string, ColumnKind, string, string[]> Kinds => new()
    {
        { "price", ColumnKind.Number, "every value is a number", ["1.5", "2", "", "-3e2", "2"] },
        { "smoker", ColumnKind.Boolean, "two values, no and yes", ["yes", "No", "YES", ""] },
        { "flag", ColumnKind.Boolean, "two values, no and yes", ["0", "1", "1"] },
        { "member", ColumnKind.Boolean, "two values, no and yes", ["true", "", ""] },
        { "colour", ColumnKind.Category, "text", ["red", "blue", "red"] },
        { "size", ColumnKind.Category, "text beside numbers", ["S", "38", "M", "40"] },
        { "pincode", ColumnKind.Category, "codes that begin with 0", ["0150", "0151", "5003"] },
        { "day", ColumnKind.Date, "every value is a date",
        ["2024-03-31", "31.3.2024", "31 March 2024", "2024-03-31T10:30:00Z", ""] },
        { "empty", ColumnKind.Constant, "missing in every row", ["", "NA", "?"] },
        { "same", ColumnKind.Constant, "the same in every row", ["a", "a"] },
        { "id", ColumnKind.Identifier, "a number of its own in each row, and its name", ["17", "4", "12"] },
        { "CustomerId", ColumnKind.Identifier, "a number of its own in each row, and its name", ["17", "4", "12"] },
        { "n", ColumnKind.Identifier, "it numbers the rows", [.. Enumerable.Range(1, 12).Select(i => $"{i}")] },
        { "year", ColumnKind.Number, "every value is a number", [.. Enumerable.Range(2001, 12).Select(i => $"{i}")] },
        { "name", ColumnKind.Identifier, "a text of its own in each row",
        [.. Enumerable.Range(0, 12).Select(i => $"name {i}")] },
        { "text", ColumnKind.Identifier, "a text of its own in almost every row",
        [.. Enumerable.Range(0, 40).Select(i => $"text {Math.Max(i, 2)}")] },
    };

    [Theory, MemberData(nameof(Kinds))]
    public void A_kind_is_found_with_its_reason(string name, ColumnKind kind, string reason, string[] fields)
    {
        var profile = ColumnProfile.Of(Of(name, fields), name);
        Assert.Equal((kind, reason), (profile.Kind, profile.Reason));
        Assert.Equal(kind is not (ColumnKind.Constant or ColumnKind.Identifier), profile.IsUsed);
    }

    [Fact]
    public void It_says_what_is_in_it()
    {
        var profile = ColumnProfile.Of(Of("age", "30", "", "20", "30", "70"), "age");
        Assert.Equal((5, 1, 3, 20, 37.5, 70), (profile.Rows, profile.Missing, profile.Distinct, profile.Min,
            profile.Mean, profile.Max));
        Assert.Equal(["30", "20", "70"], profile.Examples);
        Assert.Equal("column 'age': number, every value is a number; 1 missing, 3 distinct: 30, 20, 70",
            profile.ToString());
        Assert.True(double.IsNaN(ColumnProfile.Of(Of("a", "x", "y"), "a").Mean));
    }

    [Fact]
    public void What_it_is_said_to_be_it_is()
    {
        Assert.Equal(ColumnKind.Category, ColumnProfile.Of(Of("pincode", "150", "151"), "pincode",
            ColumnKind.Category).Kind);
        Refuse("csv 't.csv': column 'a' is said to be boolean, and holds x, y, z: take it as a category",
            () => ColumnProfile.Of(Read("a\nx\ny\nz\n"), "a", ColumnKind.Boolean));
        Refuse("csv 't.csv': line 3, column 'a': 'y' is no date: correct it, name it among MissingValues, or say "
            + "that the column is a category",
            () => ColumnProfile.Of(Read("a\n2024-01-01\ny\n"), "a", ColumnKind.Date));
        Assert.StartsWith("csv 't.csv': line 2, column 'a': 'x' is no number: ",
            Assert.Throws<InvalidDataException>(() => ColumnProfile.Of(Read("a\nx\n"), "a", ColumnKind.Number)).Message,
                StringComparison.Ordinal);
        Assert.Equal(ColumnKind.Constant, ColumnProfile.Of(Of("a", "", ""), "a", ColumnKind.Number).Kind);
    }

    [Theory]
    [InlineData("inf", "is no finite number")]
    [InlineData("-Infinity", "is no finite number")]
    [InlineData("nan", "is no finite number")]
    [InlineData("n/a", "is no finite number")]
    [InlineData("12a", "is no number")]
    public void A_few_exceptions_among_numbers_are_errors_and_no_categories(string stray, string says) => Refuse(
        $"csv 't.csv': line 8, column 'size': '{stray}' {says}, and 19 of 20 rows hold numbers: correct it, name it "
        + "among MissingValues, or say that the column is a category",
        () => ColumnProfile.Of(Read("size\n"
            + string.Concat(Enumerable.Range(0, 20).Select(i => i == 6 ? stray + "\n" : $"{i * 7}.5\n"))), "size"));

    [Fact]
    public void A_few_exceptions_among_dates_are_errors() => Refuse(
        "csv 't.csv': line 5, column 'day': '2024-02-30' is no date, and 19 of 20 rows hold dates: correct it, name "
        + "it among MissingValues, or say that the column is a category",
        () => ColumnProfile.Of(Read("day\n"
            + string.Concat(Enumerable.Range(0, 20).Select(i => i == 3 ? "2024-02-30\n" : $"2024-01-{i + 1:00}\n"))),
            "day"));

    [Fact]
    public void The_order_of_day_and_month_is_found_or_asked_for()
    {
        Assert.Equal(ColumnKind.Date, ColumnProfile.Of(Of("day", "3/4/2024", "13/4/2024"), "day").Kind);
        Assert.Equal(ColumnKind.Date, ColumnProfile.Of(Read("day\n3/4/2024\n4/5/2024\n", new() { DayFirst = true }),
            "day").Kind);
        Refuse("csv 't.csv': column 'day': '3/4/2024' may have the day first or the month, and no row tells: read "
            + "the file with DayFirst = true or false, or leave the column out",
            () => ColumnProfile.Of(Read("day\n3/4/2024\n4/5/2024\n"), "day"));
        Refuse("csv 't.csv': column 'day': '13/4/2024' has the day first and '4/13/2024' the month: write all dates "
            + "in one way, such as 2024-03-31",
            () => ColumnProfile.Of(Read("day\n13/4/2024\n4/13/2024\n"), "day"));
    }

    [Theory]
    [InlineData("1/31/2024 3:04:05 PM", "1/2/2024 12:00:00 AM")]
    [InlineData("2024-01-31T15:04:05+02:00", "2024-01-02 10:00:00-05:00")]
    [InlineData("2024-01-31T15:04:05.123Z", "2024-01-02")]
    public void Times_are_written_in_several_ways(params string[] fields) =>
        Assert.Equal(ColumnKind.Date, ColumnProfile.Of(Of("at", fields), "at").Kind);

    [Fact]
    public void Texts_that_are_named_after_identifiers_are_some_though_a_few_come_again()
    {
        string[] fields = [.. Enumerable.Range(0, 100).Select(i => $"L-{i % 60}")];
        Assert.Equal(ColumnKind.Identifier, ColumnProfile.Of(Of("listing id", fields), "listing id").Kind);
        Assert.Equal(ColumnKind.Category, ColumnProfile.Of(Of("street", fields), "street").Kind);
    }

    [Fact]
    public void A_column_that_is_not_there_is_said() => Assert.Equal("texts: 'rows' has no column 'b': it has a",
        Assert.ThrowsAny<ArgumentException>(() => ColumnProfile.Of(Of("a", "x"), "b")).Message);

    static Table Of(string name, params string[] fields) =>
        Table.From([name], [.. fields.Select(field => new[] { field })]);

    static Table Read(string text, CsvOptions? options = null)
    {
        using var folder = new TemporaryFolder();
        return Csv.Read(folder.Write("t.csv", text), options);
    }

    static void Refuse(string sentence, Action asked) => Refused.With<InvalidDataException>(sentence, asked);
}
