using ChainRule.Diagnostics;
using ChainRule.Randomness;
using ChainRule.Tests;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Sequences;
using ChainRule.Zoo.Tasks;
using ChainRule.Zoo.Tests.Runs;

namespace ChainRule.Zoo.Tests.Sequences;

public sealed class SequenceDataTest
{
    [Fact]
    public void A_copy_says_the_symbol_of_some_steps_ago()
    {
        var (x, y) = SyntheticSequences.Draw(SequenceProblem.Copy, 3, 7, 2, new TorchRandom(1));
        Assert.Equal("[3, 7, 4]", x.Shape.ToString());
        var symbols = x.ArgMax(2);
        Assert.Equal(21, x.Sum().Item());
        for (int i = 0; i < 21; i++)
            Assert.Equal(i % 7 < 2 ? SyntheticSequences.NoTarget : symbols.Span[i - 2], y.Span[i]);
    }

    [Fact]
    public void A_parity_says_whether_the_ones_so_far_are_odd()
    {
        var (x, y) = SyntheticSequences.Draw(SequenceProblem.Parity, 2, 5, 1, new TorchRandom(2));
        int[] bits = x.ArgMax(2).Span.ToArray();
        for (int i = 0; i < 10; i++) Assert.Equal(bits[(i / 5 * 5)..(i + 1)].Sum() % 2, y.Span[i]);
    }

    [Fact]
    public void Chirps_rise_fall_or_stay()
    {
        // The loudest frequency of frames in the middle of a sound, early and late.
        (int Early, int Late) Loudest(int kind, ulong seed)
        {
            int[] best = SyntheticSequences.Frames(SyntheticSequences.Sound(kind, new TorchRandom(seed))).ArgMax(1)
                .Span.ToArray();
            return (best[9], best[19]);
        }
        int rises = 0, falls = 0;
        for (ulong seed = 0; seed < 40; seed++)
        {
            var (up, down) = (Loudest(1, seed), Loudest(2, seed));
            if (up.Late > up.Early) rises++;
            if (down.Late < down.Early) falls++;
        }
        Assert.InRange(rises, 34, 40);
        Assert.InRange(falls, 34, 40);
        var (x, y) = SyntheticSequences.Draw(SequenceProblem.Chirps, 6, 1, 1, new TorchRandom(2));
        Assert.Equal(("[6, 29, 33]", 6), (x.Shape.ToString(), y.Span.ToArray().Count(one => one >= 0)));
    }

    /// <summary>Each model that has a memory learns what one that sees a single step can only guess.</summary>
    /// <summary>Short sequences; chirps have a length of their own, and copy alone has a delay.</summary>
    static SequenceOptions Short(SequenceProblem problem) => problem switch
    {
        SequenceProblem.Copy => new(problem, Length: 10, Delay: 3),
        SequenceProblem.Chirps => new(problem),
        _ => new(problem, Length: 10),
    };

    [Theory]
    [InlineData("rnn", SequenceProblem.Copy, 0.95)]
    [InlineData("gru", SequenceProblem.Copy, 0.99)]
    [InlineData("lstm", SequenceProblem.Copy, 0.99)]
    [InlineData("conv", SequenceProblem.Copy, 0.99)]
    [InlineData("gru", SequenceProblem.Parity, 0.99)]
    [InlineData("lstm", SequenceProblem.Parity, 0.99)]
    [InlineData("gru", SequenceProblem.Chirps, 0.85)]
    [InlineData("conv", SequenceProblem.Chirps, 0.85)]
    public void What_remembers_learns_it(string model, SequenceProblem problem, double least)
    {
        double accuracy = Accuracy(model, Short(problem), steps: 600);
        Assert.True(accuracy >= least, $"{model} on {problem}: {accuracy:0.0000}");
    }

    [Theory]
    [InlineData(SequenceProblem.Copy, 0.20, 0.30)]
    [InlineData(SequenceProblem.Parity, 0.45, 0.60)]
    [InlineData(SequenceProblem.Chirps, 0.20, 0.50)]
    public void What_sees_one_step_can_only_guess(SequenceProblem problem, double low, double high) =>
        Assert.InRange(Accuracy("context-1", Short(problem), steps: 300), low, high);

    [Theory]
    [InlineData("rnn")]
    [InlineData("gru")]
    [InlineData("lstm")]
    [InlineData("conv")]
    [InlineData("context-1")]
    public void A_recipe_reaches_its_goal(string model)
    {
        using var folder = new TemporaryFolder();
        var run = TrainingRun.Start(folder.PathOf("run"), RunConfig.For(TaskKind.Sequences, model));
        run.Train();
        Assert.InRange(run.Finish().ValLoss, 0, Recipe.Find(TaskKind.Sequences, model).For(TaskKind.Sequences).Goal);
    }

