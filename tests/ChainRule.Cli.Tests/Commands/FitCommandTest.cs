using ChainRule.Tests;

namespace ChainRule.Cli.Tests.Commands;

/// <summary>A small network that was fitted to the table that comes with ChainRule.</summary>
public sealed class Fitted : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public Fitted()
    {
        Lines = CommandLine.Run(_folder.Path, "fit", "--model", "mlp", "--steps", "150", "--set", "members=1",
            "--set", "hidden=16", "--out", "run").Well().Lines;
        _folder.Write("new.csv", "garden,size,district,rooms,built,distance,sold\n"
            + "yes,80,Harbour,3,1990,2.5,2021-03-04\nno,60,Atlantis,,1980,4,2022-01-01\n");
    }

    public IReadOnlyList<string> Lines { get; }

    public string Path => _folder.Path;

    public string Write(string file, string text) => _folder.Write(file, text);

    public void Dispose() => _folder.Dispose();
}

/// <summary>Fits on the table that comes with ChainRule, once, and what is then done with the run.</summary>
public sealed class FitCommandTest(Fitted fitted) : IClassFixture<Fitted>
{
    Ended Run(params string[] args) => CommandLine.Run(fitted.Path, args);

    [Fact]
    public void It_says_what_it_predicts_what_it_did_with_each_column_and_what_the_model_is_worth()
    {
        Assert.Equal("'price' is predicted: regression, 1660 different numbers", fitted.Lines[0]);
        Assert.Contains(fitted.Lines, line => line.StartsWith("  id ", StringComparison.Ordinal)
            && line.Contains("left out: identifier", StringComparison.Ordinal));
        Assert.Contains("on test data              mlp     mean  linear", fitted.Lines);
        Assert.Contains(fitted.Lines, line => line.StartsWith("The network (mlp) is worth it",
            StringComparison.Ordinal));
        foreach (string file in (string[])["report.json", "report.html", "model.safetensors", "summary.json"])
            Assert.True(File.Exists(Path.Combine(fitted.Path, "run", file)), file);
    }

    [Fact]
    public void Predict_adds_columns_to_the_file_and_notes_what_it_never_saw()
    {
        var ended = Run("predict", "run", "new.csv", "--explain");
        Assert.Equal(0, ended.Code);
        Assert.Equal(3, ended.Lines.Length);
        Assert.StartsWith("garden,size,district,rooms,built,distance,sold,predicted price,explained,",
            ended.Lines[0], StringComparison.Ordinal);
        Assert.Contains("column 'district': Atlantis was rare in training or never seen", ended.Errors,
            StringComparison.Ordinal);
        double[] numbers = [.. ended.Lines[1].Split(',').Skip(9).Select(text =>
            double.Parse(text, System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(numbers[0] - numbers[1], numbers.Skip(2).Sum(), 1e-6 * Math.Abs(numbers[0]));
        Assert.Equal("2 rows predicted: out.csv", Assert.Single(Run("predict", "run", "new.csv", "--out", "out.csv")
            .Lines));
        Assert.Equal(3, File.ReadAllLines(Path.Combine(fitted.Path, "out.csv")).Length);
    }

    [Fact]
    public void A_file_whose_columns_do_not_fit_is_refused_with_their_names()
    {
        fitted.Write("few.csv", "size,rooms\n80,3\n");
        Assert.Equal("csv 'few.csv': the model learned from columns 'sold', 'district', 'built', 'distance', 'garden', "
            + "which the table does not have: it has size, rooms", Run("predict", "run", "few.csv").Refused(1));
        Assert.Equal("predict: 2 files: a run on a table predicts the rows of one: give one CSV file",
            Run("predict", "run", "few.csv", "new.csv").Refused(1));
    }

    [Fact]
    public void Evaluate_measures_a_file_that_has_the_target()
    {
        fitted.Write("known.csv", Zoo.Tables.HousePrices.CreateCsv(seed: 3, rows: 100));
        string[] lines = Run("evaluate", "run", "known.csv").Lines;
        Assert.Contains(lines, line => line.StartsWith("RMSE", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("R²", StringComparison.Ordinal));
    }

    [Fact]
    public void Columns_that_are_not_there_and_options_that_do_not_fit_are_one_sentence()
    {
        Assert.Equal("fit: target 'prise': the table has no such column: did you mean 'price'? There are id, sold, "
            + "district, size, rooms, built, distance, garden, price", Run("fit", "--target", "prise").Refused(1));
        Assert.StartsWith("fit: threshold 3: give a number in (0, 1), f1 or youden",
            Run("fit", "--threshold", "3").Refused(2), StringComparison.Ordinal);
        Assert.StartsWith("fit: folds 1: give 2 or more, or 0 to use none", Run("fit", "--folds", "1").Refused(2),
            StringComparison.Ordinal);
        Assert.StartsWith("--seed does not go with --resume", Run("fit", "--resume", "run", "--seed", "1").Refused(2),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Several_columns_may_follow_ignore()
    {
        string[] lines = Run("fit", "--steps", "60", "--model", "linear", "--ignore", "district", "sold", "--seed", "3",
            "--out", "ignoring").Well().Lines;
        Assert.Contains(lines, line => line.StartsWith("  sold ", StringComparison.Ordinal)
            && line.Contains(" ignored: ", StringComparison.Ordinal));
        Assert.Contains("It is a linear model: its weights can be read one by one.", lines);
    }
}
