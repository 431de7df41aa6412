using System.Text;
using ChainRule.Tests;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tables;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tests.Tables;

/// <summary>
/// Files as they come, the whole way to a trained model: each ends in an answer that is written down here, or in one
/// sentence that says where and what to do.
/// </summary>
public sealed class BadTableTest : IDisposable
{
    const string Header = "size,city,sold,garden,price";

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    static string[] Row(int i) =>
    [
        $"{40 + i * 37 % 90}", i % 3 == 0 ? "Oslo" : "Bergen", $"2024-{i % 12 + 1:00}-{i % 28 + 1:00}",
        i % 2 == 0 ? "yes" : "no", $"{1000 + i * 37 % 90 * 11 + i % 7 * 30}",
    ];

    static string Table(int rows = 60, string separator = ",", string end = "\n", string header = Header,
        Func<int, string[], string[]>? change = null) =>
        string.Concat(new[] { header.Replace(",", separator, StringComparison.Ordinal) + end }
            .Concat(Enumerable.Range(0, rows).Select(i => string.Join(separator, change?.Invoke(i, Row(i)) ?? Row(i))
                + end)));

    // A field of every row, or of the one in line 7.
    static Func<int, string[], string[]> Each(int column, Func<int, string, string> field) => (i, row) =>
        [.. row.Select((one, c) => c == column ? field(i, one) : one)];

    static Func<int, string[], string[]> Line7(int column, string field) =>
        Each(column, (i, one) => i == 5 ? field : one);

    static readonly (string Name, string Text, string Expected)[] s_cases =
    [
        ("empty", "", "fit: f.csv is empty: give a CSV file with a header"),
        ("blank lines", "\n\n  \n", "csv 'f.csv': the file is empty: there is no line to read"),
        ("header only", Table(0), "csv 'f.csv': the file holds a header and no rows: if its first line is a row, read "
            + "it with Header = false"),
        ("one row", Table(1), "csv 'f.csv': 1 row has the target 'price': give 10 or more, to learn from some and test "
            + "with others"),
        ("a short row", Table(change: (i, row) => i == 7 ? row[..4] : row),
            "csv 'f.csv': line 9 has 4 fields, and 5 are expected: correct the line, or check the separator ','"),
        ("a long row", Table(change: (i, row) => i == 7 ? [.. row, "x"] : row),
            "csv 'f.csv': line 9 has 6 fields, and 5 are expected: correct the line, or check the separator ','"),
        ("duplicate headers", Table(header: "size,city,sold,size,price"), "csv 'f.csv': the header names columns 0 and "
            + "3 both 'size': rename one of them, or read a file whose first line is a row with Header = false"),
        ("no header", Table(header: "1,Oslo,2024-01-01,yes,5"), "csv 'f.csv': line 1 should name the columns and holds "
            + "'1', as a row does: if it is a row, read the file with Header = false; if it does name them, with "
            + "Header = true"),
        ("another target", Table(header: "size,city,sold,garden,prices"), "fit: target 'price': the table has no such "
            + "column: did you mean 'prices'? There are size, city, sold, garden, prices"),
        ("byte order mark", "\uFEFF" + Table(), ""),
        ("CRLF", Table(end: "\r\n"), ""),
        ("CR", Table(end: "\r"), ""),
        ("semicolons", Table(separator: ";"), ""),
        ("tabs", Table(separator: "\t"), ""),
        ("decimal commas", Table(separator: ";", change: Each(0, (_, one) => one + ",5")), "size number"),
        ("decimal commas in quotes", Table(change: Each(0, (_, one) => $"\"{one},5\"")), "size number"),
        ("marks of thousands", Table(separator: ";", change: Each(4, (_, one) => $"{one[..1]}.{one[1..]}")),
            "csv 'f.csv': line 2, column 'price': '1.000' may have decimals or a mark of thousands"),
        ("marks of thousands in quotes", Table(change: Each(4, (_, one) => $"\"{one[..1]},{one[1..]}\"")),
            "csv 'f.csv': line 2, column 'price': '1,000' seems to be a number with a mark of thousands: read the file "
                + "with ThousandsMark = \",\" or with its culture, such as en or de, or say that the column is a "
                + "category"),
        ("quoted line breaks", Table(change: Each(1, (i, one) => i % 3 == 0 ? "\"Os\nlo\"" : one)), "city category"),
        ("an open quote", Table(change: Line7(1, "\"Oslo")),
            "csv 'f.csv': line 7: a quote is never closed: close it, or double it if it is part of the text"),
        ("text after a quote", Table(change: Line7(1, "\"Oslo\"x")), "csv 'f.csv': line 7: text follows a closed "
            + "quote: double the quotes inside a field, and put the whole field in quotes"),
        ("10,000 categories", Table(12_000, change: Each(1, (i, _) => $"town {i % 10_000}")), "city category"),
        ("10,000 classes", Table(12_000, change: Each(4, (i, _) => $"class {i % 10_000}")), "fit: the target 'price' "
            + "has 10,000 classes in 12,000 rows: give one of at most 1,000 classes, each of several rows, or of "
            + "numbers"),
        ("a constant target", Table(change: Each(4, (_, _) => "7")), "csv 'f.csv': the target 'price' is the same in "
            + "every row, and there is nothing to predict: choose another column"),
        ("a class of one row", Table(change: Each(4, (i, _) => i == 11 ? "rare" : i % 2 == 0 ? "a" : "b")),
            "price category"),
        ("a class in each row", Table(change: Each(4, (i, _) => $"name {i}")), "csv 'f.csv': the target 'price' has a "
            + "text of its own in each row, and classes cannot be learned from one row each: choose another column"),
        ("NaN is missing", Table(change: Line7(0, "NaN")), "size number 1"),
        ("infinity", Table(change: Line7(0, "inf")), "csv 'f.csv': line 7, column 'size': 'inf' is no finite number, "
            + "and 59 of 60 rows hold numbers: correct it, name it among MissingValues, or say that the column is a "
            + "category"),
        ("an infinite target", Table(change: Line7(4, "-Infinity")), "csv 'f.csv': line 7, column 'price': "
            + "'-Infinity' is no finite number, and 59 of 60 rows hold numbers: correct it, name it among "
            + "MissingValues, or say that the column is a category"),
        ("beyond double", Table(change: Line7(0, "1e400")), "csv 'f.csv': line 7, column 'size': '1e400' is no number"),
        ("beyond float32", Table(change: Line7(0, "1e39")), "csv 'f.csv': line 7, column 'size': 1E+39 passes what "
            + "float32 holds: correct it, name it among MissingValues, or give the column a larger unit"),
        ("a target beyond float32", Table(change: Line7(4, "-1e300")), "csv 'f.csv': line 7, column 'price': -1E+300 "
            + "passes what float32 holds: correct it, name it among MissingValues, or give the column a larger unit"),
        ("targets missing", Table(change: Each(4, (i, one) => i % 10 == 5 ? "" : one)), "rows 54"),
        ("no target at all", Table(change: Each(4, (_, _) => "")), "csv 'f.csv': 0 rows have the target 'price': give "
            + "10 or more, to learn from some and test with others"),
        ("an empty column", Table(change: Each(0, (_, _) => "")), "size constant 60"),
        ("dates in three formats", Table(change: Each(2, (i, one) => (i % 3) switch
            { 0 => one, 1 => $"{i % 28 + 1}.{i % 12 + 1}.2024", _ => $"{i % 28 + 1} March 2024" })), "sold date"),
        ("day or month", Table(change: Each(2, (i, _) => $"{i % 12 + 1}/{i % 11 + 1}/2024")), "csv 'f.csv': column "
            + "'sold': '1/1/2024' may have the day first or the month, and no row tells: read the file with DayFirst = "
            + "true or false, or leave the column out"),
        ("day and month", Table(change: Each(2, (i, _) => i % 2 == 0 ? "13/1/2024" : "1/13/2024")), "csv 'f.csv': "
            + "column 'sold': '13/1/2024' has the day first and '1/13/2024' the month: write all dates in one way, "
            + "such as 2024-03-31"),
        ("a day that is none", Table(change: Line7(2, "2024-02-31")), "csv 'f.csv': line 7, column 'sold': "
            + "'2024-02-31' is no date, and 59 of 60 rows hold dates: correct it, name it among MissingValues, or say "
            + "that the column is a category"),
        ("a word among numbers", Table(change: Line7(0, "about 60")), "csv 'f.csv': line 7, column 'size': 'about 60' "
            + "is no number, and 59 of 60 rows hold numbers: correct it, name it among MissingValues, or say that the "
            + "column is a category"),
        ("no inputs", string.Concat(Table().Split('\n').Select(line => line.Split(',')[^1] + "\n")),
            "csv 'f.csv': no column is left to learn from beside the target 'price': there are no others: give a table "
                + "with others"),
        ("JSON", "[{\"price\": 1}]", "csv 'f.csv': the file is JSON"),
        ("a zero byte", Table(change: Line7(1, "a\0b")), "which no text holds: it is binary data"),
        ("a very long field", Table(change: Line7(1, new string('x', 1_000_000))), "city category"),
    ];

