using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Training;

namespace ChainRule.Tests.Training;

public sealed class CheckpointTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Stopping_at_any_step_and_resuming_gives_the_bits_of_never_stopping(bool plateau)
    {
        var unbroken = SmallTraining.Make(plateau: plateau);
        unbroken.Fit(60);
        float[] expected = SmallTraining.Bits(unbroken.Model);

        foreach (int stop in (int[])[0, 1, 4, 5, 7, 13, 35, 59])
        {
            using var folder = new TemporaryFolder();
            using var cancel = new CancellationTokenSource();
            var first = SmallTraining.Make(new(folder.Path), plateau);
            first.Stepped += (step, _) => { if (step == stop) cancel.Cancel(); };
            if (stop == 0) cancel.Cancel();
            Assert.Equal(TrainingEnd.Cancelled, first.Fit(60, cancellationToken: cancel.Token));
            Assert.Equal(stop, first.Step);

            var second = SmallTraining.Make(new(folder.Path), plateau);
            second.Checkpoint!.Resume(second);
            Assert.Equal(stop, second.Step);
            Assert.Equal(TrainingEnd.Completed, second.Fit(60));
            Assert.Equal(expected, SmallTraining.Bits(second.Model));
            Assert.Equal(unbroken.History.Points, second.History.Points);
            Assert.Equal(unbroken.History.Best, second.History.Best);
        }
    }

    [Fact]
    public void The_best_model_is_kept_and_the_last_one_too()
    {
        using var folder = new TemporaryFolder();
        var trainer = SmallTraining.Make(new(folder.Path));
        float[]? best = null;
        trainer.Evaluated += point => { if (point == trainer.History.Best) best = SmallTraining.Bits(trainer.Model); };
        trainer.Fit(60);

        var read = SmallTraining.Make();
        trainer.Checkpoint!.LoadModel(read.Model);
        Assert.Equal(best, SmallTraining.Bits(read.Model));
        Assert.Equal(["model.safetensors", "last.safetensors"],
            Directory.GetFiles(folder.Path).Select(Path.GetFileName).OrderDescending());
    }

    [Fact]
    public void Two_equal_trainings_write_equal_files()
    {
        using var a = new TemporaryFolder();
        using var b = new TemporaryFolder();
        foreach (var folder in (TemporaryFolder[])[a, b])
            SmallTraining.Make(new(folder.Path, new Dictionary<string, string> { ["note"] = "x", ["about"] = "y" }))
                .Fit(20);
        foreach (string name in (string[])["model.safetensors", "last.safetensors"])
            Assert.Equal(File.ReadAllBytes(a.PathOf(name)), File.ReadAllBytes(b.PathOf(name)));
    }

    [Fact]
    public void A_checkpoint_of_another_model_is_refused_and_changes_nothing()
    {
        using var folder = new TemporaryFolder();
        SmallTraining.Make(new(folder.Path)).Fit(8);
        var other = SmallTraining.Make(new(folder.Path), hidden: 9);
        float[] before = SmallTraining.Bits(other.Model);
        string message = Assert.ThrowsAny<ArgumentException>(() => other.Checkpoint!.Resume(other)).Message;
        Assert.Contains("0.weight", message, StringComparison.Ordinal);
        Assert.Contains("[8, 3]", message, StringComparison.Ordinal);
        Assert.Contains("[9, 3]", message, StringComparison.Ordinal);
        Assert.Equal(before, SmallTraining.Bits(other.Model));
        Assert.ThrowsAny<ArgumentException>(() => other.Checkpoint!.LoadModel(other.Model));
    }

    [Fact]
    public void A_checkpoint_of_another_optimizer_is_refused()
    {
        using var folder = new TemporaryFolder();
        SmallTraining.Make(new(folder.Path)).Fit(8);
        var plain = SmallTraining.Make();
        var other = SmallTraining.Make(new(folder.Path), other: new Sgd(plain.Model.Parameters(), learningRate: 0.1));
        Assert.Contains("Sgd", Assert.ThrowsAny<ArgumentException>(() => other.Checkpoint!.Resume(other)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("optimizer")]
    [InlineData("batches")]
    [InlineData("plateau")]
    [InlineData("generators")]
    public void A_refused_resume_changes_nothing(string different)
    {
        using var folder = new TemporaryFolder();
        SmallTraining.Make(new(folder.Path), plateau: different == "plateau").Fit(8);
        var plain = SmallTraining.Make();
        var rng = new TorchRandom(3);
        var model = plain.Model;
        var other = new Trainer<Tensor, Ids>(model,
            different == "optimizer" ? new Sgd(model.Parameters(), 0.3) : plain.Optimizer,
            Batches.Shuffled(SmallTraining.Points(), different == "batches" ? 8 : 16, 9),
            (x, y) => model.Forward(x).CrossEntropy(y))
        {
            Generators = different == "generators" ? new Dictionary<string, RandomSource>
                { ["dropout"] = plain.Generators["dropout"], ["other"] = rng } : plain.Generators,
        };
        other.Fit(3);
        byte[] batches = other.Batches.SaveState(), drawn = plain.Generators["dropout"].GetState();
        float[] bits = SmallTraining.Bits(model);
        double[][] state = [.. other.Optimizer.State.Select(one => one.Value.To(DType.Float64).ToArray<double>())];
        var (step, rate, points) = (other.Step, other.Optimizer.LearningRate, other.History.Points.ToArray());
        string message = Assert.ThrowsAny<ArgumentException>(() => new Checkpoint(folder.Path).Resume(other)).Message;
        Assert.Contains(different == "generators" ? "generator.other" : different == "optimizer" ? "Sgd" : different,
            message, StringComparison.Ordinal);
        Assert.Equal(bits, SmallTraining.Bits(model));
        Assert.Equal(state, other.Optimizer.State.Select(one => one.Value.To(DType.Float64).ToArray<double>()));
        Assert.Equal((step, rate), (other.Step, other.Optimizer.LearningRate));
        Assert.Equal(points, other.History.Points);
        Assert.Equal(batches, other.Batches.SaveState());
        Assert.Equal(drawn, plain.Generators["dropout"].GetState());
    }

    [Fact]
    public void A_generator_that_a_module_holds_need_not_be_named()
    {
        Trainer<Tensor, Ids> Make(string? folder)
        {
            var rng = new TorchRandom(3);
            var model = new Sequential(new Linear(3, 8, rng), new Dropout(0.5, new TorchRandom(7)),
                new Linear(8, 2, rng));
            return new(model, new Sgd(model.Parameters(), 0.1), Batches.Shuffled(SmallTraining.Points(), 16, 9),
                (x, y) => model.Forward(x).CrossEntropy(y))
            {
                Checkpoint = folder is null ? null : new(folder), EvaluateEvery = 5,
            };
        }
        using var folder = new TemporaryFolder();
        Make(folder.Path).Fit(10);
        var (resumed, unbroken) = (Make(folder.Path), Make(null));
        resumed.Checkpoint!.Resume(resumed);
        resumed.Fit(20);
        unbroken.Fit(20);
        Assert.Equal(SmallTraining.Bits(unbroken.Model), SmallTraining.Bits(resumed.Model));
    }

    [Fact]
    public void A_history_of_version_0_1_says_by_NaN_that_nothing_was_measured()
    {
        using var folder = new TemporaryFolder();
        var trainer = SmallTraining.Make(new(folder.Path));
        trainer.Fit(8);
        var file = Safetensors.Read(trainer.Checkpoint!.LastPath);
        Safetensors.Write(trainer.Checkpoint.LastPath,
        [
            .. file.Names.Where(name => file.DTypeOf(name) != "U8" && name is not ("history" or "metric.accuracy"))
                .Select(name => KeyValuePair.Create(name, file.Tensor(name))),
            new("history", Tensor.From(new double[,] { { 7, 3, double.NaN, 0.1 }, { 8, 2, 5, 0.1 } })),
        ], bytes: file.Names.Where(name => file.DTypeOf(name) == "U8")
            .Select(name => KeyValuePair.Create(name, file.Bytes(name))));
        trainer.Checkpoint.Resume(trainer);
        Assert.Equal([new(7, 3, double.NaN, 0.1) { Validated = false }, new(8, 2, 5, 0.1)], trainer.History.Points);
        Assert.Equal(7, trainer.History.Best!.Value.Step);
    }

    [Theory]
    [InlineData(0, "a count in it is NaN")]
    [InlineData(1, "'history' is [3, 7]")]
    [InlineData(2, "'training' is F32")]
    [InlineData(3, "'history' is not there")]
    public void A_damaged_checkpoint_is_refused_by_what_is_wrong(int damage, string how)
    {
        using var folder = new TemporaryFolder();
        var trainer = SmallTraining.Make(new(folder.Path));
        trainer.Fit(8);
        var file = Safetensors.Read(trainer.Checkpoint!.LastPath);
        List<KeyValuePair<string, Tensor>> tensors =
        [
            .. file.Names.Where(
                name => file.DTypeOf(name) != "U8" && name is not ("training" or "history" or "metric.accuracy"))
                .Select(name => KeyValuePair.Create(name, file.Tensor(name))),
            new("training", damage == 2 ? Tensor.Ones([4]) : Tensor.From(damage == 0 ? double.NaN : 8, 1, 1, 0.1)),
        ];
        if (damage != 3) tensors.Add(new("history", Tensor.Zeros(damage == 1 ? [3, 7] : [3, 5], DType.Float64)));
        var bytes = file.Names.Where(name => file.DTypeOf(name) == "U8")
            .Select(name => KeyValuePair.Create(name, file.Bytes(name)));
        Safetensors.Write(trainer.Checkpoint.LastPath, tensors, bytes: bytes);
        Assert.Equal($"resume: {trainer.Checkpoint.LastPath} is not what a trainer saved, because {how}: save it anew, "
            + "or start again",
            Assert.Throws<InvalidDataException>(() => trainer.Checkpoint.Resume(trainer)).Message);
    }

    [Fact]
    public void Something_that_is_no_checkpoint_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        var trainer = SmallTraining.Make(new(folder.Path));
        Assert.Contains("last.safetensors",
            Assert.ThrowsAny<IOException>(() => trainer.Checkpoint!.Resume(trainer)).Message, StringComparison.Ordinal);
        File.WriteAllText(folder.PathOf("last.safetensors"), "not a checkpoint");
        Assert.Contains("last.safetensors",
            Assert.Throws<InvalidDataException>(() => trainer.Checkpoint!.Resume(trainer)).Message,
            StringComparison.Ordinal);
        Safetensors.Write(folder.PathOf("last.safetensors"), []);
        Assert.Contains("last.safetensors",
            Assert.Throws<InvalidDataException>(() => trainer.Checkpoint!.Resume(trainer)).Message,
            StringComparison.Ordinal);
    }
}
