using ChainRule.Data;
using ChainRule.Distributed;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Training;
using Nn = ChainRule.Layers;

namespace ChainRule.Tests.Training;

public sealed class ShardsTest
{
    const int Steps = 12;

    public static TheoryData<string> Networks => ["mlp", "cnn", "lstm", "gru of sums"];

    [Theory, MemberData(nameof(Networks))]
    public void Any_number_of_workers_gives_the_same_bits(string network)
    {
        byte[] alone = Trained(network, 1)[0];
        foreach (int workers in (int[])[2, 3, 4, 5, 7, 16])
            Assert.All(Trained(network, workers), state => Assert.Equal(alone, state));
    }

    [Fact]
    public void Shards_of_several_batches_are_those_of_one_large_one()
    {
        Assert.Equal(Alone(batch: 48, shards: 12, accumulation: 1), Alone(batch: 12, shards: 3, accumulation: 4));
        Assert.NotEqual(Alone(batch: 48, shards: 12, accumulation: 1), Alone(batch: 48, shards: 6, accumulation: 1));

        static byte[] Alone(int batch, int shards, int accumulation)
        {
            var trainer = TrainerOf("mlp", batch, shards, accumulation);
            trainer.Fit(4);
            using var stream = new MemoryStream();
            Checkpoint.SaveModel(trainer.Model, stream);
            return stream.ToArray();
        }
    }

    [Fact]
    public void A_step_in_shards_follows_the_gradient_of_the_whole_batch()
    {
        var whole = TrainerOf("plain", 50, 0);
        var cut = TrainerOf("plain", 50, 16);
        whole.Fit(20);
        cut.Fit(20);
        Assert.Equal(whole.History.Points[^1].TrainLoss, cut.History.Points[^1].TrainLoss, 1e-9);
        foreach (var (name, w) in whole.Model.StateDict())
            Assert.Equal(w.ToArray<double>(), cut.Model.StateDict()[name].ToArray<double>(), (a, b) =>
                Math.Abs(a - b) < 1e-9);
    }

    [Fact]
    public void A_worker_that_is_gone_is_done_without_and_the_bits_stay()
    {
        byte[] alone = Trained("cnn", 1)[0];
        var (states, regroups) = TrainedWithout("cnn", 4, lost: 2, atStep: 5);
        Assert.Equal(3, states.Length);
        Assert.All(states, state => Assert.Equal(alone, state));
        Assert.Equal(3, regroups);
    }

    [Fact]
    public void A_failure_on_one_ends_all_with_its_sentence()
    {
        string path = SharedMemory.Create(3);
        var failures = new Exception?[3];
        InParallel(3, rank =>
        {
            using var workers = SharedMemory.Join(path, rank);
            var trainer = TrainerOf("mlp", 48, 16, workers: workers);
            if (rank == 1) trainer.Stepped += (step, _) =>
            {
                if (step == 3) throw new InvalidOperationException("the disk is full");
            };
            failures[rank] = Record.Exception(() => trainer.Fit(Steps));
        });
        File.Delete(path);
        Assert.Equal("the disk is full", failures[1]!.Message);
        Assert.All((int[])[0, 2], rank =>
        {
            var failure = Assert.IsType<WorkerException>(failures[rank]);
            Assert.Contains("the disk is full", failure.Message, StringComparison.Ordinal);
            Assert.Equal(1, failure.Rank);
        });
    }

    [Fact]
    public void One_that_stops_stops_all_at_the_same_step()
    {
        string path = SharedMemory.Create(3);
        int[] steps = new int[3];
        var ends = new TrainingEnd[3];
        InParallel(3, rank =>
        {
            using var workers = SharedMemory.Join(path, rank);
            var trainer = TrainerOf("mlp", 48, 16, workers: workers);
            if (rank == 2) trainer.Stepped += (step, _) =>
            {
                if (step == 4) trainer.Stop();
            };
            (ends[rank], steps[rank]) = (trainer.Fit(1000), trainer.Step);
        });
        File.Delete(path);
        Assert.All(ends, end => Assert.Equal(TrainingEnd.Stopped, end));
        Assert.All(steps, step => Assert.Equal(steps[0], step));
        Assert.InRange(steps[0], 5, 6);
    }

    [Fact]
    public void What_does_not_go_together_is_refused()
    {
        string path = SharedMemory.Create(1);
        using var one = SharedMemory.Join(path, 0);
        Assert.Equal("train: 1 workers, and batches that are computed as a whole: set Shards, to 16 or to another "
            + "number that stays the same for any number of workers",
            Assert.Throws<InvalidOperationException>(() => TrainerOf("mlp", 48, 0, workers: one).Fit(1)).Message);
        File.Delete(path);
        Assert.Equal("train: -1 shards: give 1 to 65,536, or 0 for a batch as a whole",
            Assert.Throws<ArgumentOutOfRangeException>(() => TrainerOf("mlp", 48, -1).Fit(1)).Message);
    }

