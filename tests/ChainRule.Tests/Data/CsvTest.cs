using System.IO.Compression;
using System.Text;
using ChainRule.Data;

namespace ChainRule.Tests.Data;

public sealed class CsvTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    Table Read(string text, CsvOptions? options = null) => Csv.Read(_folder.Write("t.csv", text), options);

    string Refusal(string text, CsvOptions? options = null) =>
        Assert.Throws<InvalidDataException>(() => Read(text, options)).Message;

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
    [InlineData("a,b\r1,2\r3,4")]
    [InlineData("a,b\r\n1,2\n3,4\r")]
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
        var table = Read("a comment, \"unclosed\n2 rows\n1;2\n3;4\n",
            new() { Header = false, SkipLines = 2, Separator = ';' });
        Assert.Equal(["0", "1"], table.Columns);
        Assert.Equal([2, 4], table.Tensor("1").ToArray<float>());
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        string path = _folder.PathOf("none.csv");
        Assert.StartsWith($"csv: there is no file '{path}'",
            Assert.Throws<FileNotFoundException>(() => Csv.Read(path)).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Separated => new()
    {
        { "a;b\n6,9;1\n6,8;2\n", "table 't.csv' of 2 rows, separated by ';', decimal mark ',': a, b" },
        { "\"a\";\"b\"\n6.9;1\n6.8;2\n", "table 't.csv' of 2 rows, separated by ';': a, b" },
        { "a\tb\n6.9\t1\n6.8\t2\n", "table 't.csv' of 2 rows, separated by tabs: a, b" },
        { "a|b\n6.9|1\n6.8|2\n", "table 't.csv' of 2 rows, separated by '|': a, b" },
        { "  a   b\n 6.9 \t 1\n6.8     2  \n", "table 't.csv' of 2 rows, separated by spaces: a, b" },
        { "a,b\n\"6,9\",1\n\"6,8\",2\n", "table 't.csv' of 2 rows, decimal mark ',': a, b" },
        { "a,b\n6.9,1\n6.8,2\n", "table 't.csv' of 2 rows: a, b" },
    };

    [Theory]
    [MemberData(nameof(Separated))]
    public void Separator_and_decimal_mark_are_found_and_said(string text, string says)
    {
        var table = Read(text);
        Assert.Equal([6.9f, 1, 6.8f, 2], table.Tensor("a", "b").ToArray<float>());
        Assert.Equal(says, table.ToString());
        string path = _folder.Write("s.csv", text);
        Assert.Equal(table.Format with { MissingValues = [] },
            Csv.Sniff(path) with { MissingValues = [], Encoding = null });
        Assert.Equal([6.9f, 1, 6.8f, 2], Csv.Read(path, Csv.Sniff(path)).Tensor("a", "b").ToArray<float>());
    }

    [Fact]
    public void What_is_found_is_overruled_by_what_is_said()
    {
        Assert.Equal(["a;b"], Read("a;b\n1;2\n", new() { Separator = ',' }).Columns);
        Assert.Equal([69],
            Read("a;b\n6,9;1\n", new() { DecimalMark = '.' }).Texts("a").Select(text => int.Parse(text!.Remove(1, 1))));
        Assert.Equal("csv 't.csv': line 2, column 'a': '6,9' is no number with a decimal point: read the file with "
            + "DecimalMark = ',', or take the column by Labels or OneHot",
            Assert.Throws<InvalidDataException>(() => Read("a;b\n6,9;1\n", new() { DecimalMark = '.' }).Tensor("a"))
                .Message);
    }

    [Fact]
    public void Thousands_are_not_taken_for_decimals()
    {
        var table = Read("a;b\n1,234;x\n5,678;y\n");
        Assert.Equal("csv 't.csv': line 2, column 'a': '1,234' is no number: take out the mark of thousands, or read "
            + "the file with DecimalMark = ',' if it stands before decimals, or take the column by Labels or OneHot",
                Assert.Throws<InvalidDataException>(() => table.Tensor("a")).Message);
        Assert.Equal([1.234f, 5.678f],
            Read("a;b\n1,234;x\n5,678;y\n", new() { DecimalMark = ',' }).Tensor("a").ToArray<float>());
    }

    /// <summary>As iris.csv and breast_cancer.csv of scikit-learn begin.</summary>
    [Theory]
    [InlineData("3,2,one,two\n5.1,1.5,1.0,0\n4.9,2.5,2.0,1\n4.8,2.0,1.0,1\n", "3")]
    [InlineData("2,3,one\n1,2,3,0\n4,5,6,1\n", "2")]
    public void A_first_line_that_counts_the_rows_is_told_to_be_passed_over(string text, string count)
    {
        Assert.Equal($"csv 't.csv': line 1 should name the columns and holds '{count}', as a row does, but it is "
            + $"unlike "
            + "the rows below: if it says how many they are, read the file with SkipLines = 1 and Header = false; if "
            + "it "
            + "is a row, with Header = false; if it does name them, with Header = true", Refusal(text));
        Assert.Equal(text.Count(c => c == '\n') - 1, Read(text, new() { SkipLines = 1, Header = false }).Rows);
    }

    [Theory]
    [InlineData("5,1,1,2\n3,4,1,4\n", "holds '5', as a row does")]
    [InlineData("5.1,3.5,setosa\n4.9,3.0,virginica\n", "holds '5.1', as a row does")]
    [InlineData("unknown,1.5\n2,3\n", "holds '1.5', as a row does")]
    [InlineData("2024-01-31,a\n2024-02-01,b\n", "holds '2024-01-31', as a row does")]
    [InlineData("?,a\nx,b\n", "holds '?', as a row does")]
    [InlineData("p,x,s\ne,x,y\ne,b,s\n", "holds 'x', which stands in rows of that column too")]
    [InlineData("id,2019,2020\n1,2,3\n", "holds '2019', as a row does")]
    public void A_first_line_that_looks_like_a_row_is_not_swallowed(string text, string why)
    {
        Assert.Equal($"csv 't.csv': line 1 should name the columns and {why}: if it is a row, read the file with "
            + $"Header = false; if it does name them, with Header = true", Refusal(text));
        int lines = text.Count(c => c == '\n');
        Assert.Equal(lines, Read(text, new() { Header = false }).Rows);
        if (!text.StartsWith("5,1", StringComparison.Ordinal))
            Assert.Equal(lines - 1, Read(text, new() { Header = true }).Rows);
        string path = _folder.Write("s.csv", text);
        Assert.False(Csv.Sniff(path).Header);
        Assert.Equal(lines, Csv.Read(path, Csv.Sniff(path)).Rows);
    }

    [Fact]
    public void A_first_line_that_comes_again_far_below_is_not_swallowed_but_a_name_among_its_values_is_one()
    {
        string rows = string.Concat(Enumerable.Range(0, 5000)
            .Select(i => $"w{(char)('a' + i % 26)}{(char)('a' + i / 26 % 26)}x,v\n"));
        Assert.Equal("csv 't.csv': line 1 should name the columns and holds 'the', which stands in line 5002 of that "
            + "column too: if it is a row, read the file with Header = false; if it does name them, with Header = true",
                Refusal("the,of\n" + rows + "the,and\n"));
        Assert.Equal(3, Read("word,count\nthe,9\nword,3\nof,2\n").Rows);
    }

    [Fact]
    public void A_gzipped_file_is_read()
    {
        Assert.Equal([1, 2], Csv.Read(_folder.Write("t.csv.gz", Zip("a,b\n1,2\n"u8.ToArray()))).Tensor("a", "b")
            .ToArray<float>());
        byte[] large =
            Zip(Encoding.UTF8.GetBytes("a,b\n"
                + string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i},{i * i}\n"))));
        Assert.Equal(50_000, Csv.Read(_folder.Write("large", large)).Rows);
        Assert.Equal("csv 'cut': the gzip around it is damaged: fetch the file again",
            Assert.Throws<InvalidDataException>(
                () => Csv.Read(_folder.Write("cut",
                    [.. large.AsSpan(0, 40).ToArray().Select((b, i) => i > 9 ? (byte)0xff : b)]))).Message);
        foreach (int length in (int[])[20, 1000, large.Length / 2, large.Length - 9])
            Assert.Equal("csv 'cut': the gzip around it is damaged: fetch the file "
                + "again", Assert.Throws<InvalidDataException>(() => Csv.Read(_folder.Write("cut", large[..length])))
                    .Message);
        Assert.Equal("csv 'large': it goes on after 1,000 bytes, the most that is read: give a greater MaxBytes",
            Assert.Throws<InvalidDataException>(() => Csv.Read(_folder.PathOf("large"), new() { MaxBytes = 1000 }))
                .Message);
    }

    [Fact]
    public void Encodings_are_found_by_their_marks_and_zeros_and_an_eight_bit_one_is_named()
    {
        const string Text = "name,n\nZoë,1\nŁucja,2\n";
        foreach (var encoding in (Encoding[])[Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode,
            Encoding.UTF32])
        {
            Assert.Equal(["Zoë", "Łucja"],
                Csv.Read(_folder.Write("t.csv", [.. encoding.Preamble, .. encoding.GetBytes(Text)])).Texts("name")
                    .OfType<string>());
            if (encoding is not UTF32Encoding)
                Assert.Equal(["Zoë", "Łucja"],
                    Csv.Read(_folder.Write("t.csv", encoding.GetBytes(Text))).Texts("name").OfType<string>());
        }
        string path = _folder.Write("t.csv", Encoding.Latin1.GetBytes("name,n\nZoë,1\n"));
        Assert.Equal("csv 't.csv': line 2 holds bytes that are no UTF-8 (in Windows-1252 they read 'Zoë,1'): save the "
            + "file as UTF-8, such as with iconv -f WINDOWS-1252 -t UTF-8, or give its encoding, such as Encoding = "
            + "Encoding.Latin1", Assert.Throws<InvalidDataException>(() => Csv.Read(path)).Message);
        Assert.Equal(["Zoë"], Csv.Read(path, new() { Encoding = Encoding.Latin1 }).Texts("name").OfType<string>());
        Assert.Equal(["Zoë"], Csv.Read(path, Csv.Sniff(path)).Texts("name").OfType<string>());
    }

    [Fact]
    public void Bytes_far_below_that_are_no_utf8_are_refused_with_their_line()
    {
        byte[] text =
            [.. Encoding.UTF8.GetBytes("a,b\n" + string.Concat(Enumerable.Range(0, 20_000).Select(_ => "11,22\n"))),
                0xe9, (byte)'\n'];
        Assert.Matches(@"^csv 't\.csv': after line \d+ stand bytes that are no UTF-8: save the file as UTF-8, or give "
            + @"its encoding",
            Assert.Throws<InvalidDataException>(() => Csv.Read(_folder.Write("t.csv", text))).Message);
    }

    [Fact]
    public void What_is_no_table_is_told_by_its_bytes()
    {
        Assert.Equal("csv 't.csv': the file is an HTML page, as a browser saves one in place of the data: download the "
            + "file itself (on GitHub: Raw)", Refusal("<!DOCTYPE html>\n<html>"));
        Assert.Equal("csv 't.csv': the file is a PDF document: save its table or text as plain text",
            Refusal("%PDF-1.4\n"));
        Assert.StartsWith("csv 't.csv': the file is a zip archive, as Excel workbooks (.xlsx)",
            Refusal("PK\u0003\u0004abc"), StringComparison.Ordinal);
        Assert.StartsWith("csv 't.csv': the file is a pointer that Git LFS left",
            Refusal("version https://git-lfs.github.com/spec/v1\n"), StringComparison.Ordinal);
        Assert.Equal("csv 't.csv': byte 3 of the file is 0, which no text holds: it is binary data: give a text file",
            Refusal("a,b\0\n1,2\n3,4\n5,6\n7,8\n"));
    }

    [Fact]
    public void A_message_is_one_line_whatever_the_file_holds()
    {
        string message = Refusal($"\u001b[31m{new string('x', 5000)},b\n1,2,3\n4\n\u202e\n");
        Assert.True(message.Length < 600 && !message.Any(char.IsControl), message);
        var table = Read($"\u001b[31m{new string('x', 5000)},b\n\u009bz,3\n");
        foreach (string says in (string[])[
            Assert.Throws<InvalidDataException>(() => table.Tensor(table.Columns[0])).Message,
            Assert.ThrowsAny<ArgumentException>(() => table.Tensor(new string('\n', 5000))).Message,
            Assert.Throws<InvalidDataException>(
                () => table.Labels(table.Columns[0],
                    ["\u001b", .. Enumerable.Range(0, 500).Select(i => $"{i}{new string('y', 500)}")])).Message,
            table.ToString()])
            Assert.True(says.Length < 600 && !says.Any(c => char.IsControl(c) || c == '\u202e'), says);
    }

    [Fact]
    public void A_first_line_for_spreadsheets_is_followed() =>
        Assert.Equal([1, 2], Read("sep=;\r\na;b\r\n1;2\r\n").Tensor("a", "b").ToArray<float>());

    [Fact]
    public void A_cause_that_can_be_seen_is_said()
    {
        Assert.Equal("csv 't.csv': line 3 repeats line 1: take it out if it is the header again; if line 1 is a row, "
            + "read the file with Header = false",
            Refusal("a,b\n1,2\na,b\n"));
        Assert.StartsWith("csv 't.csv': the file is JSON: ", Refusal("[{\"a\": 1}]\n"), StringComparison.Ordinal);
        Assert.StartsWith("csv 't.csv': the file is JSON: ", Refusal("{\"a\": [1,2]}\n"), StringComparison.Ordinal);
        Assert.StartsWith("csv 't.csv': the file is an ARFF file: ",
            Refusal("@relation x\n@attribute a numeric\n@data\n1,2\n"), StringComparison.Ordinal);
        Assert.Equal("csv 't.csv': line 3 has 2 fields, and 1 is expected: if what stands above is no part of the "
            + "table, pass over it with SkipLines; if a comma stands before decimals, read with Separator = ';'; else "
            + "correct the line, or check the separator ','", Refusal("# from a machine\n# of last year\na,b\n1,2\n"));
        Assert.Equal([1.5f, 2.5f], Read("a\n1,5\n2,5\n", new() { Separator = ';' }).Tensor("a").ToArray<float>());
        foreach (string written in (string[])["1.234,5", "12%", "€5", "1 234", "5'000"])
        {
            Assert.Equal($"csv 't.csv': line 2, column 'a': '{written}' is no number: take out marks of thousands, "
                + "units and signs of money, or take the column by Labels or OneHot",
                Assert.Throws<InvalidDataException>(() => Read($"a;b\n{written};1\n").Tensor("a")).Message);
        }
    }

    [Fact]
    public void Marks_of_thousands_beside_decimal_commas_are_no_decimals()
    {
        Assert.Equal([2.5f, 3.5f], Read("price;vat\n1.000;2,5\n2.500;3,5\n").Tensor("vat").ToArray<float>());
        Assert.Equal("csv 't.csv': line 2, column 'price': '1.000' is no number: take out the mark of thousands, or "
            + "read the file with DecimalMark = '.' if it stands before decimals, or take the column by Labels or "
            + "OneHot",
            Assert.Throws<InvalidDataException>(() => Read("price;vat\n1.000;2,5\n2.500;3,5\n").Tensor("price"))
                .Message);
        Assert.Equal([1.125f, 2.5f], Read("a,b\n1.125,x\n2.500,y\n").Tensor("a").ToArray<float>());
    }

    [Fact]
    public async Task A_pipe_is_read_to_its_end()
    {
        if (!OperatingSystem.IsLinux()) return;
        string path = _folder.PathOf("pipe");
        using (var made = System.Diagnostics.Process.Start("mkfifo", [path])) await made.WaitForExitAsync();
        var writing = Task.Run(() => File.WriteAllText(path, "a,b\n1,2\n"));
        var table = await Task.Run(() => Csv.Read(path));
        await writing;
        Assert.Equal(2, table.Tensor("b").Item());
    }

    [Fact]
    public void A_malformed_file_says_where()
    {
        Assert.Equal("csv 't.csv': the file is empty: there is no line to read", Refusal(""));
        Assert.Equal("csv 't.csv': the file is empty: there is no line to read", Refusal("\n\n"));
        Assert.Equal("csv 't.csv': the file holds a header and no rows: if its first line is a row, read it with "
            + "Header = false", Refusal("a,b\n"));
        Assert.Equal("csv 't.csv': line 4 has 3 fields, and 2 are expected: correct the line, or check the separator "
            + "','", Refusal("a,b\n1,2\n\n1,2,3\n"));
        Assert.Equal("csv 't.csv': line 4 has 1 field, and 2 are expected: correct the line, or check the separator "
            + "','", Refusal("counts\na,b\n1,2\n1\n", new() { SkipLines = 1 }));
        Assert.Equal("csv 't.csv': line 5 has 1 field, and 2 are expected: correct the line, or check the separator "
            + "','", Refusal("a,b\n1,\"x\ny\"\n2,z\n1\n"));
        Assert.Equal("csv 't.csv': line 2 has 3 fields, and 2 are expected: if rows begin with names or numbers of "
            + "their own, name that column in the header; else correct the line, "
            + "or check the separator ','", Refusal("a,b\nx,1,2\ny,3,4\nz,5\n"));
        Assert.Equal("csv 't.csv': the header names columns 0 and 2 both 'a': rename one of them, or read a file whose "
            + "first line is a row with Header = false", Refusal("a,b,a\n1,2,3\n"));
        Assert.Equal("csv 't.csv': it has 2 lines, and 3 are to be skipped: skip fewer",
            Refusal("a,b\n1,2\n", new() { SkipLines = 3 }));
        Assert.Equal("csv 't.csv': line 3: a quote is never closed: close it, or double it if it is part of the text",
            Refusal("a,b\n1,2\n1,\"2\n3,4\n"));
        Assert.Equal("csv 't.csv': line 3: a quote stands inside an unquoted field: put the whole field in quotes, and "
            + "double the quote inside", Refusal("a,b\n1,2\n1,5\"\n3,4\n"));
        Assert.Equal("csv 't.csv': line 2: text follows a closed quote: double the quotes inside a field, and put the "
            + "whole field in quotes", Refusal("a,b\n\"x\"y,2\n"));
    }

    [RealDataFact("housing.csv")]
    public void Housing_is_read_with_its_gaps()
    {
        var table = Csv.Read(RealData.PathOf("housing.csv"));
        Assert.Equal(20_640, table.Rows);
        Assert.Equal(10, table.Columns.Count);
        string[] numbers = table.ColumnsExcept("median_house_value", "ocean_proximity");
        Assert.Equal("csv 'housing.csv': line 292, column 'total_bedrooms' is missing: complete it, take the mean of "
            + "the others with Missing.Mean, or leave such rows out with Select(…).DropMissing()",
                Assert.Throws<InvalidDataException>(() => table.Tensor(numbers)).Message);
        var x = table.Tensor(numbers, Missing.Mean);
        Assert.Equal([20_640, 8], x.Shape.Span.ToArray());
        Assert.Equal([-122.23f, 37.88f, 41, 880, 129, 322, 126, 8.3252f], x.Read<float>()[..8].ToArray());
        Assert.Equal(537.87055, x[290, 4], 1e-4);

        var (ids, names) = table.Labels("ocean_proximity");
        Assert.Equal(["<1H OCEAN", "INLAND", "ISLAND", "NEAR BAY", "NEAR OCEAN"], names);
        int[] counts = new int[5];
        foreach (int id in ids.Span) counts[id]++;
        Assert.Equal([9136, 6551, 5, 2290, 2658], counts);
        Assert.Equal([20_640, 5], table.OneHot("ocean_proximity").Shape.Span.ToArray());
        Assert.Equal(20_433, table.DropMissing().Rows);
        Assert.Equal(20_433, Csv.Read(RealData.PathOf("housing.csv"), new() { Missing = Missing.Drop }).Rows);
    }

    static byte[] Zip(byte[] bytes)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest)) gzip.Write(bytes);
        return zipped.ToArray();
    }

    [RealDataFact("iris.csv")]
    public void Iris_is_read_below_its_line_of_counts()
    {
        var table = Csv.Read(RealData.PathOf("iris.csv"), new() { Header = false, SkipLines = 1 });
        Assert.Equal(150, table.Rows);
        var (ids, names) = table.Labels("4");
        Assert.Equal(["0", "1", "2"], names);
        Assert.Equal(Enumerable.Range(0, 150).Select(row => row / 50), ids.Span.ToArray());
        Assert.Equal([5.1f, 3.5f, 1.4f, 0.2f], table.Tensor(table.ColumnsExcept("4")).Read<float>()[..4].ToArray());
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
        Assert.Equal([1797, 64], table.Tensor(table.ColumnsExcept("64")).Shape.Span.ToArray());
        Assert.Equal(10, table.Labels("64").Names.Count);
    }
}
