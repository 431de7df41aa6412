using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tests.Runs;

/// <summary>A new run begins where another stood.</summary>
public sealed class RunBranchTest : IDisposable
{
    readonly SmallRun _small = new();

    public void Dispose() => _small.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(17)]
    [InlineData(30)] // an evaluation
    [InlineData(60)]
    public void Unchanged_it_goes_on_to_the_same_bits(int step)
    {
        string whole = _small.Whole("whole", model: "gpt");
        string[] before = SmallRun.Everything(whole);
        var branch = Branch(step);
        Assert.Equal(step, branch.Trainer.Step);
        branch.Train();
        branch.Finish();
        var bits = SmallRun.Bits(_small.PathOf("branch"));
        foreach (var (name, bytes) in SmallRun.Bits(whole)) Assert.Equal(bytes, bits[name]);
        Assert.Equal(Curve(whole), Curve(_small.PathOf("branch")));
        Assert.Equal(RunFolder.Open(whole).ReadLayers().Select(line => line.Step),
            branch.Folder.ReadLayers().Select(line => line.Step));
        Assert.Equal(before, SmallRun.Everything(whole));
        Assert.Equal((step, whole), (branch.Folder.Settings.FirstStep, branch.Folder.Settings.BranchOf));
    }

    [Fact]
    public void Before_its_best_model_was_overtaken_it_holds_the_one_that_was_the_best_then()
    {
        _small.Whole("whole");
        var stopped = _small.Start("stopped");
        SmallRun.Stop(stopped, 32);
        Branch(32);
        Assert.Equal(File.ReadAllBytes(stopped.Folder.ModelPath),
            File.ReadAllBytes(_small.PathOf("branch/model.safetensors")));
    }

    [Fact]
    public void Settings_of_training_are_changed_and_the_batches_of_another_size_begin_anew()
    {
        _small.Whole("whole", model: "gpt");
        var branch = Branch(30, ("steps", "70"), ("learningRate", "0.5"), ("batchSize", "5"), ("dropout", "0"),
            ("clipNorm", "none"), ("schedule", "constant"));
        Assert.Equal(0.5, branch.Trainer.Optimizer.LearningRate);
        Assert.Equal(5, ((ChainRule.Training.BatchLoss<Ids, Ids>)branch.Trainer.NextLoss()).Inputs.Shape[0]);
        branch.Train();
        branch.Finish();
        Assert.Equal(70, branch.Trainer.Step);
        var settings = RunFolder.Open(_small.PathOf("branch")).Settings;
        Assert.Equal((70, 5, null), (settings.Steps, settings.Training!.BatchSize, settings.Training.ClipNorm));
        Assert.Equal(Curve(_small.PathOf("whole"))[..11], Curve(_small.PathOf("branch"))[..11]);
        Assert.NotEqual(Curve(_small.PathOf("whole"))[11], Curve(_small.PathOf("branch"))[11]);
        Assert.Equal(0.5, branch.Folder.ReadMetrics()[^1].LearningRate);
    }

    /// <summary>Another optimiser begins with nothing remembered; the schedule goes on where it was.</summary>
    [Theory]
    [InlineData("mlp", "sgd")]
    [InlineData("gpt", "adam")]
    [InlineData("gpt", "rmsprop")]
    [InlineData("gpt", "adagrad")]
    public void The_optimiser_is_changed_and_its_state_begins_anew(string model, string optimizer)
    {
        string whole = _small.Whole("whole", model: model);
        var branch = Branch(30, ("optimizer", optimizer));
        var state = branch.Trainer.Optimizer.State.ToArray();
        Assert.Equal(optimizer, branch.Trainer.Optimizer.GetType().Name.ToLowerInvariant());
        Assert.Equal(30, branch.Trainer.Optimizer.Steps);
        Assert.All(state[1..], one => Assert.All(one.Value.To(DType.Float64).ToArray<double>(),
            x => Assert.Equal(0, x)));
        Assert.Equal(TrainingRun.At(whole, 30).Optimizer.LearningRate, branch.Trainer.Optimizer.LearningRate);
        branch.Train();
        branch.Finish();
        Assert.Equal(60, branch.Trainer.Step);
        Assert.NotEqual(File.ReadAllBytes(Path.Combine(whole, "last.safetensors")),
            File.ReadAllBytes(branch.Folder.LastPath));
        // It is rewound itself, and its first state is that of the new optimiser.
        Assert.Equal(45, TrainingRun.At(_small.PathOf("branch"), 45).Optimizer.Steps);
    }

    [Theory]
    [InlineData(TaskKind.Map, "kohonen")]
    [InlineData(TaskKind.Patterns, "hopfield")]
    public void What_learns_by_a_rule_has_no_optimiser_to_change(TaskKind kind, string model)
    {
        var run = TrainingRun.Start(_small.PathOf("whole"), RunConfig.For(kind, model));
        run.Train();
        Assert.StartsWith($"rewind: --optimizer adam: {model} learns by a rule of its own, and no optimizer trains it",
            Assert.Throws<ArgumentException>(() => Branch(1, ("optimizer", "adam"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_branch_is_rewound_to_its_steps_and_no_further()
    {
        _small.Whole("whole");
        Branch(30, ("learningRate", "0.01")).Train();
        string branch = _small.PathOf("branch");
        Directory.Delete(Path.Combine(branch, "history"), recursive: true);
        Assert.Equal(30, TrainingRun.At(branch, 41).ReplayedFrom);
        Assert.Equal($"rewind {branch}: step 29: this run begins at step 30, where it was branched from "
            + $"{_small.PathOf("whole")}: give a step from 30 to 60",
            Assert.Throws<ArgumentException>(() => TrainingRun.At(branch, 29)).Message);
        var twice = TrainingRun.Resume(TrainingRun.Branch(branch, 41, _small.PathOf("twice"), []).FullPath);
        twice.Train();
        Assert.Equal(File.ReadAllBytes(Path.Combine(branch, "last.safetensors")),
            File.ReadAllBytes(twice.Folder.LastPath));
    }

    [Theory]
    [InlineData("seed", "7", "rewind: --seed 7: seed is what the first 30 steps were made with")]
    [InlineData("hidden", "7", "rewind: --hidden 7: hidden is what the first 30 steps were made with")]
    [InlineData("optimizer", "adma", "--optimizer adma: give one of ")]
    [InlineData("freeze", "embedding", "rewind: --freeze embedding: freeze is what the first 30 steps")]
    [InlineData("steps", "29", "rewind: 29 steps, and the new run begins at step 30: give as many or more")]
    [InlineData("batchSize", "0", "--batchSize 0: give a whole number from 1 to 1,000,000")]
    [InlineData("size", "1", "--size 1: model mlp has no setting 'size'")]
    public void What_cannot_be_changed_is_one_sentence_and_makes_no_folder(string name, string value, string message)
    {
        _small.Whole("whole");
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => Branch(30, (name, value))).Message,
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(_small.PathOf("branch")));
    }

    [Theory]
    [InlineData(TaskKind.Table, "mlp")]
    [InlineData(TaskKind.Sequences, "gru")]
    [InlineData(TaskKind.Patterns, "hopfield")]
    public void Other_tasks_are_branched_as_well(TaskKind kind, string model)
    {
        var config = RunConfig.For(kind, model);
        var run = TrainingRun.Start(_small.PathOf("whole"), kind == TaskKind.Patterns ? config
            : config with { Steps = 12 });
        run.Train();
        var branch = Branch(3);
        branch.Train();
        Assert.Equal(File.ReadAllBytes(run.Folder.LastPath), File.ReadAllBytes(branch.Folder.LastPath));
    }

    TrainingRun Branch(int step, params (string Name, string Value)[] changes) =>
        TrainingRun.Resume(TrainingRun.Branch(_small.PathOf("whole"), step, _small.PathOf("branch"),
            [.. changes.Select(one => new GivenSetting($"--{one.Name} {one.Value}", one.Name, one.Value))]).FullPath);

    static RunMetrics[] Curve(string folder) =>
        [.. RunFolder.Open(folder).ReadMetrics().Select(line => line with { Seconds = 0 })];
}