    [Fact]
    public void The_loss_of_a_shard_to_come_is_that_which_the_step_computes()
    {
        var trainer = TrainerOf("mlp", 48, 4);
        trainer.Fit(2);
        double[] losses = [.. Enumerable.Range(0, 4).Select(shard => trainer.NextLoss(shard).Loss.Item())];
        double next = trainer.NextLoss(4).Loss.Item(), step = 0;
        trainer.Stepped += (_, loss) => step = loss;
        trainer.Fit(3);
        Assert.Equal(losses.Average(), step, 1e-6);
        Assert.Equal(next, trainer.NextLoss(0).Loss.Item(), 0.5);
        Assert.NotEqual(losses[0], losses[1]);
    }

    static byte[][] Trained(string network, int workers)
    {
        if (workers == 1)
        {
            var alone = TrainerOf(network, 48, 16);
            alone.Fit(Steps);
            return [StateOf(alone)];
        }
        string path = SharedMemory.Create(workers);
        byte[][] states = new byte[workers][];
        InParallel(workers, rank =>
        {
            using var group = SharedMemory.Join(path, rank);
            var trainer = TrainerOf(network, 48, 16, workers: group);
            trainer.Fit(Steps);
            states[rank] = StateOf(trainer);
        });
        File.Delete(path);
        return states;
    }

    static (byte[][] States, int Regroups) TrainedWithout(string network, int workers, int lost, int atStep)
    {
        string path = SharedMemory.Create(workers);
        byte[][] states = new byte[workers][];
        int regroups = 0;
        var joined = new SharedMemory[workers];
        InParallel(workers, rank =>
        {
            joined[rank] = SharedMemory.Join(path, rank);
            var trainer = TrainerOf(network, 48, 16, workers: joined[rank]);
            trainer.Regrouped += _ => Interlocked.Increment(ref regroups);
            if (rank == lost) trainer.Stepped += (step, _) =>
            {
                if (step != atStep) return;
                foreach (var other in joined) if (other != joined[lost]) other.MarkGone(lost);
                throw new WorkerException("its process ended");
            };
            try
            {
                trainer.Fit(Steps);
                states[rank] = StateOf(trainer);
            }
            catch (WorkerException) when (rank == lost)
            {
                states[rank] = [];
            }
        });
        foreach (var one in joined) one.Dispose();
        File.Delete(path);
        return ([.. states.Where(state => state.Length > 0)], regroups);
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

    static Trainer<Tensor, Ids> TrainerOf(string network, int batch, int shards, int accumulation = 1,
        Transport? workers = null)
    {
        var rng = new TorchRandom(3);
        var x = Tensor.Randn([200, 36], rng);
        var y = Ids.From([.. Enumerable.Range(0, 200).Select(i => i * 7 % 5)]);
        bool isImage = network == "cnn", isSequence = network is "lstm" or "gru of sums";
        Module model = network switch
        {
            "mlp" => new Sequential(new Nn.Linear(36, 24, rng), new Nn.Relu(), new Nn.Dropout(0.3, rng),
                new Nn.Linear(24, 5, rng)),
            "plain" => new Sequential(new Nn.Linear(36, 24, rng), new Nn.Tanh(), new Nn.Linear(24, 5, rng)),
            "cnn" => new Sequential(new Nn.Conv2d(1, 4, 3, rng), new Nn.BatchNorm(4, axis: 1), new Nn.Relu(),
                new Flatten(), new Nn.Dropout(0.2, rng), new Nn.Linear(64, 5, rng)),
            "lstm" => new Sequential(new Nn.Lstm(6, 10, rng), new Flatten(), new Nn.Linear(60, 5, rng)),
            _ => new Sequential(new Nn.Gru(6, 10, rng), new Flatten(), new Nn.Linear(60, 5, rng)),
        };
        if (network == "plain")
        {
            model.To(DType.Float64);
            x = x.To(DType.Float64);
        }
        x = isImage ? x.Reshape([200, 1, 6, 6]) : isSequence ? x.Reshape([200, 6, 6]) : x;
        var data = Dataset.From(x, y);
        return new(model, new AdamW(model.Parameters(), 1e-2), Batches.Shuffled(data, batch, seed: 1),
            model.Forward, network == "gru of sums" ? (o, t) => o.CrossEntropy(t, reduction: Reduction.Sum)
                : (o, t) => o.CrossEntropy(t))
        {
            Shards = shards, GradientAccumulation = accumulation, Workers = workers, ClipNorm = 1, EvaluateEvery = 4,
            Validation = data, Metrics = { ["accuracy"] = (o, t) => o.Accuracy(t) },
        };
    }

    static byte[] StateOf(Trainer<Tensor, Ids> trainer)
    {
        using var stream = new MemoryStream();
        ((ITrainer)trainer).SaveLast(stream);
        return stream.ToArray();
    }
}
