using ChainRule.Data;

namespace ChainRule.Tests.Data;

public sealed class TableProfileTest
{
    [Fact]
    public void It_prints_a_line_for_each_column()
    {
        var table = Rows(["id", "size", "city", "price"], 40,
            i => [$"{i * 3 + 5}", i % 7 == 0 ? "" : $"{50 + i}", i % 3 == 0 ? "Oslo" : "Bergen",
            $"{1000 + i * i % 37}"]);
        var profile = TableProfile.Of(table, "price");
        string[] lines = profile.ToString().Split('\n');
        Assert.Equal(5, lines.Length);
        Assert.EndsWith("left out: a number of its own in each row, and its name", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("size        number        6        34", lines[2], StringComparison.Ordinal);
        Assert.EndsWith("target: regression, 19 different numbers", lines[4], StringComparison.Ordinal);
        Assert.Equal(["size", "city"], profile.Inputs);
        Assert.Equal(ColumnKind.Identifier, profile.Kinds["id"]);
    }

    public static TheoryData<TableTask, string, string[]> Tasks => new()
    {
        { TableTask.Classification, "two values", ["0", "1"] },
        { TableTask.Classification, "two values", ["0.5", "2.5"] },
        { TableTask.Classification, "3 categories", ["a", "b", "c"] },
        { TableTask.Classification, "10 whole numbers, each of many rows",
        ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"] },
        { TableTask.Classification, "two values; 'No', 'no' are one; 'Yes', 'yes' are one",
        ["Yes", "yes", "No", "no"] },
        { TableTask.Classification, "two values; '0', '0.0' are one", ["1.0", "0", "0.0"] },
        { TableTask.Classification, "3 whole numbers, each of many rows", ["1.0", "2.0", "3.0"] },
        { TableTask.Classification, "3 categories", ["007", "7", "08"] },
        { TableTask.Regression, "21 different numbers", [.. Enumerable.Range(0, 21).Select(i => $"{i}")] },
        { TableTask.Regression, "3 different numbers", ["0.5", "2.5", "7"] },
        { TableTask.Regression, "100 different numbers", [.. Enumerable.Range(0, 100).Select(i => $"{i * 10}")] },
    };

    [Theory, MemberData(nameof(Tasks))]
    public void The_task_follows_from_the_target_with_its_reason(TableTask task, string reason, string[] values)
    {
        var profile = TableProfile.Of(Rows(["y"], 200, i => [values[i % values.Length]]), "y");
        Assert.Equal((task, reason), (profile.TargetTask, profile.TaskReason));
    }

    [Fact]
    public void Whole_numbers_are_classes_where_each_has_many_rows()
    {
        TableProfile Of(int rows, Func<int, int> y) => TableProfile.Of(Rows(["y"], rows, i => [$"{y(i)}"]), "y");
        Assert.Equal(TableTask.Classification, Of(150, i => i % 3).TargetTask);
        // Counts have rare values.
        var counts = Of(2000, i => i < 3 ? 7 : i % 7);
        Assert.Equal((TableTask.Regression, "8 different numbers", true), (counts.TargetTask, counts.TaskReason,
            counts.IsTaskOpen));
        Assert.False(Of(40, i => i % 2).IsTaskOpen);
        Assert.False(TableProfile.Of(Rows(["y"], 60, i => [$"{i}.5"]), "y").IsTaskOpen);
    }

    [Fact]
    public void A_target_in_several_spellings_has_its_values_counted()
    {
        var table = Rows(["x", "y"], 60, i => [$"{i * 7 % 31}.5", i == 0 ? "YES" : i % 2 == 0 ? "Yes" : "no"]);
        Assert.Empty(TableProfile.Of(table, "y").Warnings);
        var (ids, names) = table.Classes("y");
        Assert.Equal(["Yes", "no"], names);
        Assert.Equal(0, ids.Span[0]);
        Assert.Equal([1, 0], Table.From(["y"], [["yEs"], ["NO"]]).Classes("y", ["no", "Yes"]).Ids.Span.ToArray());
        Assert.Equal([1, 0], Table.From(["y"], [["1"], ["0.0"]]).Classes("y", ["0", "1.0"]).Ids.Span.ToArray());
        Refused.With<InvalidDataException>("table 'rows': line 1, column 'y': 'b' is none of the categories B: add it",
            () => Table.From(["y"], [["b"]]).Classes("y", ["B"]));
        Refused.With<InvalidDataException>("table 'rows': the target 'y' has one value, 'yes', in several spellings, "
            + "and there is nothing to predict: choose another column",
            () => TableProfile.Of(Rows(["y"], 20, i => [i % 3 == 0 ? "Yes" : "yes"]), "y"));
    }

    [Fact]
    public void A_column_that_gives_the_target_away_is_suspected()
    {
        var regression = TableProfile.Of(Rows(["cents", "grade", "noise", "price"], 60, i =>
            [$"{i * i * 100 % 4900}", $"g{i * i % 49}", $"{i * 31 % 17}", $"{i * i % 49}"]), "price");
        Assert.Equal("rank correlation 1.0000 with the target", regression.Leaks["cents"]);
        Assert.DoesNotContain("noise", regression.Leaks.Keys);
        var classes = TableProfile.Of(Rows(["score", "code", "noise", "class"], 60,
            i => [$"{i % 3 * 10 + i % 2}", $"c{i % 6}", $"{i % 7}", $"k{i % 3}"]), "class");
        Assert.Equal(["code", "score"], classes.Leaks.Keys.Order());
        Assert.Equal("its numbers alone separate the classes", classes.Leaks["score"]);
        Assert.Equal("each of its values has one class", classes.Leaks["code"]);
        Assert.Contains("suspected leak: its numbers alone separate the classes", classes.ToString(),
            StringComparison.Ordinal);
        var groups = TableProfile.Of(Rows(["shop", "price"], 60, i => [$"s{i % 4}", $"{i % 4 * 1.5}"]), "price");
        Assert.Equal("its values alone decide the target", groups.Leaks["shop"]);
    }

    [Fact]
    public void A_column_that_is_no_input_gives_nothing_away()
    {
        var table = Rows(["patient", "x", "price"], 60, i => [$"s{i % 4}", $"{i * 31 % 17}", $"{i % 4 * 1.5}"]);
        Assert.Equal(["patient"], TableProfile.Of(table, "price").Leaks.Keys);
        Assert.Empty(TableProfile.Of(table, "price", apart: ["patient"]).Leaks);
        Refused.With<ArgumentException>("table profile of table 'rows': it has no column 'q': it has patient, x, price",
            () => TableProfile.Of(table, "price", apart: ["q"]));
    }

    [Fact]
    public void A_target_that_cannot_be_predicted_is_said()
    {
        void Refuse(string sentence, Table table) => Refused.With<InvalidDataException>(sentence,
            () => TableProfile.Of(table, "y"));
        Refuse("table 'rows': the target 'y' is the same in every row, and there is nothing to predict: choose "
            + "another column", Rows(["x", "y"], 20, i => [$"{i}", "3"]));
        Refuse("table 'rows': the target 'y' is missing in every row, and there is nothing to predict: choose "
            + "another column", Rows(["x", "y"], 20, i => [$"{i}", ""]));
        Refuse("table 'rows': the target 'y' has one value beside missing ones, 'a', and there is nothing to "
            + "predict: choose another column",
            Rows(["x", "y"], 20, i => [$"{i}", i % 2 == 0 ? "a" : ""]));
        Refuse("table 'rows': the target 'y' has a text of its own in each row, and classes cannot be learned from "
            + "one row each: choose another column",
            Rows(["x", "y"], 20, i => [$"{i}", $"name {i}"]));
        Refuse("table 'rows': the target 'y' is a date: choose a number or a category, such as the days between two "
            + "dates", Rows(["x", "y"], 20, i => [$"{i}", $"2024-01-{i + 1:00}"]));
        Assert.Equal("table profile of table 'rows': it has no column 'z': it has x, y",
            Assert.ThrowsAny<ArgumentException>(() => TableProfile.Of(Rows(["x", "y"], 2, i => ["1", "2"]),
                "z")).Message);
        Assert.Equal("table profile of table 'rows': it has no column 'z': it has x, y",
            Assert.ThrowsAny<ArgumentException>(() => TableProfile.Of(Rows(["x", "y"], 2, i => ["1", "2"]),
                kinds: new Dictionary<string, ColumnKind> { ["z"] = ColumnKind.Category })).Message);
    }

    [Fact]
    public void What_should_be_known_before_training_is_said()
    {
        var table = Rows(["x", "y"], 60, i => [$"{i * 7 % 31}.5", i == 0 ? "" : i == 1 ? "odd" : i < 4 ? "rare"
            : "usual"]);
        Assert.Equal(
        [
            "the target 'y' is missing in 1 of 60 rows: leave them out, such as with DropMissing",
            "the target 'y': 'odd' has one row, which can be learned from or tested with, and not both",
        ], TableProfile.Of(table, "y").Warnings);
        table = Rows(["x", "copy", "y"], 60, i => [$"{i * 7 % 31}.5", i < 2 ? "a" : "b", i < 2 ? "bad" : "good"]);
        Assert.Equal(
        [
            "column 'copy' may give the target away: each of its values has one class",
            "the target 'y': 'bad' has 2 of 60 rows: the accuracy says little, take the balanced accuracy, and weigh "
            + "the classes",
        ], TableProfile.Of(table, "y").Warnings);
        Assert.Empty(TableProfile.Of(table).Warnings);
    }

    static Table Rows(string[] columns, int rows, Func<int, string[]> row) =>
        Table.From(columns, [.. Enumerable.Range(0, rows).Select(row)]);
}
