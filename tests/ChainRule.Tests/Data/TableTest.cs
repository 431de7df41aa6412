using ChainRule.Data;

namespace ChainRule.Tests.Data;

public sealed class TableTest : IDisposable
{
    // The shape of a file that many learn with: a column with gaps in some rows, and one with gaps in most.
    const string Ship =
        "Survived,Sex,Age,Cabin\n0,male,22,\n1,female,38,C85\n1,female,,\n0,male,35,\n1,female,30,B20\n";

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    Table Read(string text, CsvOptions? options = null) => Csv.Read(_folder.Write("t.csv", text), options);

    [Fact]
    public void All_but_names_the_others()
    {
        var table = Read("a,b,c\n1,2,3\n");
        Assert.Equal(["a", "c"], table.ColumnsExcept("b"));
        Assert.Equal([1, 3], table.Tensor(table.ColumnsExcept("b")).ToArray<float>());
        Assert.Contains("has no column 'd'",
            Assert.ThrowsAny<ArgumentException>(() => table.ColumnsExcept("d")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_and_categories_must_be_named_each_once()
    {
        var table = Read("a,b\nx,1\ny,2\n");
        Assert.Equal("select of 't.csv': no column is named: choose among a, b",
            Assert.ThrowsAny<ArgumentException>(() => table.Select(null)).Message);
        Assert.Equal("select of 't.csv': no column is named: choose among a, b",
            Assert.ThrowsAny<ArgumentException>(() => table.Select()).Message);
        Assert.Equal("labels: category 'x' is named twice, as 0 and as 1: name it once",
            Assert.ThrowsAny<ArgumentException>(() => table.Labels("a", ["x", "x", "y"])).Message);
        Assert.Equal("labels: category 'x' is named twice, as 0 and as 2: name it once",
            Assert.ThrowsAny<ArgumentException>(() => table.OneHot("a", ["x", "y", "x"])).Message);
        Assert.Equal("labels: the name of category 1 is null: give each a name",
            Assert.ThrowsAny<ArgumentException>(() => table.Labels("a", ["x", null!])).Message);
        Assert.Equal("tensor of 't.csv': Missing = 55: give Missing.Error, Mean or Drop",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => table.Tensor(["b"], (Missing)55)).Message);
    }

    [Fact]
    public void Labels_are_sorted_text_by_unicode_and_numbers_by_size()
    {
        var table = Read("t,n\nb,10\na,9\nB,10\nb,-1\n");
        Assert.Equal(["B", "a", "b"], table.Labels("t").Names);
        Assert.Equal([2, 1, 0, 2], table.Labels("t").Ids.Span.ToArray());
        Assert.Equal(["-1", "9", "10"], table.Labels("n").Names);
        Assert.Equal([2, 1, 2, 0], table.Labels("n").Ids.Span.ToArray());
        var hot = table.OneHot("t");
        Assert.Equal([4, 3], hot.Shape.Span.ToArray());
        Assert.Equal([0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 1], hot.ToArray<float>());
    }

    [Fact]
    public void Categories_are_the_text_as_it_is_written()
    {
        Assert.Equal(["02360", "2360", "90210"], Read("zip,y\n02360,1\n2360,2\n90210,3\n").Labels("zip").Names);
        Assert.Equal(["9007199254740992", "9007199254740993"],
            Read("id,y\n9007199254740993,1\n9007199254740992,2\n").Labels("id").Names);
        Assert.Equal(["1", "1.0", "1e0"], Read("v,y\n1e0,1\n1.0,2\n1,3\n").Labels("v").Names);
        Assert.Equal(["007", " 7"], Read("v,y\n007,1\n\" 7\",2\n").Texts("v").OfType<string>());
    }

    [Fact]
    public void Labels_can_follow_the_names_of_another_file()
    {
        var table = Read("t,y\nb,1\na,2\n");
        Assert.Equal([2, 0], table.Labels("t", ["a", "x", "b"]).Ids.Span.ToArray());
        Assert.Equal([2, 3], table.OneHot("t", ["a", "x", "b"]).Shape.Span.ToArray());
        Assert.Equal("csv 't.csv': line 2, column 't': 'b' is none of the categories a, x: add it",
            Assert.Throws<InvalidDataException>(() => table.Labels("t", ["a", "x"])).Message);
        // In the training file a letter makes codes text; in the test file all of them look like numbers.
        var names = Read("code,y\n007,1\n008,2\nA12,3\n").Labels("code").Names;
        Assert.Equal([0, 1], Read("code,y\n007,1\n008,2\n").Labels("code", names).Ids.Span.ToArray());
    }

    [Fact]
    public void What_is_missing_matters_in_the_columns_that_are_asked_for()
    {
        var table = Read(Ship);
        Assert.Equal(5, table.Rows);
        Assert.Equal([0, 1, 1, 0, 1], table.Tensor("Survived").ToArray<float>());
        Assert.Equal("csv 't.csv': line 4, column 'Age' is missing: complete it, take the mean of the others with "
            + "Missing.Mean, or leave such rows out with Select(…).DropMissing()",
            Assert.Throws<InvalidDataException>(() => table.Tensor("Survived", "Age")).Message);
        Assert.Equal([22, 38, 31.25f, 35, 30], table.Tensor(["Age"], Missing.Mean).ToArray<float>());
        Assert.Equal([22, 38, 31.25f, 35, 30],
            Read(Ship, new() { Missing = Missing.Mean }).Tensor("Age").ToArray<float>());

        var whole = table.Select("Survived", "Sex", "Age").DropMissing();
        Assert.Equal(4, whole.Rows);
        Assert.Equal(["Survived", "Sex", "Age"], whole.Columns);
        Assert.Equal([0, 22, 1, 38, 0, 35, 1, 30], whole.Tensor("Survived", "Age").ToArray<float>());
        Assert.Equal([1, 0, 1, 0], whole.Labels("Sex").Ids.Span.ToArray());
        Assert.Equal(2, table.DropMissing().Rows);
        Assert.Equal(2, Read(Ship, new() { Missing = Missing.Drop }).Rows);
    }

    [Fact]
    public void The_mean_of_the_training_rows_goes_into_others()
    {
        var table = Read(Ship);
        var (train, test) = (table.Take([0, 1]), table.Take([2, 3]));
        double[] means = train.Means("Age");
        Assert.Equal([30], means);
        Assert.Equal([30, 35], test.Tensor(["Age"], means).ToArray<float>());
        Assert.Equal([22, 38], train.Tensor(["Age"], means).ToArray<float>());
        Assert.Equal([0, 35], test.Tensor(["Age"], [0]).ToArray<float>());
        Assert.Equal("tensor of 't.csv': 1 columns and 2 numbers for what is missing: give one for "
            + "each", Assert.ThrowsAny<ArgumentException>(() => test.Tensor(["Age"], [0, 1])).Message);
        Assert.Equal("tensor of 't.csv': NaN for what is missing in column 'Age': give a finite "
            + "number", Assert.ThrowsAny<ArgumentException>(() => test.Tensor(["Age"], [double.NaN])).Message);
    }

    [Fact]
    public void A_missing_category_is_refused_or_one_of_its_own()
    {
        var table = Read(Ship);
        Assert.Equal(["B20", "C85", "none"], table.Labels("Cabin", missing: "none").Names);
        Assert.Equal([2, 1, 2, 2, 0], table.Labels("Cabin", missing: "none").Ids.Span.ToArray());
        Assert.Equal([5, 3], table.OneHot("Cabin", missing: "none").Shape.Span.ToArray());
        Assert.Equal(["C85", "B20"], table.Texts("Cabin").OfType<string>());
        Assert.Equal("csv 't.csv': line 2, column 'Cabin' is missing: complete it, leave such rows out with "
            + "Select(…).DropMissing(), or name a category for it",
            Assert.Throws<InvalidDataException>(() => table.Labels("Cabin")).Message);
        var countries = Read("country,y\nNA,1\nZA,2\n");
        Assert.Equal("csv 't.csv': line 2, column 'country' is missing ('NA' is among MissingValues): complete it, "
            + "leave such rows out with Select(…).DropMissing(), or name a category for it; "
            + "if 'NA' is a category here, read the file with MissingValues that do not name it",
                Assert.Throws<InvalidDataException>(() => countries.Labels("country")).Message);
        Assert.Equal(["NA", "ZA"],
            Read("country,y\nNA,1\nZA,2\n", new() { MissingValues = [""] }).Labels("country").Names);
    }

    [Fact]
    public void What_counts_as_missing_can_be_said()
    {
        Assert.Equal([3], Read("a,b\n-,1\n3,2\n", new() { MissingValues = ["-"], Missing = Missing.Drop }).Tensor("a")
            .ToArray<float>());
        Assert.False(Read("a,b\nNA,1\n3,2\n", new() { MissingValues = [] }).IsNumeric("a"));
        Assert.True(Read("a,b\nNA,1\n3,2\n").IsNumeric("a"));
    }

    [Fact]
    public void Missing_values_that_cannot_be_made_good_are_refused()
    {
        Assert.Equal("csv 't.csv': line 2, column 'b': 'x' is no number: correct it or name it among MissingValues, or "
            + "take the column by Labels or OneHot",
            Assert.Throws<InvalidDataException>(() => Read("a,b\n1,x\n2,NA\n").Tensor(["b"], Missing.Mean)).Message);
        Assert.Equal("csv 't.csv': column 'b' is missing in every row and has no mean: leave the column out",
            Assert.Throws<InvalidDataException>(() => Read("a,b\n1,\n2,\n").Tensor(["b"], Missing.Mean)).Message);
        Assert.Equal("csv 't.csv': every row lacks something, most often 'b', and dropping them leaves none: Select "
            + "the columns that are needed first, read with Missing.Mean, or check "
            + "MissingValues", Assert.Throws<InvalidDataException>(() => Read("a,b\n1,\n,\n").DropMissing()).Message);
    }

    [Fact]
    public void Text_where_a_number_belongs_is_named_with_its_line_and_column()
    {
        Assert.Equal("csv 't.csv': line 5, column 'b': '4x' is no number: correct it or name it among MissingValues, "
            + "or "
            + "take the column by Labels or OneHot",
            Assert.Throws<InvalidDataException>(
                () => Read("a,b\n1,2\n\n?,0\n3,4x\n", new() { Missing = Missing.Drop }).Tensor("a", "b")).Message);
        Assert.False(Read("a,b\n1,1\nInfinity,2\n").IsNumeric("a"));
        Assert.Equal("csv 't.csv': line 3, column 'a': 'Infinity' is no finite number: correct it, or name it among "
            + "MissingValues, or take the column by Labels or OneHot",
            Assert.Throws<InvalidDataException>(() => Read("a,b\n1,1\nInfinity,2\n").Tensor("a")).Message);
        Assert.Equal("csv 't.csv': line 3, column 'a': -1e300 passes what float32 holds: give the column a larger unit",
            Assert.Throws<InvalidDataException>(() => Read("a,b\n1,1\n-1e300,2\n").Tensor("a")).Message);
    }

    [Fact]
    public void A_column_or_row_that_is_not_there_is_answered_by_those_that_are()
    {
        var table = Read("a,b\n1,2\n");
        Assert.Equal("tensor: 't.csv' has no column 'c': it has a, b",
            Assert.ThrowsAny<ArgumentException>(() => table.Tensor("a", "c")).Message);
        Assert.Equal("labels: 't.csv' has no column 'c': it has a, b",
            Assert.ThrowsAny<ArgumentException>(() => table.Labels("c")).Message);
        Assert.Equal("tensor of 't.csv': no column is named: choose among a, b",
            Assert.ThrowsAny<ArgumentException>(() => table.Tensor()).Message);
        Assert.Equal("select of 't.csv': column 'a' is named twice: name it once",
            Assert.ThrowsAny<ArgumentException>(() => table.Select("a", "a")).Message);
        Assert.Equal("take of 't.csv': row 1: rows run from 0 to 0",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => table.Take([1])).Message);
    }
}
