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
        Assert.Equal("'price' is predicted: regression, 1,660 different numbers", fitted.Lines[0]);
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
        var again = Run("predict", "run", "new.csv", "--out", "out.csv");
        Assert.Equal((1, "chainrule: predict: out.csv is there already, and is not written over: give another name by "
            + "--out, or remove it first"), (again.Code, again.Errors.Trim()));
        var unknown = Run("predict", "run", "new.csv", "--threads", "1");
        Assert.Equal(2, unknown.Code);
        Assert.Contains("Unrecognized command or argument '--threads'", unknown.Errors, StringComparison.Ordinal);
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
    public void Evaluate_says_which_class_is_positive_how_many_rows_lack_the_target_and_what_is_not_defined()
    {
        string Rows(Func<int, string> target) => "x,z,y\n" + string.Concat(Enumerable.Range(0, 90).Select(i =>
            FormattableString.Invariant($"{i * 37 % 101}.5,{i * 53 % 89}.5,{target(i)}\n")));
        string Known(int i) => i * 37 % 101 > 50 ? "up" : "down";
        fitted.Write("ways.csv", Rows(Known));
        fitted.Write("gaps.csv", Rows(i => i % 9 == 0 ? "" : Known(i)));
        fitted.Write("single.csv", Rows(_ => "up"));
        string trained = Run("fit", "ways.csv", "--target", "y", "--model", "linear", "--positive", "down", "--out",
            "ways").Well().Output;
        Assert.Contains("(precision, recall, F1, ROC-AUC and PR-AUC are of the class 'down')", trained,
            StringComparison.Ordinal);
        var gaps = Run("evaluate", "ways", "gaps.csv");
        Assert.Equal("chainrule: warning: 10 of 90 rows lack the target 'y' and are left out", gaps.Errors.Trim());
        Assert.EndsWith("The positive class is 'down': precision, recall, F1, ROC-AUC and PR-AUC above are of it.",
            gaps.Output.Trim(), StringComparison.Ordinal);
        var single = Run("evaluate", "ways", "single.csv").Well();
        Assert.EndsWith("– is not defined: no row is of 'down'.", single.Output.Trim(), StringComparison.Ordinal);
        foreach (string metric in (string[])["precision", "recall", "F1", "Matthews correlation", "ROC-AUC"])
            Assert.Matches($"{metric} +–\n", single.Output);
    }

    [Fact]
    public void An_interruption_says_what_is_kept_and_how_to_go_on()
    {
        if (OperatingSystem.IsWindows()) return;
        Ended Interrupted(string after, params string[] args)
        {
            using var running = CommandLine.Start(fitted.Path, args);
            bool sent = false;
            running.Said += line =>
            {
                if (sent || !line.StartsWith(after, StringComparison.Ordinal)) return;
                sent = true;
                running.Interrupt();
            };
            return running.Wait();
        }
        Assert.Equal("interrupted while models were tried: nothing is saved yet; give the same command again, or name "
            + "one by --model, whose run can be resumed",
            Interrupted("tried linear", "fit", "--steps", "100000", "--out", "tries").Refused(1));
        Assert.False(Directory.Exists(Path.Combine(fitted.Path, "tries")));
        Assert.Equal("interrupted while the model was judged: it is trained and saved in folds; to judge it, by all "
            + "folds from the first: chainrule fit --resume folds", Interrupted("fold 1 of 9", "fit", "--model", "mlp",
                "--steps", "200", "--set", "members=1", "--folds", "9", "--out", "folds").Refused(1));
        Assert.Contains(Run("fit", "--resume", "folds").Well().Lines, line => line.StartsWith("fold 9 of 9",
            StringComparison.Ordinal));
    }

    [Fact]
    public void Columns_that_are_not_there_and_options_that_do_not_fit_are_one_sentence()
    {
        Assert.Equal("fit: target 'prise': the table has no such column: did you mean 'price'? There are id, sold, "
            + "district, size, rooms, built, distance, garden, price", Run("fit", "--target", "prise").Refused(1));
        Assert.StartsWith("fit: threshold 3: give a number in (0, 1), f1 or youden",
            Run("fit", "--threshold", "3").Refused(2), StringComparison.Ordinal);
        Assert.StartsWith("fit: folds 1: give 2 to 20, or 0 to use none", Run("fit", "--folds", "1").Refused(2),
            StringComparison.Ordinal);
        Assert.StartsWith("fit: folds 1000: give 2 to 20, or 0 to use none", Run("fit", "--folds", "1000").Refused(2),
            StringComparison.Ordinal);
        Assert.Contains("--group and --time-order both divide the rows: give one of them",
            Run("fit", "--group", "district", "--time-order", "sold").Refused(2), StringComparison.Ordinal);
        Assert.Equal("fit: group 'garden': the column has 2 values, and rows of one value stay in one part: to train, "
            + "to validate and to test takes 3 or more: give another column",
            Run("fit", "--group", "garden").Refused(1));
        Assert.StartsWith("fit: threshold 0.3: the target 'district' has 6 classes, and a threshold divides two: leave "
            + "it out", Run("fit", "--target", "district", "--threshold", "0.3", "--model", "linear").Refused(1),
            StringComparison.Ordinal);
        var taken = Run("fit", "--out", "run");
        Assert.Matches("^chainrule: fit: .*run already holds a run: choose another --out", taken.Errors);
        Assert.Empty(taken.Output);
        var printed = Run("fit", "--print-config");
        Assert.Contains("these are the settings of mlp: by default, linear and mlp are tried and one is taken",
            printed.Errors, StringComparison.Ordinal);
        Assert.Contains("\"evalEvery\": 100", printed.Output, StringComparison.Ordinal);
        Assert.Contains("\"evalEvery\": 10", Run("fit", "--steps", "200", "--print-config").Output,
            StringComparison.Ordinal);
        Assert.StartsWith("--seed does not go with --resume", Run("fit", "--resume", "run", "--seed", "1").Refused(2),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_time_that_ends_training_is_said_and_the_steps_made_are_not_lost()
    {
        string[] lines = Run("fit", "--model", "mlp", "--steps", "100000", "--eval-every", "90000", "--time", "2",
            "--folds", "4", "--out", "short").Well().Lines;
        Assert.Contains(lines, line => line.StartsWith("Training was cut off by the time limit after ",
            StringComparison.Ordinal) && line.EndsWith(" of 100,000 steps: more time may help.",
            StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("folds training was cut off by the time limit, the first after ",
            StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.StartsWith("best at step 0:", StringComparison.Ordinal));
    }

    [Fact]
    public void Several_columns_may_follow_ignore()
    {
        string[] lines = Run("fit", "--model", "linear", "--ignore", "district", "sold", "--seed", "3",
            "--out", "ignoring").Well().Lines;
        Assert.Contains(lines, line => line.StartsWith("  sold ", StringComparison.Ordinal)
            && line.Contains(" ignored: ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("solved at once: loss ", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("step", StringComparison.Ordinal));
    }

    /// <summary>One validation row, whose R² is not defined: everything else still is.</summary>
    [Theory]
    [InlineData("linear")]
    [InlineData("mlp")]
    public void Ten_rows_are_judged_and_what_is_not_defined_is_said(string model)
    {
        fitted.Write($"ten-{model}.csv", "x,z,y\n" + string.Concat(Enumerable.Range(0, 10).Select(i =>
            FormattableString.Invariant($"{i * i % 7 + 0.5},{i % 3},{i}\n"))));
        string[] steps = model == "linear" ? [] : ["--steps", "10"];
        string[] lines = Run(["fit", $"ten-{model}.csv", "--target", "y", "--model", model, "--task", "regression",
            .. steps, "--out", $"ten-{model}"]).Well().Lines;
        Assert.Contains(lines, line => line.StartsWith("R² not defined on validation data, ",
            StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("NaN", StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(fitted.Path, $"ten-{model}", "report.html")));
    }

    [Fact]
    public void A_file_without_the_lines_above_is_read_whole_if_asked_for_and_the_user_is_warned_if_not()
    {
        string rows = string.Concat(Enumerable.Range(0, 60).Select(i =>
            FormattableString.Invariant($"{i % 7}.5,{i % 5}.25,{i % 2}\n")));
        fitted.Write("above.csv", "60,2,no,yes\n" + rows);
        fitted.Write("below.csv", "1.5,2.25,0\n2.5,3.25,1\n");
        Run("fit", "above.csv", "--target", "2", "--skip-lines", "1", "--header", "false", "--model", "linear", "--out",
            "above").Well();
        var passed = Run("predict", "above", "below.csv");
        Assert.Equal(2, passed.Lines.Length);
        Assert.Contains("1 line is passed over, as in the training file: --skip-lines 0 reads it from the first",
            passed.Errors, StringComparison.Ordinal);
        Assert.Equal(3, Run("predict", "above", "below.csv", "--skip-lines", "0").Well().Lines.Length);
    }

    /// <summary>The model and the linear one choose their thresholds alike: of the same model, both are the
    /// same.</summary>
    [Fact]
    public void A_linear_model_is_as_good_as_itself_at_any_threshold()
    {
        fitted.Write("rare.csv", "x,z,y\n" + string.Concat(Enumerable.Range(0, 300).Select(i =>
        {
            int x = i * 37 % 101, z = i * 53 % 89;
            return FormattableString.Invariant($"{x}.5,{z}.5,{(x + i % 9 > 92 ? "yes" : "no")}\n");
        })));
        string[] lines = Run("fit", "rare.csv", "--target", "y", "--model", "linear", "--threshold", "f1",
            "--class-weights", "--folds", "3", "--out", "rare").Well().Lines;
        string[] table = lines.First(line => line.StartsWith("balanced accuracy  ",
            StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(lines, line => line.EndsWith($" {table[2]} on test data", StringComparison.Ordinal));
        string[] folds = [.. lines.Where(line => line.StartsWith("fold ", StringComparison.Ordinal))];
        Assert.Equal(3, folds.Length);
        Assert.All(folds, fold => Assert.Matches("accuracy ([0-9.]+), linear \\1$", fold));
    }

    [Fact]
    public void Class_weights_of_a_number_are_refused()
    {
        var ended = Run("fit", "--class-weights", "--out", "weights");
        Assert.Equal(1, ended.Code);
        Assert.Contains("class weights, thresholds and a positive class are for classes, and the target 'price' is a "
            + "number", ended.Errors, StringComparison.Ordinal);
    }
}
