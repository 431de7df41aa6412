using ChainRule.Diagnostics;
using ChainRule.Randomness;
using ChainRule.Tests;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Sequences;
using ChainRule.Zoo.Tasks;
using ChainRule.Zoo.Tests.Runs;

namespace ChainRule.Zoo.Tests.Sequences;

public sealed class AddingDataTest
{
    [Theory]
    [InlineData(9)]
    [InlineData(50)]
    public void One_number_of_each_half_is_marked_and_their_sum_is_the_target(int steps)
    {
        var (x, y) = SyntheticSequences.DrawAdding(200, steps, new TorchRandom(1));
        Assert.Equal(($"[200, {steps}, 2]", "[200, 1]"), (x.Shape.ToString(), y.Shape.ToString()));
        float[] all = x.ToArray<float>(), sums = y.ToArray<float>();
        HashSet<int> places = [];
        for (int i = 0; i < 200; i++)
        {
            int[] marked = [.. Enumerable.Range(0, steps).Where(t => all[2 * (i * steps + t) + 1] == 1)];
            Assert.Equal(2, marked.Length);
            Assert.True(marked[0] < steps / 2 && marked[1] >= steps / 2);
            Assert.Equal(marked.Sum(t => all[2 * (i * steps + t)]), sums[i], 1e-6f);
            places.UnionWith(marked);
        }
        Assert.Equal(steps, places.Count);
        Assert.Equal(1.0 / 6, (y - y.Mean()).Square().Mean().Item(), 0.03);
    }

    /// <summary>A plain recurrent network learns it over 30 steps and not over 50; gates reach farther.</summary>
    [Theory]
    [InlineData("gru", null, 1500, 0.005, 0.2)]
    [InlineData("lstm", 30, 3000, 0.005, 0.2)]
    [InlineData("rnn", 30, 4000, 0.002, 0.75)]
    public void What_remembers_learns_it_better_than_the_mean_and_than_what_sees_one_step(string model, int? length,
        int steps, double rate, double most)
    {
        var (rmse, mean) = Rmse(model, length, steps, rate);
        Assert.True(rmse < most * mean, $"{model}: {rmse:0.0000}, the mean {mean:0.0000}");
        var one = Rmse("context-1", length, 300, 0.005);
        Assert.InRange(one.Rmse / one.Mean, 0.95, 1.1);
        Assert.True(rmse < 0.8 * one.Rmse);
    }

    [Theory]
    [InlineData("rnn")]
    [InlineData("gru")]
    [InlineData("lstm")]
    [InlineData("conv")]
    [InlineData("context-1")]
    public void Gradients_are_those_of_central_differences(string model)
    {
        var trial = TrainingTask.Of(TaskKind.Sequences).Open(null, new SequenceOptions(SequenceProblem.Adding))
            .CreateTrial(Recipe.Find(TaskKind.Sequences, model), seed: 3);
        GradCheck.Require(model, trial.TinyLoss, trial.Tiny.NamedParameters());
        Assert.Null(trial.Classes);
        Assert.InRange(trial.FirstLoss().Item(), 0.5, 2);
    }

    [Fact]
    public void A_run_that_was_stopped_ends_in_the_same_bits_and_is_read_again()
    {
        using var folder = new TemporaryFolder();
        var config = RunConfig.For(TaskKind.Sequences, "gru") with
            { Steps = 40, Options = new SequenceOptions(SequenceProblem.Adding, Length: 8, Count: 64) };
        TrainingRun.Start(folder.PathOf("whole"), config).Train();
        SmallRun.Stop(TrainingRun.Start(folder.PathOf("cut"), config), 13);
        TrainingRun.Resume(folder.PathOf("cut")).Train();
        Assert.All(SmallRun.Bits(folder.PathOf("whole")),
            file => Assert.Equal(file.Value, SmallRun.Bits(folder.PathOf("cut"))[file.Key]));
        Assert.Equal(1, SavedModel.Load(folder.PathOf("cut")).Preprocessing.Shape.Outputs);
    }

    [Fact]
    public void Numbers_and_classes_are_not_taken_for_each_other()
    {
        var adding = new SequenceOptions(SequenceProblem.Adding);
        Refused("sequences: the targets of adding are numbers: make them by AddingData",
            () => SequenceData.Create(adding));
        Refused("sequences: these have classes as targets: make them by SequenceData",
            () => AddingData.Create(new SequenceOptions()));
        Refused("sequences: the targets of adding are numbers: draw them by DrawAdding",
            () => SyntheticSequences.Draw(SequenceProblem.Adding, 1, 5, 1, new TorchRandom(1)));
        Refused("sequences: 3 of 1 steps: ask for at least one of two steps",
            () => SyntheticSequences.DrawAdding(3, 1, new TorchRandom(1)));

        static void Refused(string begins, Action asked) => Assert.StartsWith(begins,
            Assert.ThrowsAny<ArgumentException>(asked).Message, StringComparison.Ordinal);
    }

    static (double Rmse, double Mean) Rmse(string model, int? length, int steps, double rate)
    {
        using var folder = new TemporaryFolder();
        var config = RunConfig.For(TaskKind.Sequences, model);
        var run = TrainingRun.Start(folder.PathOf("run"), config with { Steps = steps,
            Options = new SequenceOptions(SequenceProblem.Adding, length),
            Training = config.Training with { LearningRate = rate, EvalEvery = steps } });
        run.Train();
        var summary = run.Finish();
        Assert.Contains("on test data; always to say the mean has 0.39", Assert.Single(run.Data.Report(summary)),
            StringComparison.Ordinal);
        return (summary.Metrics["testRmse"], summary.Metrics["testRmseOfMean"]);
    }
}
