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

    [Fact]
    public void What_cannot_be_learned_from_is_one_sentence_each()
    {
        const string Header = "size,town,price";
        string[] rows = [Header, .. Rows(i => $"{i * 7 % 23},t{i % 4},{i * 31 % 97}")];
        void Refused(string message, TableOptions options, params IEnumerable<string> lines) =>
            Assert.Equal(message, Assert.ThrowsAny<Exception>(() => Read(options, [.. lines])).Message);

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
        Refused("csv 't.csv': no column is left to learn from beside the target 'price': all others are ignored, "
            + "constant, or different in every row as identifiers are; ignore fewer, or give a table "
            + "with others", new("price", Ignore: "size,town"), rows);
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
    public void The_task_is_found_and_may_be_said()
    {
        string[] rows = ["a,y", .. Rows(i => $"{i * 7 % 23},{i % 3}")];
        var found = Read(new("y"), rows);
        Assert.Equal((TableTask.Classification, "3 whole numbers, each of many rows"), (found.Task, found.TaskReason));
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
