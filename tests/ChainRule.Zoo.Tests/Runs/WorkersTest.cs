using ChainRule.Distributed;
using ChainRule.Training;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tests.Runs;

public sealed class WorkersTest : IDisposable
{
    const int Steps = 6;

    readonly SmallRun _small = new();

    public void Dispose() => _small.Dispose();

    [Theory]
    [InlineData("mlp", TaskKind.Names)]
    [InlineData("wavenet", TaskKind.Names)]
    [InlineData("lstm", TaskKind.Names)]
    [InlineData("gpt", TaskKind.Text)]
    [InlineData("cnn", TaskKind.Images)]
    public void Any_number_of_workers_trains_the_same_model(string model, TaskKind kind)
    {
        var alone = TrainingRun.Start(_small.PathOf("alone"), Config(model, kind));
        Assert.Equal(TrainingEnd.Completed, alone.Train());
        var summary = alone.Finish();
        var bits = SmallRun.Bits(_small.PathOf("alone"));
        foreach (int workers in (int[])[2, 3, 4, 5, 7, 16])
        {
            string name = $"by {workers}";
            var started = TrainingRun.Start(_small.PathOf(name), Config(model, kind));
            ByThreads(workers, _small.PathOf(name), run => Assert.Equal(TrainingEnd.Completed, run.Train()));
            started.Reload();
            Assert.Equal(summary.ValLoss, started.Finish().ValLoss);
            Assert.Equal(bits, SmallRun.Bits(_small.PathOf(name)));
            Assert.Equal(workers, RunFolder.Open(_small.PathOf(name)).ReadWorkers()[^1].Workers.Count);
        }
    }

    [Theory]
    [InlineData("gru", TaskKind.Sequences)]
    [InlineData("dense", TaskKind.Autoencoder)]
    [InlineData("towers", TaskKind.Places)]
    public void Sequences_autoencoders_and_places_are_shared_too(string model, TaskKind kind)
    {
        IReadOnlyDictionary<string, byte[]>? bits = null;
        foreach (int workers in (int[])[1, 2, 3])
        {
            string folder = _small.PathOf($"by {workers}");
            using (new TemporaryRun(_small, $"by {workers}", Config(model, kind) with { Steps = 3 }))
                ByThreads(workers, folder, run => Assert.Equal(TrainingEnd.Completed, run.Train()));
            Assert.Equal(bits ??= SmallRun.Bits(folder), SmallRun.Bits(folder));
        }
    }

