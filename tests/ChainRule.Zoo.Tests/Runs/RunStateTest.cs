using ChainRule.Training;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Places;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Images;
using ChainRule.Zoo.Sequences;
using ChainRule.Zoo.Tables;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tests.Runs;

/// <summary>A run is at each of its steps again, with the bits that it had there.</summary>
public sealed class RunStateTest : IDisposable
{
    const int Steps = 30;

    readonly SmallRun _small = new();

    public static TheoryData<TaskKind, string> EveryRecipe
    {
        get
        {
            var all = new TheoryData<TaskKind, string>();
            foreach (var recipe in Recipe.All) foreach (var kind in recipe.Tasks) all.Add(kind, recipe.Name);
            return all;
        }
    }

    public void Dispose() => _small.Dispose();

    [Theory]
    [MemberData(nameof(EveryRecipe))]
    public void At_random_steps_it_has_the_bits_of_a_run_that_was_stopped_there(TaskKind kind, string model)
    {
        var config = Config(kind, model);
        // The states that are kept: three of them, and those between are made again.
        var one = TrainingRun.Start(_small.PathOf("size"), config);
        config = config with { History = 7 * new FileInfo(one.Folder.LastPath).Length / 2 };
        int last = one.Folder.Settings.Steps;
        // The first and the last, and three between; eighteen where there is time for it.
        int some = Environment.GetEnvironmentVariable("CHAINRULE_LONG") is null ? 4 : 19;
        int[] steps = [.. Enumerable.Range(0, last + 1)];
        if (last > 1) new Random(5).Shuffle(steps.AsSpan()[1..^1]);
        steps = [.. steps.Take(some).Append(last).Distinct().Order()];

        var whole = TrainingRun.Start(_small.PathOf("whole"), config);
        whole.Train();
        string[] before = SmallRun.Everything(whole.Folder.FullPath);
        Assert.InRange(RunHistory.Of(whole.Folder).Count, last == 0 ? 1 : 2, 3);
        var stopped = TrainingRun.Start(_small.PathOf("stopped"), config);
        foreach (int step in steps)
        {
            SmallRun.Stop(stopped, step);
            var state = TrainingRun.At(whole.Folder.FullPath, step);
            Assert.Equal(step, state.Step);
            Assert.Equal(File.ReadAllBytes(stopped.Folder.LastPath), Bytes(state));
            Assert.InRange(state.ReplayedFrom, 0, step);
        }
        Assert.Equal(before, SmallRun.Everything(whole.Folder.FullPath));
    }

    /// <summary>With dropout and batch norm: the next loss is that of the step, to the bit.</summary>
    [Theory]
    [InlineData(TaskKind.Names, "gpt")]
    [InlineData(TaskKind.Names, "mlp")]
    [InlineData(TaskKind.Images, "cnn")]
    [InlineData(TaskKind.Table, "mlp")]
    [InlineData(TaskKind.Sequences, "gru")]
    public void The_next_loss_is_the_one_that_the_next_step_has(TaskKind kind, string model)
    {
        var run = TrainingRun.Start(_small.PathOf("run"), Config(kind, model));
        List<double> losses = [];
        run.Trainer.Stepped += (_, loss) => losses.Add(loss);
        run.Train();
        foreach (int step in (int[])[0, 3, 11, Steps - 1])
        {
            var state = TrainingRun.At(_small.PathOf("run"), step);
            byte[] before = Bytes(state);
            Assert.Equal(losses[step], state.NextLoss().Loss.Item());
            Assert.Equal(losses[step], state.NextLoss().Loss.Item());
            Assert.NotEqual(losses[step], state.NextLoss(batch: 1).Loss.Item());
            Assert.Equal(before, Bytes(state));
            Assert.True(state.Model.Training);
        }
    }

    [Fact]
    public void Without_any_state_kept_the_steps_are_made_from_the_first()
    {
        var config = Config(TaskKind.Names, "gpt");
        var with = TrainingRun.Start(_small.PathOf("with"), config);
        with.Train();
        var without = TrainingRun.Start(_small.PathOf("without"), config with { History = 0 });
        without.Train();
        Assert.False(Directory.Exists(_small.PathOf("without/history")));
        Assert.Equal([0, 4, 8, 12, 16, 20, 24, 28], RunHistory.Of(with.Folder).Select(one => one.Step));
        var (a, b) = (TrainingRun.At(with.Folder.FullPath, 23), TrainingRun.At(without.Folder.FullPath, 23));
        Assert.Equal((20, 0), (a.ReplayedFrom, b.ReplayedFrom));
        Assert.Equal(Bytes(a), Bytes(b));
        Assert.Equal(SmallRun.Bits(with.Folder.FullPath), SmallRun.Bits(without.Folder.FullPath));
    }

    [Fact]
    public void The_states_stay_within_what_they_may_take()
    {
        var config = Config(TaskKind.Names, "mlp") with { Steps = 200 };
        long most = 0;
        var run = TrainingRun.Start(_small.PathOf("run"), config with { History = 1 << 21 });
        run.Trainer.Checkpoint!.Saved += () => most = Math.Max(most, RunHistory.Of(run.Folder)
            .Sum(one => new FileInfo(one.Path).Length));
        run.Train();
        Assert.InRange(most, 1 << 19, 1 << 21);
        int[] kept = [.. RunHistory.Of(run.Folder).Select(one => one.Step)];
        Assert.Equal(0, kept[0]);
        Assert.True(kept.Length >= 4, string.Join(", ", kept));
        Assert.All(kept, step => Assert.Equal(0, step % 4));
    }