    [Theory]
    [InlineData("rnn")]
    [InlineData("gru")]
    [InlineData("lstm")]
    [InlineData("conv")]
    [InlineData("context-1")]
    public void Gradients_are_those_of_central_differences_and_the_first_loss_is_the_expected_one(string model)
    {
        var trial = TrainingTask.Of(TaskKind.Sequences).Open(null)
            .CreateTrial(Recipe.Find(TaskKind.Sequences, model), seed: 3);
        GradCheck.Require(model, trial.TinyLoss, trial.Tiny.NamedParameters());
        Assert.Equal(Math.Log(4), trial.FirstLoss().Item(), 0.05);
    }

    [Fact]
    public void Convolutions_and_recurrent_networks_see_no_later_step()
    {
        var rng = new TorchRandom(4);
        var options = new SequenceModelOptions(Hidden: 5, Layers: 2);
        foreach (var model in (SequenceModel[])[SequenceModel.Rnn(options, 3, 2, rng), SequenceModel.Gru(options, 3, 2,
            rng), SequenceModel.Lstm(options, 3, 2, rng), SequenceModel.Convolutional(options, 3, 2, rng)])
        {
            var x = Tensor.Randn([1, 9, 3], rng);
            float[] whole = model.Forward(x).ToArray<float>(), first = model.Forward(x.Slice(1, 0, 6)).ToArray<float>();
            Close.Equal([.. first.Select(one => (double)one)], [.. whole[..12].Select(one => (double)one)],
                Close.Float32, "the first six steps");
            Assert.True(model.HasMemory);
        }
        Assert.False(SequenceModel.ContextOne(options, 3, 2, rng).HasMemory);
    }

    [Fact]
    public void A_run_that_was_stopped_ends_in_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        var config = RunConfig.For(TaskKind.Sequences, "gru") with
            { Steps = 40, Options = new SequenceOptions(Length: 8, Delay: 2, Count: 64) };
        var whole = TrainingRun.Start(folder.PathOf("whole"), config);
        whole.Train();
        SmallRun.Stop(TrainingRun.Start(folder.PathOf("cut"), config), 13);
        TrainingRun.Resume(folder.PathOf("cut")).Train();
        var (one, two) = (SmallRun.Bits(folder.PathOf("whole")), SmallRun.Bits(folder.PathOf("cut")));
        Assert.Equal(one.Keys, two.Keys);
        Assert.All(one, file => Assert.Equal(file.Value, two[file.Key]));
        Assert.Equal(config.Options, RunConfig.Of(whole.Folder).Options);
    }

    [Fact]
    public void What_does_not_go_together_is_refused_in_a_sentence()
    {
        Assert.Equal("sequences: delay 9 in length 5: give a delay below the length",
            Assert.ThrowsAny<ArgumentException>(() => SequenceData.Create(new(Length: 5, Delay: 9))).Message);
        Assert.Equal("sequences: they are made, and read from no file: leave --data out, and choose them by --problem, "
            + "--length and --delay", Assert.ThrowsAny<ArgumentException>(
                () => TrainingTask.Of(TaskKind.Sequences).Open("x.csv")).Message);
        Assert.Equal("sequences: 0 of 5 steps: ask for at least one of one step", Assert.ThrowsAny<ArgumentException>(
            () => SyntheticSequences.Draw(SequenceProblem.Parity, 0, 5, 1, new TorchRandom(1))).Message);
    }

    [Fact]
    public void What_was_saved_of_sequences_is_read_again_or_refused()
    {
        var task = TrainingTask.Of(TaskKind.Sequences);
        var saved = task.Open(null).Preprocessing.Metadata;
        Assert.Equal(4, task.ReadPreprocessing(name => saved[name]).Shape.Outputs);
        foreach (string damaged in (string[])["", "[]", "null", "-1", "[null,\"a\"]"])
            Assert.Throws<InvalidDataException>(() => task.ReadPreprocessing(_ => damaged));
    }

    static double Accuracy(string model, SequenceOptions options, int steps)
    {
        using var folder = new TemporaryFolder();
        var run = TrainingRun.Start(folder.PathOf("run"), RunConfig.For(TaskKind.Sequences, model) with
            { Steps = steps, Options = options });
        run.Train();
        return run.Finish().Metrics["testAccuracy"];
    }
}
