using System.Text.Json.Nodes;
using ChainRule.Data;
using ChainRule.Tests;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tables;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tests.Tables;

public sealed class TableFitTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_report_says_everything_of_a_regression_and_is_read_back()
    {
        var report = TableFit.Run(_folder.PathOf("run"), SmallFit.Houses);
        Assert.Equal(TableTask.Regression, report.Task);
        Assert.Equal(("price", 2000, "R²"), (report.Target, report.Rows, report.MainMetric));
        Assert.Equal((1400, 200, 400), (report.Split.Train, report.Split.Validation, report.Split.Test));
        Assert.Equal(["mlp", "mean", "linear"], report.Models.Select(model => model.Name));
        Assert.InRange(report.Models[0].Test["R²"], 0.85, 1);
        Assert.InRange(report.Models[1].Test["R²"], -0.1, 0);
        Assert.InRange(report.Models[2].Test["R²"], 0.7, 0.85);
        Assert.Contains("is worth it", report.Verdict[^1], StringComparison.Ordinal);
        Assert.Equal(("id", "left out"), (report.Columns[0].Name, report.Columns[0].Use));
        Assert.Equal("target", report.Columns.Single(column => column.Name == "price").Use);
        Assert.Equal("size", report.Importance[0].Column);
        Assert.True(report.Importance[0].Low > 0 && report.Importance[0].Low < report.Importance[0].High);
        Assert.Equal(6, report.Dependence.Count);
        var size = report.Dependence.Single(one => one.Column == "size");
        Assert.True(size.Points[^1].Value > size.Points[0].Value && size.Points[^1].Mean > size.Points[0].Mean);
        Assert.Equal(6, report.Dependence.Single(one => one.Column == "district").Points.Count);
        Assert.Equal(10, report.Worst.Count);
        Assert.True(Math.Abs(report.Worst[0].Error) >= Math.Abs(report.Worst[9].Error));
        Assert.Equal(report.Worst[0].Actual, report.Worst[0].Fields["price"]);
        Assert.Equal("42", report.Settings["splitSeed"]);
        Assert.Null(report.Classification);
        Assert.Equivalent(report, TableReport.Read(_folder.PathOf("run")));
    }

    [Fact]
    public void A_report_that_lacks_what_may_be_missing_is_read_with_nothing_there()
    {
        TableFit.Run(_folder.PathOf("run"), SmallFit.Classes(_folder, new()));
        string file = _folder.PathOf("run/report.json");
        var json = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        foreach (string name in (string[])["classes", "warnings", "findings", "importance", "importanceUnit",
            "dependence", "worst", "settings"]) Assert.True(json.Remove(name), name);
        File.WriteAllText(file, json.ToJsonString());

        var report = TableReport.Read(_folder.PathOf("run"));
        Assert.Equal(("", 0, 0, 0, 0, 0, 0, 0), (report.ImportanceUnit, report.Classes.Count, report.Warnings.Count,
            report.Findings.Count, report.Importance.Count, report.Dependence.Count, report.Worst.Count,
            report.Settings.Count));
    }

    [Fact]
    public void A_classifier_has_its_confusion_curves_threshold_and_weights()
    {
        var report = TableFit.Run(_folder.PathOf("run"), SmallFit.Classes(_folder, new(ClassWeights: true,
            Threshold: "f1", Folds: 3)));
        var details = report.Classification!;
        Assert.Equal(["common", "rare"], report.Classes);
        Assert.Equal(report.Split.Test, details.Confusion.Sum(row => row.Sum()));
        Assert.Equal(report.Split.Test, details.PerClass.Sum(one => one.Rows));
        Assert.Equal("rare", Assert.Single(details.Roc).Class);
        Assert.InRange(details.Roc[0].Area, 0.95, 1);
        Assert.Equal("chosen on validation data by F1", details.ThresholdReason);
        Assert.Equal(details.Threshold, TableModel.Load(_folder.PathOf("run")).Threshold);
        Assert.True(details.ClassWeights![1] > 1 && details.ClassWeights[0] < 1);
        Assert.All(report.Test.Probabilities, row => Assert.Equal(1, row.Sum(), 1e-9));
        Assert.Equal((3, 2), (report.Folds!.Count, report.Folds.Models.Count));
        Assert.Equal(3, report.Folds.Models[0].Each.Count);
        Assert.StartsWith("Over 3 folds its balanced accuracy is ", report.Verdict[^1], StringComparison.Ordinal);
        Assert.Equal("input", report.Columns.Single(column => column.Name == "word").Use);
    }

    [Fact]
    public void Where_a_class_is_rare_models_are_compared_by_balanced_accuracy_and_the_reason_is_said()
    {
        var weighted = TableFit.Run(_folder.PathOf("weighted"), SmallFit.Classes(_folder, new(ClassWeights: true)));
        Assert.Equal("balanced accuracy", weighted.MainMetric);
        Assert.Contains("Models are compared by their balanced accuracy, the mean of the recalls of the classes, since "
            + "class weights are asked for: it is 0.", weighted.Verdict[1], StringComparison.Ordinal);
        Assert.Equal(0.5, weighted.Models.Single(one => one.Name == "majority").Test["balanced accuracy"]);

        // What follows from chance alone: no model finds the rare class, and none is better than another.
        File.WriteAllLines(_folder.PathOf("chance.csv"), ["a,y", .. Enumerable.Range(0, 400).Select(i =>
            $"{i * 37 % 101},{(i * 53 % 397 < 24 ? "ill" : "well")}")]);
        var config = RunConfig.For(TaskKind.Table, "mlp") with { Data = _folder.PathOf("chance.csv"), Steps = 20,
            Sizes = new TableMlpOptions(Hidden: 4, Members: 1), Options = new TableOptions("y") };
        var chance = TableFit.Run(_folder.PathOf("chance"), config);
        Assert.Contains(", since only 6.3 % of the rows are of the class 'ill': it is 0.500, that of the most frequent "
            + "class 0.500.", chance.Verdict[1], StringComparison.Ordinal);
        Assert.Equal("It predicts 'ill' in no row: try --class-weights, or --threshold youden.",
            chance.Verdict[2]);
        Assert.Equal("By its balanced accuracy it is no better than the most frequent class by more than chance, as "
            + "far as the 80 test rows can tell.", chance.Verdict[3]);
        Assert.Contains("(balanced accuracy 0.500 against 0.500, on the same 80 test rows)", chance.Verdict[^1],
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_positive_class_may_be_chosen_and_stays_chosen()
    {
        var usual = TableFit.Run(_folder.PathOf("usual"), SmallFit.Classes(_folder));
        var chosen = TableFit.Run(_folder.PathOf("chosen"), SmallFit.Classes(_folder, new(Positive: "common")));
        Assert.Equal(("rare", "common"), (usual.Positive, chosen.Positive));
        Assert.Equal(["rare", "common"], chosen.Classes);
        Assert.Equal("common", Assert.Single(chosen.Classification!.Roc).Class);
        var (one, other) = (usual.Models[0].Test, chosen.Models[0].Test);
        Assert.Equal(one["accuracy"], other["accuracy"], 1e-9);
        Assert.NotEqual(one["recall"], other["recall"]);
        Assert.Equal(chosen.Classification.PerClass[1].Recall, other["recall"], 1e-12);

        var model = TableModel.Load(_folder.PathOf("chosen"));
        Assert.Equal("common", model.Positive);
        Assert.Equal("common", model.Predict(new { A = 1, B = 1, Word = "red" }).Class);
        var run = TrainingRun.Resume(_folder.PathOf("chosen"));
        Assert.EndsWith("; the positive class is 'common', as it was asked for", TableFit.Describe(run).Target.Reason,
            StringComparison.Ordinal);
        Assert.EndsWith("; the positive class is 'rare', the second in alphabetical order: --positive common takes the "
            + "other", TableFit.Describe(TrainingRun.Resume(_folder.PathOf("usual"))).Target.Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_of_a_model_that_is_solved_at_once_are_refused() =>
        Assert.Equal("fit: steps 50: the model linear is solved at once and makes no steps: leave the steps out, or "
            + "take mlp or rbf", Assert.Throws<ArgumentException>(() => TrainingRun.Start(_folder.PathOf("run"),
                RunConfig.For(TaskKind.Table, "linear") with { Steps = 50 })).Message);

    [Fact]
    public void Settings_of_training_of_a_model_that_is_solved_at_once_are_refused()
    {
        var config = RunConfig.For(TaskKind.Table, "linear");
        var other = config with { Training = config.Training with { LearningRate = 0.5 } };
        Assert.Equal("fit: learningRate 0.5: the model linear is solved at once, and no setting of training counts: "
            + "leave it out, or take mlp or rbf", Assert.Throws<ArgumentException>(() => TrainingRun.Start(
                _folder.PathOf("run"), other)).Message);
        foreach (var (said, training) in ((string, TrainingSettings)[])[("weightDecay 0.3", config.Training with
            { WeightDecay = 0.3 }), ("evalEvery 7", config.Training with { EvalEvery = 7 })])
            Assert.Equal($"fit: {said}: the model linear is solved at once, and no setting of training counts: leave "
                + $"it "
                + "out, or take mlp or rbf", Assert.Throws<ArgumentException>(() => TrainingRun.Start(
                    _folder.PathOf("run"), config with { Training = training })).Message);
        // What a run says of its own settings is taken back.
        var run = TrainingRun.Start(_folder.PathOf("first"), config);
        TrainingRun.Start(_folder.PathOf("again"), RunConfig.Of(run.Folder));
    }

    [Fact]
    public void A_class_that_is_not_in_a_part_is_warned_of()
    {
        File.WriteAllLines(_folder.PathOf("late.csv"), ["a,day,y", .. Enumerable.Range(0, 100).Select(i =>
            $"{i * 37 % 101},{i},{(i > 90 ? "new" : i % 2 == 0 ? "even" : "odd")}")]);
        var run = TrainingRun.Start(_folder.PathOf("run"), RunConfig.For(TaskKind.Table, "linear") with
            { Data = _folder.PathOf("late.csv"), Options = new TableOptions("y", TimeOrder: "day") });
        Assert.Contains("no row of the class 'new' is learned from: it is never predicted",
            TableFit.Describe(run).Warnings);
    }

    [Fact]
    public void A_network_that_is_no_better_than_a_line_is_said_to_be_not_worth_it()
    {
        var report = TableFit.Run(_folder.PathOf("run"), SmallFit.Classes(_folder, model: "mlp"));
        Assert.Contains("is not worth it: a linear model is as good", report.Verdict[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Auto_takes_the_network_where_it_is_better_and_the_line_where_that_is_as_good()
    {
        var houses = TableFit.Choose([RunConfig.For(TaskKind.Table, "linear"), SmallFit.Houses]);
        Assert.Equal("mlp", houses.Model);
        Assert.StartsWith("mlp was taken: loss 0.", houses.Reason, StringComparison.Ordinal);
        Assert.Contains("on validation data, the best (linear 0.", houses.Reason, StringComparison.Ordinal);
        var classes = TableFit.Choose([SmallFit.Classes(_folder), SmallFit.Classes(_folder, model: "mlp")]);
        Assert.Equal("linear", classes.Model);
        Assert.Equal(["linear", "mlp"], classes.Tried.Select(one => one.Name));
    }

    [Theory]
    [InlineData("linear")]
    [InlineData("svr")]
    [InlineData("mlp")]
    [InlineData("rbf")]
    [InlineData("residual")]
    [InlineData("experts")]
    [InlineData("perceptron")]
    [InlineData("neuron")]
    public void A_run_that_is_broken_off_goes_on_to_the_same_bits(string model)
    {
        var config = RunConfig.For(TaskKind.Table, model) with
            { Steps = model is "linear" or "svr" or "perceptron" ? 0 : 40 };
        if (model is "perceptron" or "neuron")
            config = config with { Options = new TableOptions(Drawn: TableDrawing.Moons) };
        if (model == "mlp") config = config with { Sizes = new TableMlpOptions(Hidden: 8, Members: 2) };
        if (model == "svr") config = config with { Sizes = new SvrOptions(Vectors: 300) };
        if (config.Steps > 0) config = config with { Training = config.Training with { EvalEvery = 10 } };
        TrainingRun.Start(_folder.PathOf("whole"), config).Train();
        var run = TrainingRun.Start(_folder.PathOf("broken"), config);
        using var stop = new CancellationTokenSource();
        run.Trainer.Stepped += (step, _) =>
        {
            if (step == 15) stop.Cancel();
        };
        run.Train(cancellationToken: stop.Token);
        var resumed = TrainingRun.Resume(_folder.PathOf("broken"));
        Assert.Equal(Math.Min(15, config.Steps), resumed.Trainer.Step);
        resumed.Train();
        Assert.Equal(File.ReadAllBytes(_folder.PathOf("whole/model.safetensors")),
            File.ReadAllBytes(_folder.PathOf("broken/model.safetensors")));
        resumed.Finish();
        Assert.NotEmpty(TableFit.Judge(resumed, TimeSpan.Zero, null, null, default).Verdict);
    }

    [Fact]
    public void A_time_limit_evaluates_where_training_stands_in_a_run_in_a_trial_and_in_folds()
    {
        var config = SmallFit.Houses with { Steps = 1_000_000 };
        config = config with { Training = config.Training with { EvalEvery = 900_000 },
            Options = new TableOptions(Folds: 2) };
        var run = TrainingRun.Start(_folder.PathOf("run"), config);
        Assert.Equal(ChainRule.Training.TrainingEnd.Cancelled, run.Train(null, TimeSpan.FromSeconds(4), default));
        Assert.Equal(run.Trainer.Step, run.Trainer.History.Points[^1].Step);
        run.Finish();
        // A rest of time below zero is none.
        var report = TableFit.Judge(run, TimeSpan.Zero, TimeSpan.FromSeconds(-1), null, default);
        Assert.Equal($"Training was cut off by the time limit after {run.Trainer.Step:N0} of 1,000,000 steps: more "
            + "time may help.", report.Verdict[0]);
        Assert.Contains("In 2 of 2 folds training was cut off by the time limit, the first after 0 of 1,000,000 steps: "
            + "more time may help.", report.Verdict);
        Assert.Contains("In 2 of 2 folds no step made the validation loss lower: the model is untrained there.",
            report.Verdict);
        Assert.DoesNotContain(report.Verdict, line => line.Contains("worth it:", StringComparison.Ordinal));
        Assert.Contains("; mlp was cut off by the time limit after 0 of 1,000,000 steps: more time may help",
            TableFit.Choose([config], TimeSpan.Zero).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.05")]
    [InlineData("0.95")]
    public void The_most_frequent_class_is_predicted_whatever_the_threshold_is(string threshold)
    {
        var report = TableFit.Run(_folder.PathOf("run"), SmallFit.Classes(_folder, new(Threshold: threshold,
            Folds: 2)));
        double most = (double)report.Classification!.PerClass[0].Rows / report.Split.Test;
        Assert.True(most > 0.5);
        Assert.Equal(most, report.Models.Single(model => model.Name == "majority").Test["accuracy"], 1e-12);
        Assert.InRange(report.Folds!.Models.Single(model => model.Name == "majority").Mean["accuracy"], 0.5, 1);
        Assert.Contains(FormattableString.Invariant($"the most frequent class alone is right in {most:0.0 %}"),
            report.Verdict[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Early_stopping_ends_a_run_before_its_steps_and_keeps_the_best()
    {
        var config = SmallFit.Houses with { Steps = 5000 };
        var run = TrainingRun.Start(_folder.PathOf("run"),
            config with { Training = config.Training with { Patience = 1, EvalEvery = 20, LearningRate = 0.05 } });
        Assert.Equal(ChainRule.Training.TrainingEnd.StoppedEarly, run.Train());
        Assert.InRange(run.Trainer.Step, 20, 4000);
        Assert.True(run.Finish().BestStep < run.Trainer.Step);
        Assert.Equal(ChainRule.Training.TrainingEnd.StoppedEarly,
            TrainingRun.Resume(_folder.PathOf("run")).Train());
    }
}