    [Fact]
    public void A_state_that_is_damaged_or_of_another_run_is_refused_and_without_it_an_earlier_one_is_taken()
    {
        var config = Config(TaskKind.Names, "bigram");
        string run = _small.PathOf("run");
        TrainingRun.Start(run, config).Train();
        byte[] right = Bytes(TrainingRun.At(run, 22));
        string state = Path.Combine(run, "history", "step-20.safetensors");
        byte[] own = File.ReadAllBytes(state);
        File.WriteAllBytes(state, own[..^9]);
        Assert.Equal($"{state}: this file is damaged, or no run wrote it: delete it: an earlier state of the run is "
            + "taken in its place", Assert.Throws<InvalidDataException>(() => TrainingRun.At(run, 22)).Message);
        TrainingRun.Start(_small.PathOf("other"), config with { Seed = 1 }).Train();
        File.Copy(_small.PathOf("other/history/step-20.safetensors"), state, overwrite: true);
        Assert.Contains("it and run.json are not of one run: its seed is 1",
            Assert.Throws<InvalidDataException>(() => TrainingRun.At(run, 22)).Message, StringComparison.Ordinal);
        File.Delete(state);
        Assert.Equal(right, Bytes(TrainingRun.At(run, 22)));
    }

    [Fact]
    public void Steps_that_come_out_otherwise_than_recorded_are_refused()
    {
        string run = _small.PathOf("run");
        TrainingRun.Start(run, Config(TaskKind.Names, "bigram")).Train();
        string early = Path.Combine(run, "history", "step-8.safetensors");
        // The state of another step in the place of this one.
        File.Copy(Path.Combine(run, "history", "step-4.safetensors"), early, overwrite: true);
        var state = TrainingRun.At(run, 9);
        Assert.Equal(9, state.Step);
        foreach (string file in Directory.GetFiles(Path.Combine(run, "history"))) File.Delete(file);
        var trainer = TrainingRun.At(run, 0).Trainer;
        Assert.StartsWith("replay: the training loss at step 4 comes out as ",
            Assert.Throws<InvalidOperationException>(() => trainer.Replay(9,
                [new HistoryPoint(4, 1.5, 2, 0.1)])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_that_the_run_has_not_come_to_is_one_sentence()
    {
        string run = _small.Stopped("run", 17);
        Assert.Equal($"rewind {run}: step 18: this run stands at step 17: give a step from 0 to 17",
            Assert.Throws<ArgumentException>(() => TrainingRun.At(run, 18)).Message);
        Assert.Throws<ArgumentException>(() => TrainingRun.At(run, -1));
        Assert.Equal(17, TrainingRun.At(run).Step);
    }

    [Fact]
    public void Half_written_states_are_swept_and_a_file_in_the_place_of_their_folder_is_refused()
    {
        string run = _small.Stopped("run", 17);
        string left = Path.Combine(run, "history", "step-3.safetensors.abc.tmp");
        File.WriteAllText(left, "half");
        TrainingRun.Resume(run);
        Assert.False(File.Exists(left));
        Directory.Delete(Path.Combine(run, "history"), recursive: true);
        File.WriteAllText(Path.Combine(run, "history"), "");
        Assert.Contains("this is a file, where a run has the folder of its earlier states",
            Assert.Throws<InvalidDataException>(() => TrainingRun.Resume(run)).Message, StringComparison.Ordinal);
    }

    RunConfig Config(TaskKind kind, string model)
    {
        var recipe = Recipe.Find(kind, model);
        var usual = RunConfig.For(kind, model);
        if (kind == TaskKind.Map) return usual with { Sizes = new KohonenMapOptions(Rows: 3, Columns: 3, Epochs: 30) };
        if (kind == TaskKind.Patterns || recipe.IsSolved(kind) && kind == TaskKind.Table && model != "perceptron")
            return usual;
        var config = usual with { Steps = Steps, Sizes = recipe.Tiny };
        config = config with { Training = config.Training with { EvalEvery = 4,
            BatchSize = Math.Min(config.Training.BatchSize, 16) } };
        return kind switch
        {
            TaskKind.Names or TaskKind.Text => config with { Data = _small.Data,
                Sizes = model == "gpt" ? new GptOptions(Context: 8, Width: 8, Layers: 1, Heads: 2, Dropout: 0.1)
                    : config.Sizes },
            TaskKind.Images => config with { Options = new ImageOptions(PerClass: 8, Augment: true) },
            TaskKind.Sequences => config with { Options = new SequenceOptions(Count: 64, Length: 8) },
            TaskKind.Places => config with { Data = City() },
            TaskKind.Table when model == "neuron" =>
                config with { Options = new TableOptions(Drawn: TableDrawing.Moons) },
            TaskKind.Table when model == "perceptron" =>
                usual with { Options = new TableOptions(Drawn: TableDrawing.Moons) },
            _ => config,
        };
    }

    string City()
    {
        var city = new SyntheticCity(new(3, Places: 60, Users: 30, VisitsPerUser: 15));
        string places = _small.PathOf("places.csv"), visits = _small.PathOf("visits.csv");
        File.WriteAllText(places, city.PlacesCsv());
        File.WriteAllText(visits, city.VisitsCsv());
        return places + Path.PathSeparator + visits;
    }

    static byte[] Bytes(RunState state)
    {
        using var stream = new MemoryStream();
        state.Save(stream);
        return stream.ToArray();
    }
}