    [Theory, InlineData("hopfield", TaskKind.Patterns), InlineData("kohonen", TaskKind.Map)]
    public void What_learns_by_a_rule_of_its_own_has_no_shards(string model, TaskKind kind)
    {
        var config = RunConfig.For(kind, model);
        Assert.False(config.CanShare);
        Assert.EndsWith("shards 4: it learns by a rule of its own, without batches to be cut: leave shards out",
            Assert.Throws<ArgumentException>(() => (config with { Training = config.Training with { Shards = 4 } })
                .Check()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_computes_batches_as_a_whole_is_shared_with_nobody()
    {
        using var run = new TemporaryRun(_small, "whole");
        string path = SharedMemory.Create(1);
        using var workers = SharedMemory.Join(path, 0);
        File.Delete(path);
        Assert.EndsWith("whole computes each batch as a whole, which one process does alone: train it without workers, "
            + "or start a new run with --set shards=16",
            Assert.Throws<WorkerException>(() => run.Run.Share(workers)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Workers_of_another_run_are_told_apart_by_one_sentence_for_all()
    {
        string[] folders = ["one", "other", "one"];
        using var one = new TemporaryRun(_small, "one", Config("mlp", TaskKind.Names));
        using var other = new TemporaryRun(_small, "other", Config("mlp", TaskKind.Names) with { Seed = 5 });
        string path = SharedMemory.Create(3);
        var failures = new Exception?[3];
        InParallel(3, rank =>
        {
            using var workers = SharedMemory.Join(path, rank);
            failures[rank] = Record.Exception(() => TrainingRun.Join(_small.PathOf(folders[rank]), workers));
        });
        File.Delete(path);
        Assert.All(failures, failure => Assert.Equal($"worker 1 (on {Environment.MachineName}) has another run, or "
            + "another seed, than worker 0: give all workers the same folder",
            Assert.IsType<WorkerException>(failure).Message));
    }

    [Fact]
    public void A_worker_that_cannot_read_the_folder_ends_all()
    {
        using var one = new TemporaryRun(_small, "one", Config("mlp", TaskKind.Names));
        string path = SharedMemory.Create(2);
        var failures = new Exception?[2];
        InParallel(2, rank =>
        {
            using var workers = SharedMemory.Join(path, rank);
            failures[rank] = Record.Exception(() =>
                TrainingRun.Join(_small.PathOf(rank == 0 ? "one" : "none"), workers));
        });
        File.Delete(path);
        Assert.All(failures, failure => Assert.Matches($"^worker 1 \\(on {Environment.MachineName}\\): .*none: there "
            + "is no such folder: .*: all workers must see the run's folder and its data, as on a shared file system$",
            Assert.IsType<WorkerException>(failure).Message));
    }

    [Fact]
    public void Workers_of_another_version_are_refused()
    {
        using var one = new TemporaryRun(_small, "one", Config("mlp", TaskKind.Names));
        Assert.All(
            Refused(2, (workers, rank) => Agreement.Check(workers, one.Run.Folder.Settings, 0, null, $"1.{rank}")),
            sentence => Assert.Equal($"worker 1 (on {Environment.MachineName}) is version 1.1, and worker 0 is 1.0: "
                + "install one version everywhere", sentence));
    }

    [Fact]
    public void Workers_that_were_asked_for_something_else_are_refused()
    {
        string who = $"worker 1 (on {Environment.MachineName})";
        string Sentence(Func<int, KeyValuePair<string, string>[]> asked, Func<int, string?>? refused = null) =>
            Assert.Single(Refused(2, (workers, rank) => TrainingRun.Agree(workers, asked(rank), refused?.Invoke(rank)))
                .Distinct());
        Assert.Equal($"{who} was asked for seed 1, and worker 0 for seed 0: give all workers the same command",
            Sentence(rank => [new("steps", "5"), new("seed", $"{rank}")]));
        Assert.Equal($"{who} was asked for no seed, and worker 0 for seed 0: give all workers the same command",
            Sentence(rank => rank == 0 ? [new("seed", "0")] : []));
        Assert.Equal($"{who}: no such option", Sentence(_ => [], rank => rank == 0 ? null : "no such option"));
        Assert.Equal("no such option", Sentence(_ => [], _ => "no such option"));
    }

    [Fact]
    public void A_start_that_came_to_nothing_is_taken_back()
    {
        Directory.CreateDirectory(_small.PathOf("own"));
        foreach (string name in (string[])["new", "own"])
        {
            var run = TrainingRun.Start(_small.PathOf(name), _small.Config());
            run.TakeBack();
            Assert.Equal(name == "own", Directory.Exists(_small.PathOf(name)));
            Assert.False(File.Exists(_small.PathOf($"{name}/run.json")));
        }
        var resumed = TrainingRun.Resume(_small.Whole("whole"));
        resumed.TakeBack();
        Assert.True(File.Exists(_small.PathOf("whole/run.json")));
    }

    [Fact]
    public void Parts_that_another_model_has_are_said_so()
    {
        var config = Config("lstm", TaskKind.Names);
        config = config with { Training = config.Training with { Recompute = "blocks" } };
        Assert.StartsWith("recompute blocks: no part of lstm has this name (gpt has it): there are ",
            Assert.Throws<ArgumentException>(() => TrainingRun.Start(_small.PathOf("lstm"), config)).Message,
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(_small.PathOf("lstm")));
    }

    [Fact]
    public void Who_is_much_slower_is_named()
    {
        var times = new WorkerTimes(40, [new(0.01, 0.03, 2e6), new(0.012, 0.028, 2e6), new(0.04, 0, 2e6)]);
        Assert.Equal(2, times.Straggler);
        Assert.Equal("3 workers: a step computes 10.0 to 40.0 ms, waits 0.0 to 30.0 ms, sends 2.00 MB each; the others "
            + "wait for worker 2, which takes 3.6 times as long", times.ToString());
        Assert.Equal("1 worker: a step computes 10.0 ms", new WorkerTimes(40, [new(0.01, 0, 0)]).ToString());
        Assert.Null(new WorkerTimes(40, [new(0.01, 0, 0), new(0.012, 0, 0)]).Straggler);
    }

    RunConfig Config(string model, TaskKind kind)
    {
        var config = kind == TaskKind.Images ? RunConfig.For(kind, model) with
            { Sizes = new CnnOptions(Width: 2, Blocks: 2, Dropout: 0.2) }
            : kind is not (TaskKind.Names or TaskKind.Text) ? RunConfig.For(kind, model)
            : _small.Config(model: model, kind: kind);
        return config with { Steps = Steps, Training = config.Training with { BatchSize = 24, Shards = 16,
            EvalEvery = 3 } };
    }

    // What each of some workers is told.
    static string[] Refused(int workers, Action<Transport, int> check)
    {
        string path = SharedMemory.Create(workers);
        string[] sentences = new string[workers];
        InParallel(workers, rank =>
        {
            using var group = SharedMemory.Join(path, rank);
            sentences[rank] = Assert.Throws<WorkerException>(() => check(group, rank)).Message;
        });
        File.Delete(path);
        return sentences;
    }

    static void ByThreads(int workers, string folder, Action<TrainingRun> train)
    {
        string path = SharedMemory.Create(workers);
        InParallel(workers, rank =>
        {
            using var group = SharedMemory.Join(path, rank);
            train(TrainingRun.Join(folder, group));
        });
        File.Delete(path);
    }

    static void InParallel(int workers, Action<int> run)
    {
        var failures = new Exception?[workers];
        Thread[] threads = [.. Enumerable.Range(0, workers).Select(rank => new Thread(() =>
            failures[rank] = Record.Exception(() => run(rank))))];
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Assert.All(failures, Assert.Null);
    }

    // A run that was started and not trained; it lets go of its folder.
    sealed class TemporaryRun : IDisposable
    {
        public TemporaryRun(SmallRun small, string name, RunConfig? config = null) =>
            Run = TrainingRun.Start(small.PathOf(name), config ?? small.Config());

        public TrainingRun Run { get; }

        public void Dispose()
        {
            using var stop = new CancellationTokenSource();
            stop.Cancel();
            Run.Train(cancellationToken: stop.Token);
        }
    }
}
