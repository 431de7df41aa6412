using ChainRule.Data;
using ChainRule.Tests;
using ChainRule.Zoo.Tables;

namespace ChainRule.Zoo.Tests.Tables;

public sealed class TableSourceTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    string Written(params IEnumerable<string> lines)
    {
        string path = _folder.PathOf("t.csv");
        File.WriteAllLines(path, lines);
        return path;
    }

    TableSource Read(TableOptions options, params IEnumerable<string> lines) =>
        TableSource.Open(Written(lines), options);

    static IEnumerable<string> Rows(Func<int, string> row, int count = 40) => Enumerable.Range(0, count).Select(row);

    [Theory]
    [InlineData("--drawn moons does not go with", "give one of them", TableDrawing.Moons)]
    [InlineData("--rows is of a table that is drawn, and does not go with", "leave it out", TableDrawing.Houses)]
    public void What_is_of_drawn_tables_is_refused_beside_a_file(string says, string end, TableDrawing drawn)
    {
        string message = Assert.Throws<ArgumentException>(() => Read(new TableOptions(Target: "a", Drawn: drawn,
            Rows: 50), "a,b", "1,2")).Message;
        Assert.Equal($"fit: {says} {_folder.PathOf("t.csv")}: {end}", message);
    }

    [Fact]
    public void A_name_with_a_comma_is_one_column_and_two_names_are_two()
    {
        string[] columns = ["price, USD", "a", "b"];
        string?[] asked = [TableOptions.ListOf("price, USD"), TableOptions.ListOf("a,b"), "a,b", "\"price, USD\",a"];
        string[][] expected = [["price, USD"], ["a", "b"], ["a", "b"], ["price, USD", "a"]];
        foreach (var (ignore, names) in asked.Zip(expected))
            Assert.Equal(names, TableOptions.NamesOf(new TableOptions(Ignore: ignore).For(columns).Ignore));
    }

    [Fact]
    public void A_target_of_yes_and_no_in_any_case_has_two_classes()
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("t.csv");
        string[] words = ["Yes", "no", "yes", "No"];
        File.WriteAllLines(path, ["x,y,z", .. Enumerable.Range(0, 80).Select(i =>
            $"{i * 7 % 31}.5,{words[i % 4]},{i % 8}")]);
        var source = TableSource.Open(path, new TableOptions(Target: "y"));
        Assert.Equal(["No", "Yes"], source.Classes);
        Assert.Equal([1, 0, 1, 0], source.Labels[..4]);
        Assert.Equal("8 whole numbers, each of many rows; --task regression takes them as numbers",
            TableSource.Open(path, new TableOptions(Target: "z")).TaskReason);
    }

    [Fact]
    public void What_cannot_be_learned_from_is_one_sentence_each()
    {
        const string Header = "size,town,price";
        string[] rows = [Header, .. Rows(i => $"{i * 7 % 23},t{i % 4},{i * 31 % 97}")];
        void Refused(string message, TableOptions options, params IEnumerable<string> lines) =>
            Assert.Equal(message, Assert.ThrowsAny<Exception>(() => Read(options, [.. lines]).Split()).Message);

        Refused("fit: which column of t.csv is to be predicted? Name it by --target: there are size, town, price",
            new(), rows);
        Refused("fit: target 'prise': the table has no such column: did you mean 'price'? There are size, town, price",
            new("prise"), rows);
        Refused("fit: ignore 'x': the table has no such column: there are size, town, price",
            new("price", Ignore: "town,x"), rows);
        Refused("fit: time order 'when': the table has no such column: there are size, town, price",
            new("price", TimeOrder: "when"), rows);
        Refused("fit: the target 'price' cannot be ignored, a group or the order in time as well: name another column "
            + "there", new("price", Group: "price"), rows);
        Refused("csv 't.csv': 1 row has the target 'price': give 10 or more, to learn from some and test with others",
            new("price"), Header, "1,2,3");
        Refused("csv 't.csv': no column is left to learn from beside the target 'price': 'size' is left out, as "
            + "--ignore asks; 'town' is left out, as --group asks: give a table with others",
            new("price", Ignore: "size", Group: "town"), rows);
        Refused("csv 't.csv': no column is left to learn from beside the target 'price': 'month' is left out, it "
            + "numbers the rows: --numbers keeps it; 'name' is left out, a text of its own in each row: --categories "
            + "keeps it; 'land' is left out, the same in every row: give a table with others", new("price"),
            ["month,name,land,price", .. Rows(i => $"{i},n{i},no,{i * 31 % 97}")]);
        Refused("fit: of 15 rows 1 is left to train with, beside 2 to validate and 12 to test with: give 5 or more to "
            + "train with, by more rows, or by a smaller --test or --validation", new("price", Test: 0.8),
            [Header, .. Rows(i => $"{i * 7 % 23},t{i % 4},{i * 31 % 97}", 15)]);
        Refused("csv 't.csv': the target 'price' is the same in every row, and there is nothing to predict: choose "
            + "another column", new("price"), [Header, .. Rows(i => $"{i},t{i % 3},5")]);
        Refused("fit: the target 'price' has 2,000 classes in 4,000 rows: give one of at most 1,000 classes, each of "
            + "several rows, or of numbers", new("price"), [Header, .. Rows(i => $"{i % 77},t{i % 3},w{i % 2000}",
                4000)]);
        Refused("csv 't.csv': the file is empty: there is no line to read", new("price"), "");
        Refused("csv 't.csv': the file holds a header and no rows: if its first line is a row, read it with Header = "
            + "false", new("price"), Header);
    }

    [Fact]
    public void What_seems_to_number_the_rows_can_be_kept()
    {
        string[] rows = ["month,zip,name,y", .. Rows(i => $"{i},{i * 7 % 40},n{i},{i * 31 % 97}")];
        Assert.Throws<InvalidDataException>(() => Read(new("y"), rows));
        Assert.Equal(["month", "zip"], Read(new("y", Numbers: "month,zip"), rows).Inputs);
        Assert.Equal(["month", "name"], Read(new("y", Numbers: "month", Categories: "name"), rows).Inputs);
        var data = TableData.Open(Written(rows), new("y", Numbers: "month"));
        Assert.Equal(["left out: it numbers the rows: --numbers keeps it",
            "left out: a text of its own in each row: --categories keeps it"],
            TableColumns.Of(data).Where(column => column.Use == "left out")
                .Select(column => $"{column.Use}: {column.Reason}"));
        Assert.Equal("fit: column 'zip' is named among numbers and among categories: name it in one of them",
            Assert.Throws<ArgumentException>(() =>
                new TableOptions("y", Numbers: "month,zip", Categories: "zip").Check("fit")).Message);
    }

    [Theory]
    [InlineData("who", null)]
    [InlineData(null, "who")]
    public void Columns_of_groups_and_of_time_are_no_suspects(string? group, string? time)
    {
        string[] rows = ["a,who,y", .. Rows(i => $"{i * 7 % 23},{i / 4},{i / 4 * 3}.5", 200)];
        Assert.Equal(["who"], Read(new("y"), rows).Profile.Leaks.Keys);
        Assert.Empty(Read(new("y", Group: group, TimeOrder: time), rows).Profile.Leaks);
    }

    [Fact]
    public void Names_of_groups_are_no_numbers()
    {
        string[] rows = ["a,who,y", .. Rows(i => $"{i * 7 % 23},{(i < 4 ? "A1" : $"{i / 2}")},{i * 31 % 97}", 200)];
        Assert.Throws<InvalidDataException>(() => Read(new("y"), rows));
        Assert.Equal(["a"], Read(new("y", Group: "who"), rows).Inputs);
    }

    [Fact]
    public void Words_for_missing_values_a_separator_and_an_encoding_can_be_said()
    {
        string[] rows = ["a|b|y", .. Rows(i => (i % 5 == 0 ? "-999" : $"{i}.5") + "|"
            + (i % 9 == 0 ? "none" : $"{i % 4}") + "|"
            + $"{i * 31 % 97}")];
        var read = Read(new("y", Missing: "-999,none", Separator: "|"), rows);
        Assert.Equal([8, 5, 0], read.Profile.Columns.Select(column => column.Missing));
        string path = _folder.Write("latin.csv", System.Text.Encoding.Latin1.GetBytes("sted,y\n"
            + string.Concat(Rows(i => $"{(i % 2 == 0 ? "Tromsø" : "Bodø")},{i * 31 % 97}\n"))));
        Assert.Throws<InvalidDataException>(() => TableSource.Open(path, new("y")));
        Assert.Equal(["Tromsø", "Bodø"],
            TableSource.Open(path, new("y", Encoding: "windows-1252")).Profile.Columns[0].Examples);
        Assert.Equal("encoding utf-9: there is none of that name: give one such as utf-8, utf-16, windows-1252, "
            + "iso-8859-2, shift_jis or gb18030", Assert.ThrowsAny<ArgumentException>(() =>
                new TableOptions(Encoding: "utf-9").Check("fit")).Message);
        Assert.Equal("separator ab: give one character that stands in no field, such as , or ; or |, or tab or space",
            Assert.ThrowsAny<ArgumentException>(() => new TableOptions(Separator: "ab").Check("fit")).Message);
    }

    [Fact]
    public void Test_rows_that_are_learned_from_too_are_counted()
    {
        // 40 rows, of which the last 20 are the first again.
        string[] rows = ["a,town,y", .. Rows(i => $"{i % 20 * 7},t{i % 3 % 2},{i % 20 * 31 % 97}")];
        var data = TableData.Open(Written(rows), new("y"));
        string?[] a = data.Table.All.Texts("a");
        int both = data.Rows.Test.Count(row => data.Rows.Train.Any(other => a[other] == a[row] && other % 20 == row % 20
            && other % 3 % 2 == row % 3 % 2));
        Assert.InRange(both, 1, 8);
        Assert.Contains(data.Warnings, warning => warning.Contains($"and {both} of 8 test rows stand among the "
            + $"training rows too, so that the test may be too easy: take out what was entered twice, or keep rows "
            + "that belong together in one part by --group", StringComparison.Ordinal));
        Assert.Empty(TableData.Open(Written(rows), new("y", Group: "a")).Warnings);
        Assert.Empty(TableData.Open(Written(["a,y", .. Rows(i => $"{i * 7},{i * 31 % 97}")]), new("y")).Warnings);
    }

    [Fact]
    public void The_task_is_found_and_may_be_said()
    {
        string[] rows = ["a,y", .. Rows(i => $"{i * 7 % 23},{i % 3}")];
        var found = Read(new("y"), rows);
        Assert.Equal((TableTask.Classification, "3 whole numbers, each of many rows; --task regression takes "
            + "them as numbers"), (found.Task, found.TaskReason));
        Assert.Equal(["0", "1", "2"], found.Classes);
        var said = Read(new("y", TableTask.Regression), rows);
        Assert.Equal((TableTask.Regression, "as it was asked for"), (said.Task, said.TaskReason));
        Assert.Equal([0, 1, 2], said.Values.Take(3));
    }

    [Fact]
    public void Rows_without_the_target_are_left_out_and_counted_and_lines_are_the_files()
    {
        var read = Read(new("y"), ["a,y", .. Rows(i => $"{i * 7 % 23},{(i == 2 ? "" : $"{i * 3}.5")}")]);
        Assert.Equal((1, 39), (read.RowsWithoutTarget, read.Table.Rows));
        Assert.Equal([1, 2, 4], read.Lines.Take(3));
    }

    [Fact]
    public void Groups_stay_together_and_nothing_is_learned_from_them()
    {
        string[] rows = ["a,who,y", .. Rows(i => $"{i * 7 % 23},p{i / 4},{i * 31 % 97}", 200)];
        var read = Read(new("y", Group: "who"), rows);
        Assert.Equal(["a"], read.Inputs);
        var split = read.Split();
        string?[] who = read.All.Texts("who");
        string[] Of(int[] part) => [.. part.Select(row => who[row]!).Distinct()];
        Assert.Empty(Of(split.Train).Intersect(Of(split.Test)));
        Assert.Empty(Of(split.Validation).Intersect(Of(split.Test)));
        Assert.Equal(200, split.Train.Length + split.Validation.Length + split.Test.Length);
    }

    [Theory]
    [InlineData("2024-01-")]
    [InlineData("")]
    public void The_latest_rows_are_tested_with(string prefix)
    {
        string[] rows = ["a,when,y", .. Rows(i => $"{i * 7 % 23},{prefix}{(i * 11 % 28) + 1:00},{i * 31 % 97}", 200)];
        var read = Read(new("y", TimeOrder: "when"), rows);
        var split = read.Split();
        string?[] when = read.All.Texts("when");
        Assert.True(string.CompareOrdinal(split.Train.Max(row => when[row]), split.Test.Min(row => when[row])) < 0);
        Assert.True(string.CompareOrdinal(split.Train.Max(row => when[row]),
            split.Validation.Min(row => when[row])) < 0);
    }

    [Fact]
    public void Folds_test_each_row_once_and_keep_a_part_to_validate_with()
    {
        var read = Read(new("y", Folds: 5), ["a,y", .. Rows(i => $"{i * 7 % 23},{(i % 4 == 0 ? "yes" : "no")}", 100)]);
        var folds = read.Folds();
        Assert.Equal(Enumerable.Range(0, 100), folds.SelectMany(fold => fold.Test).Order());
        Assert.All(folds, fold =>
        {
            Assert.Equal(100, fold.Train.Length + fold.Validation.Length + fold.Test.Length);
            Assert.Equal(5, fold.Test.Count(row => read.Labels[row] == 1));
            Assert.NotEmpty(fold.Validation);
        });
    }

    [Fact]
    public void Folds_that_cannot_be_trained_or_tested_are_refused_before_anything_is_trained()
    {
        void Refused(string message, TableOptions options, params IEnumerable<string> lines)
        {
            string path = Written(lines);
            Assert.Equal(message, Assert.Throws<InvalidDataException>(() => TableData.Open(path, options)).Message);
        }
        Refused("fit: folds 5: the rows have 4 different values of 'who', and rows of one value stay in one fold: give "
            + "4 folds or fewer", new("y", Group: "who", Folds: 5),
            ["a,who,y", .. Rows(i => $"{i * 7 % 23},p{i % 4},{i * 31 % 97}")]);
        Refused("fit: folds 3: fold 1 has 26 rows to train, 0 to validate and 14 to test with: give no folds, or rows "
            + "with more different values of 'who'", new("y", Group: "who", Folds: 3),
            ["a,who,y", .. Rows(i => $"{i * 7 % 23},p{i * 3 / 39},{i * 31 % 97}", 39), "5,p0,7"]);
        Refused("fit: folds 15: there are 12 rows: give 12 folds or fewer", new("y", Folds: 15),
            ["a,y", .. Rows(i => $"{i * 7 % 23},{i * 31 % 97}", 12)]);
        Refused("fit: folds 4: fold 4 would train without the class 'c', which has 1 row: give fewer folds or none, or "
            + "more rows of that class", new("y", Folds: 4),
            ["a,y", .. Rows(i => $"{i * 7 % 23},{(i == 0 ? "c" : i % 2 == 0 ? "a" : "b")}")]);
    }

    [Fact]
    public void A_positive_class_is_one_of_two()
    {
        string[] two = ["a,y", .. Rows(i => $"{i * 7 % 23},{(i % 3 == 0 ? "malignant" : "benign")}")];
        string Message(TableOptions options, string[] rows) =>
            Assert.ThrowsAny<Exception>(() => Read(options, rows)).Message;
        Assert.Equal("fit: positive malignat: the target 'y' has no such class: did you mean 'malignant'?",
            Message(new("y", Positive: "malignat"), two));
        Assert.Equal("fit: positive 7: the target 'y' has no such class: give one of benign, malignant",
            Message(new("y", Positive: "7"), two));
        Assert.Equal("fit: positive 1: the target 'y' has 3 classes, and a positive class is one of two: leave it out",
            Message(new("y", Positive: "1"), ["a,y", .. Rows(i => $"{i * 7 % 23},{i % 3}")]));
        Assert.StartsWith("csv 't.csv': class weights, thresholds and a positive class are for classes, and the target "
            + "'y' is a number", Message(new("y", Positive: "1"), ["a,y", .. Rows(i => $"{i % 23},{i * 31 % 97}.5")]),
            StringComparison.Ordinal);
        var (usual, chosen) = (Read(new("y"), two), Read(new("y", Positive: "benign"), two));
        Assert.Equal(["malignant", "benign"], chosen.Classes);
        Assert.Equal(usual.Split().Test, chosen.Split().Test);
        Assert.Equal(Read(new("y", Folds: 3), two).Folds()[0].Test, Read(new("y", Folds: 3, Positive: "benign"), two)
            .Folds()[0].Test);
        Assert.Equal(usual.Labels, chosen.Labels.Select(label => 1 - label));
    }

    [Fact]
    public void Numbers_are_scaled_by_the_training_rows_alone()
    {
        var data = new TableData(Read(new("y"), ["a,y", .. Rows(i => $"{i * i},{i * 31 % 97}.5", 100)]), new(
            [.. Enumerable.Range(0, 60)], [.. Enumerable.Range(60, 20)], [.. Enumerable.Range(80, 20)]));
        Assert.Equal(0, data.TrainInputs.Mean().Item(), 1e-5);
        Assert.True(data.TestInputs.Mean().Item() > 2);
        double[] y = [.. Enumerable.Range(0, 60).Select(i => i * 31 % 97 + 0.5)];
        Assert.Equal(y.Average(), data.Encoding.Target.Mean, 1e-9);
    }

    [Theory]
    [InlineData("a,b", new[] { "a", "b" })]
    [InlineData(" a , \"b,c\",d", new[] { "a", "b,c", "d" })]
    [InlineData("", new string[0])]
    public void Names_are_separated_by_commas(string list, string[] names) =>
        Assert.Equal(names, TableOptions.NamesOf(list.Trim()));
}
