using ChainRule.Data;

namespace ChainRule.Tests.Data;

public sealed class CsvTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    Table Read(string text, CsvOptions? options = null) => Csv.Read(_folder.Write("t.csv", text), options);

    string Refusal(string text, CsvOptions? options = null) => Assert.Throws<InvalidDataException>(() => Read(text, options)).Message;

    [Fact]
    public void Columns_are_found_by_name_and_numbers_are_told_from_text()
    {
        var table = Read("size, price ,kind\n1.5,2e3,a\n-3,+4,\"b,\"\"c\"\"\"\n");
        Assert.Equal(["size", "price", "kind"], table.Columns);
        Assert.Equal(2, table.Rows);
        Assert.True(table.IsNumeric("price"));
        Assert.False(table.IsNumeric("kind"));
        var x = table.Tensor("price", "size");
        Assert.Equal([2, 2], x.Shape.Span.ToArray());
        Assert.Equal([2000, 1.5f, 4, -3], x.ToArray<float>());
        Assert.Equal(["a", "b,\"c\""], table.Labels("kind").Names);
        Assert.Equal("table 't.csv' of 2 rows: size, price, kind", table.ToString());
    }

    [Theory]
    [InlineData("a,b\r\n1,2\r\n3,4")]
    [InlineData("a,b\n1,2\n\n3,4\n\n")]
    [InlineData("\uFEFFa,b\n1,2\n3,4\n")]
    [InlineData("a, b\n 1 ,2\n3, 4 \n")]
    public void Line_ends_marks_and_spaces_do_not_matter(string text)
    {
        var table = Read(text);
        Assert.Equal([1, 2, 3, 4], table.Tensor("a", "b").ToArray<float>());
    }

    [Fact]
    public void Options_say_how_the_file_is_written()
    {
        var table = Read("a comment, \"unclosed\n2 rows\n1;2\n3;4\n", new() { Header = false, SkipLines = 2, Separator = ';' });
        Assert.Equal(["0", "1"], table.Columns);
        Assert.Equal([2, 4], table.Tensor("1").ToArray<float>());
    }

    [Fact]
    public void All_but_names_the_others()
    {
        var table = Read("a,b,c\n1,2,3\n");
        Assert.Equal(["a", "c"], table.AllBut("b"));
        Assert.Equal([1, 3], table.Tensor(table.AllBut("b")).ToArray<float>());
        Assert.Contains("has no column 'd'", Assert.Throws<ArgumentException>(() => table.AllBut("d")).Message, StringComparison.Ordinal);
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
    public void Labels_can_follow_the_names_of_another_file()
    {
        var table = Read("t\nb\na\n");
        Assert.Equal([2, 0], table.Labels("t", ["a", "x", "b"]).Ids.Span.ToArray());
        Assert.Equal([2, 3], table.OneHot("t", ["a", "x", "b"]).Shape.Span.ToArray());
        Assert.Equal("csv 't.csv': line 2, column 't': 'b' is none of the categories a, x: add it",
            Assert.Throws<InvalidDataException>(() => table.Labels("t", ["a", "x"])).Message);
    }

    [Fact]
    public void A_missing_value_is_an_error_unless_something_is_to_be_done()
    {
        const string text = "a,b\n1,2\n3,?\n5,7\n";
        Assert.Equal("csv 't.csv': line 3, column 'b' is missing: complete it, or read with Missing.Mean or Missing.Drop", Refusal(text));
        Assert.Equal([2, 4.5f, 7], Read(text, new() { Missing = Missing.Mean }).Tensor("b").ToArray<float>());
        var dropped = Read(text, new() { Missing = Missing.Drop });
        Assert.Equal(2, dropped.Rows);
        Assert.Equal([1, 2, 5, 7], dropped.Tensor("a", "b").ToArray<float>());
    }

    [Fact]
    public void What_counts_as_missing_can_be_said()
    {
        var table = Read("a\n-\n3\n", new() { MissingValues = ["-"], Missing = Missing.Drop });
        Assert.Equal([3], table.Tensor("a").ToArray<float>());
        Assert.False(Read("a\nNA\n3\n", new() { MissingValues = [] }).IsNumeric("a"));
    }

    [Fact]
    public void Missing_values_that_cannot_be_made_good_are_refused()
    {
        Assert.Equal("csv 't.csv': line 3, column 'b' is missing, and text such as 'x' has no mean: read with Missing.Drop",
            Refusal("a,b\n1,x\n2,NA\n", new() { Missing = Missing.Mean }));
        Assert.Equal("csv 't.csv': column 'b' is missing in every row and has no mean: take the column out of the file",
            Refusal("a,b\n1,\n2,\n", new() { Missing = Missing.Mean }));
        Assert.Equal("csv 't.csv': every row lacks something, and dropping them leaves none: read it with Missing.Mean, or check MissingValues",
            Refusal("a,b\n1,\n,2\n", new() { Missing = Missing.Drop }));
    }

    [Fact]
    public void Text_where_a_number_belongs_is_named_with_its_line_and_column()
    {
        var table = Read("a,b\n1,2\n\n?,0\n3,4x\n", new() { Missing = Missing.Drop });
        Assert.Equal("csv 't.csv': line 5, column 'b': '4x' is no number: correct it, name it among MissingValues, or take the column by Labels or OneHot",
            Assert.Throws<InvalidDataException>(() => table.Tensor("a", "b")).Message);
        Assert.False(Read("a\n1\nInfinity\n").IsNumeric("a"));
        Assert.Equal("csv 't.csv': line 3, column 'a': -1E+300 passes what float32 holds: give the column a larger unit",
            Assert.Throws<InvalidDataException>(() => Read("a\n1\n-1e300\n").Tensor("a")).Message);
    }

    [Fact]
    public void A_column_that_is_not_there_is_answered_by_those_that_are()
    {
        var table = Read("a,b\n1,2\n");
        Assert.Equal("tensor: 't.csv' has no column 'c': it has a, b", Assert.Throws<ArgumentException>(() => table.Tensor("a", "c")).Message);
        Assert.Equal("labels: 't.csv' has no column 'c': it has a, b", Assert.Throws<ArgumentException>(() => table.Labels("c")).Message);
        Assert.Equal("tensor of 't.csv': no column is named: choose among a, b", Assert.Throws<ArgumentException>(() => table.Tensor()).Message);
    }

    [Fact]
    public void A_malformed_file_says_where()
    {
        Assert.Equal("csv 't.csv': the file is empty: there is no line to read", Refusal(""));
        Assert.Equal("csv 't.csv': the file is empty: there is no line to read", Refusal("\n\n"));
        Assert.Equal("csv 't.csv': the file holds a header and no rows: if its first line is a row, read it with Header = false", Refusal("a,b\n"));
        Assert.Equal("csv 't.csv': line 4 has 3 fields, and 2 are expected: correct the line, or check the separator ','",
            Refusal("a,b\n1,2\n\n1,2,3\n"));
        Assert.Equal("csv 't.csv': line 4 has 1 fields, and 2 are expected: correct the line, or check the separator ','",
            Refusal("counts\na,b\n1,2\n1\n", new() { SkipLines = 1 }));
        Assert.Equal("csv 't.csv': line 5 has 1 fields, and 2 are expected: correct the line, or check the separator ','",
            Refusal("a,b\n1,\"x\ny\"\n2,z\n1\n"));
        Assert.Equal("csv 't.csv': the header names columns 0 and 2 both 'a': rename one of them", Refusal("a,b,a\n1,2,3\n"));
        Assert.Equal("csv 't.csv': it has 2 lines, and 3 are to be skipped: skip fewer", Refusal("a,b\n1,2\n", new() { SkipLines = 3 }));
        Assert.Equal("csv 't.csv': line 3: a quote is astray or never closed: double a quote inside a field, and put the whole field in quotes",
            Refusal("a,b\n1,2\n1,\"2\n3,4\n"));
        Assert.Equal("csv 't.csv': line 3: a quote is astray or never closed: double a quote inside a field, and put the whole field in quotes",
            Refusal("a,b\n1,2\n1,5\"\n3,4\n"));
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_refused()
    {
        string path = _folder.Write("t.csv", [(byte)'a', (byte)'\n', 0xe9, (byte)'\n']);
        Assert.StartsWith("csv 't.csv': after line 0 stand bytes that are no UTF-8", Assert.Throws<InvalidDataException>(() =>
            Csv.Read(path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        string path = _folder.PathOf("none.csv");
        Assert.StartsWith($"csv: there is no file '{path}'", Assert.Throws<FileNotFoundException>(() => Csv.Read(path)).Message,
            StringComparison.Ordinal);
    }

    [RealDataFact("housing.csv")]
    public void Housing_is_read_with_its_gaps()
    {
        string path = RealData.PathOf("housing.csv");
        Assert.Equal("csv 'housing.csv': line 292, column 'total_bedrooms' is missing: complete it, or read with Missing.Mean or Missing.Drop",
            Assert.Throws<InvalidDataException>(() => Csv.Read(path)).Message);

        var table = Csv.Read(path, new() { Missing = Missing.Mean });
        Assert.Equal(20_640, table.Rows);
        Assert.Equal(10, table.Columns.Count);
        var x = table.Tensor(table.AllBut("median_house_value", "ocean_proximity"));
        Assert.Equal([20_640, 8], x.Shape.Span.ToArray());
        Assert.Equal([-122.23f, 37.88f, 41, 880, 129, 322, 126, 8.3252f], x.Read<float>()[..8].ToArray());
        Assert.Equal(537.87055, x[290, 4], 1e-4);

        var (ids, names) = table.Labels("ocean_proximity");
        Assert.Equal(["<1H OCEAN", "INLAND", "ISLAND", "NEAR BAY", "NEAR OCEAN"], names);
        int[] counts = new int[5];
        foreach (int id in ids.Span) counts[id]++;
        Assert.Equal([9136, 6551, 5, 2290, 2658], counts);
        Assert.Equal([20_640, 5], table.OneHot("ocean_proximity").Shape.Span.ToArray());

        Assert.Equal(20_433, Csv.Read(path, new() { Missing = Missing.Drop }).Rows);
    }

    [RealDataFact("iris.csv")]
    public void Iris_is_read_below_its_line_of_counts()
    {
        var table = Csv.Read(RealData.PathOf("iris.csv"), new() { Header = false, SkipLines = 1 });
        Assert.Equal(150, table.Rows);
        var (ids, names) = table.Labels("4");
        Assert.Equal(["0", "1", "2"], names);
        Assert.Equal(Enumerable.Range(0, 150).Select(row => row / 50), ids.Span.ToArray());
        Assert.Equal([5.1f, 3.5f, 1.4f, 0.2f], table.Tensor(table.AllBut("4")).Read<float>()[..4].ToArray());
    }

    [RealDataFact("breast_cancer.csv")]
    public void Breast_cancer_is_read_below_its_line_of_counts()
    {
        var table = Csv.Read(RealData.PathOf("breast_cancer.csv"), new() { Header = false, SkipLines = 1 });
        Assert.Equal((569, 31), (table.Rows, table.Columns.Count));
        Assert.Equal(357, table.Labels("30").Ids.Span.Count(1));
        Assert.Equal(17.99f, table.Tensor("0")[0, 0]);
    }

    [RealDataFact("optdigits.tes.csv")]
    public void Optdigits_is_read_without_a_header()
    {
        var table = Csv.Read(RealData.PathOf("optdigits.tes.csv"), new() { Header = false });
        Assert.Equal((1797, 65), (table.Rows, table.Columns.Count));
        Assert.Equal([1797, 64], table.Tensor(table.AllBut("64")).Shape.Span.ToArray());
        Assert.Equal(10, table.Labels("64").Names.Count);
    }
}
