using ChainRule.Diagnosing;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tests.Runs;

/// <summary>What a diagnosis takes, made of a run and of settings.</summary>
public sealed class RunDiagnosisTest : IDisposable
{
    readonly SmallRun _small = new();

    public void Dispose() => _small.Dispose();

    [Fact]
    public void A_recording_is_what_the_files_of_the_run_hold()
    {
        var run = RunFolder.Open(_small.Whole("run"));
        var recording = RunDiagnosis.Recording(run);
        var metrics = run.ReadMetrics();
        Assert.Equal(metrics.Select(line => (line.Step, line.TrainLoss ?? double.NaN, line.ValLoss, line.LearningRate)),
            recording.History.Select(point => (point.Step, point.TrainLoss, point.ValidationLoss, point.LearningRate)));
        Assert.Equal(run.ReadLayers().Select(line => line.Step), recording.Layers.Select(line => line.Step));
        Assert.Equal(run.ReadLayers()[0].Gradients, recording.Layers[0].Gradients);
        Assert.Equal($"a recorded training: {metrics.Count} evaluations, {recording.Layers.Count} measurements of its "
            + "layers", recording.ToString());
    }

    /// <summary>The expected initial loss of 27 characters is ln 27 = 3.30.</summary>
    [Fact]
    public void A_first_loss_that_is_too_high_for_the_vocabulary_is_found_in_the_files()
    {
        string folder = _small.Whole("run"), metrics = Path.Combine(folder, "metrics.jsonl");
        var run = RunFolder.Open(folder);
        Assert.Equal(27, RunDiagnosis.Recording(run).Classes);
        Assert.DoesNotContain("confidently wrong at the start", Found());
        string[] lines = File.ReadAllLines(metrics);
        string loss = run.ReadMetrics()[0].ValLoss.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains(loss, lines[0], StringComparison.Ordinal);
        File.WriteAllLines(metrics, [lines[0].Replace(loss, "20.5", StringComparison.Ordinal), .. lines[1..]]);
        Assert.Contains("confidently wrong at the start", Found());
        File.Delete(run.LastPath);
        Assert.DoesNotContain("confidently wrong at the start", Found());

        IEnumerable<string> Found() =>
            Diagnose.Run(RunDiagnosis.Recording(RunFolder.Open(folder))).Findings.Select(one => one.Rule);
    }

    [Theory]
    [InlineData(1e-7, "learning rate too low")]
    [InlineData(3.0, "learning rate too high")]
    public void What_was_wrong_with_a_run_is_found_in_its_files(double rate, string rule)
    {
        var config = _small.Config();
        var run = TrainingRun.Start(_small.PathOf("wrong"), config with
        {
            Training = config.Training with
                { LearningRate = rate, Schedule = ChainRule.Zoo.Recipes.ScheduleKind.Constant, ClipNorm = null },
        });
        run.Train();
        Assert.Contains(rule, Diagnose.Run(RunDiagnosis.Recording(run.Folder)).Findings.Select(one => one.Rule));
    }

    [Fact]
    public void A_frozen_layer_is_found_in_the_model()
    {
        var config = _small.Config();
        var run = TrainingRun.Start(_small.PathOf("frozen"),
            config with { Training = config.Training with { Freeze = "hidden" } });
        run.Train();
        var found = Diagnose.Run(RunDiagnosis.Trainer(run.Folder), new() { TryCures = false });
        Assert.Contains("hidden.weight", found.Findings.Single(one => one.Rule == "parameter frozen").Evidence,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_trainer_of_a_run_stands_where_it_was_saved_and_writes_nothing()
    {
        string folder = _small.Stopped("run", 31);
        string[] before = SmallRun.Everything(folder);
        var run = RunFolder.Open(folder);
        var trainer = RunDiagnosis.Trainer(run);
        Assert.Equal(31, trainer.Step);
        Assert.Null(trainer.Checkpoint);
        var there = TrainingRun.At(folder);
        Assert.Equal(there.NextLoss().Loss.Item(), trainer.NextLoss().Loss.Item());
        Diagnose.Run(trainer, new() { Steps = 8 });
        Assert.Equal(before, SmallRun.Everything(folder));
    }

    [Fact]
    public void The_trainer_of_settings_begins_as_a_run_of_them_does()
    {
        var config = _small.Config();
        double begun = TrainingRun.Start(_small.PathOf("run"), config).Trainer.NextLoss().Loss.Item();
        Assert.Equal(begun, RunDiagnosis.Trainer(config).NextLoss().Loss.Item());
        // With the weights of another run, too.
        string first = _small.Whole("first");
        var from = config with { From = first };
        begun = TrainingRun.Start(_small.PathOf("from"), from).Trainer.NextLoss().Loss.Item();
        Assert.Equal(begun, RunDiagnosis.Trainer(from).NextLoss().Loss.Item());
    }

    [Fact]
    public void Data_that_are_not_those_of_the_run_are_refused()
    {
        var run = RunFolder.Open(_small.Stopped("run", 5));
        File.AppendAllText(_small.Data, "\nxaver");
        Assert.StartsWith($"diagnose {run.FullPath}: ",
            Assert.Throws<InvalidDataException>(() => RunDiagnosis.Trainer(run)).Message, StringComparison.Ordinal);
        File.Delete(_small.Data);
        Assert.EndsWith("say where by --data",
            Assert.Throws<FileNotFoundException>(() => RunDiagnosis.Trainer(run)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TaskKind.Places, "towers")]
    [InlineData(TaskKind.Sequences, "rnn")]
    [InlineData(TaskKind.Table, "linear")]
    public void Every_task_is_diagnosed_of_settings_and_of_a_run(TaskKind kind, string model)
    {
        var config = RunConfig.For(kind, model);
        if (config.Steps > 20) config = config with { Steps = 20 };
        Assert.NotEqual("", Diagnose.Run(RunDiagnosis.Trainer(config), new() { Steps = 8, Rows = 50 }).ToString());
        var run = TrainingRun.Start(_small.PathOf("run"), config);
        run.Train();
        Assert.NotEqual("", Diagnose.Run(RunDiagnosis.Trainer(run.Folder), new() { Steps = 8, Rows = 50 }).ToString());
        Assert.NotEqual("", Diagnose.Run(RunDiagnosis.Recording(run.Folder)).ToString());
    }

    [Theory]
    [InlineData(TaskKind.Map, "kohonen")]
    [InlineData(TaskKind.Patterns, "hopfield")]
    public void What_learns_by_a_rule_of_its_own_has_no_cures_to_try(TaskKind kind, string model)
    {
        string message = $"diagnose: {model} learns by a rule of its own, and the rules of diagnose are about training "
            + "by gradients: look at the recorded run, without trying cures";
        var config = RunConfig.For(kind, model);
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => RunDiagnosis.Trainer(config)).Message);
        var run = TrainingRun.Start(_small.PathOf("run"), config);
        run.Train();
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => RunDiagnosis.Trainer(run.Folder)).Message);
        Assert.Empty(Diagnose.Run(RunDiagnosis.Recording(run.Folder)).Findings);
    }
}