    public static TheoryData<string> Names { get; } = [.. s_cases.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_file_ends_in_an_answer_or_in_one_sentence(string name)
    {
        var (_, text, expected) = s_cases.Single(one => one.Name == name);
        string said = Fitted(Encoding.UTF8.GetBytes(text));
        Assert.Contains(expected, said, StringComparison.Ordinal);
        Assert.Equal(expected.Contains(": ", StringComparison.Ordinal), said.StartsWith("refused ",
            StringComparison.Ordinal));
    }

    [Fact]
    public void Another_encoding_is_told_from_damage()
    {
        string text = Table(change: Each(1, (i, _) => i % 2 == 0 ? "Tromsø" : "Bodø"));
        Assert.Contains("line 2 holds bytes that are no UTF-8 (in Windows-1252 they read '40,Tromsø",
            Fitted(Encoding.Latin1.GetBytes(text)), StringComparison.Ordinal);
        Assert.Contains("city category", Fitted([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(text)]),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_culture_reads_marks_of_thousands()
    {
        string text = Table(separator: ";", change: Each(4, (_, one) => $"{one[..1]}.{one[1..]},50"));
        Assert.Contains("price number", Fitted(Encoding.UTF8.GetBytes(text), new(Target: "price", Culture: "de")),
            StringComparison.Ordinal);
    }

    // What became of a file: a sentence, or its rows, and each column with its kind and how many fields are missing.
    string Fitted(byte[] bytes, TableOptions? options = null)
    {
        string path = _folder.Write("f.csv", bytes);
        try
        {
            var report = TableFit.Run(_folder.PathOf("run"), RunConfig.For(TaskKind.Table, "linear") with
            {
                Data = path, Options = options ?? new(Target: "price"),
            });
            Assert.NotEmpty(report.Verdict);
            return $"fitted rows {report.Rows}, " + string.Join(", ", report.Columns.Select(column =>
                $"{column.Name} {column.Kind} {column.Missing}"));
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException)
        {
            Assert.InRange(e.Message.Length, 20, 599);
            Assert.DoesNotContain('\n', e.Message);
            return $"refused {e.Message}";
        }
    }
}
