using ChainRule.Tests;
using ChainRule.Zoo.Images;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tests.Runs;

public sealed class FreezingTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    TrainingRun Start(string name, string? freeze)
    {
        var config = RunConfig.For(TaskKind.Images, "cnn");
        return TrainingRun.Start(_folder.PathOf(name), config with { Steps = 12,
            Options = new ImageOptions(Size: 8, PerClass: 10),
            Sizes = new CnnOptions(Width: 2, Blocks: 2, Dropout: 0.2),
            Training = config.Training with { Freeze = freeze, BatchSize = 20 } });
    }

    static Dictionary<string, float[]> Numbers(TrainingRun run) =>
        run.Model.StateDict().ToDictionary(one => one.Key, one => one.Value.ToArray<float>());

    [Fact]
    public void What_is_frozen_keeps_its_bits_running_statistics_too_and_the_rest_learns()
    {
        var run = Start("run", "features");
        var before = Numbers(run);
        run.Train();
        var after = Numbers(run);
        Assert.Contains("features.1.runningMean", before.Keys.Select(name => name.Replace("running_mean",
            "runningMean", StringComparison.Ordinal)));
        Assert.All(before, one => Assert.Equal(one.Key.StartsWith("features.", StringComparison.Ordinal),
            one.Value.SequenceEqual(after[one.Key])));
        Assert.Equal(["head.weight", "head.bias"], run.Folder.ReadLayers()[^1].Weights.Keys);
    }

    [Fact]
    public void Single_layers_and_parameters_are_frozen_by_their_whole_names()
    {
        var run = Start("run", "features.0, head.bias");
        var before = Numbers(run);
        run.Train();
        var after = Numbers(run);
        Assert.Equal(["features.0.weight", "head.bias"], before.Where(one => one.Value.SequenceEqual(after[one.Key]))
            .Select(one => one.Key));
    }

    [Fact]
    public void A_frozen_run_that_was_stopped_ends_in_the_same_bits()
    {
        Start("whole", "features").Train();
        SmallRun.Stop(Start("cut", "features"), 5);
        TrainingRun.Resume(_folder.PathOf("cut")).Train();
        Assert.All(SmallRun.Bits(_folder.PathOf("whole")),
            file => Assert.Equal(file.Value, SmallRun.Bits(_folder.PathOf("cut"))[file.Key]));
    }

    [Fact]
    public void What_has_no_such_name_and_what_leaves_nothing_to_train_is_refused()
    {
        Refused("freeze feature: no parameter has this name, or one that begins with it and a dot: there are "
            + "features.0.weight, features.1.weight, ", "feature");
        Refused("freeze : no parameter has this name", "");
        Refused("freeze features,head: nothing is left to be trained: leave some of features.0.weight, ",
            "features,head");
        Assert.False(Directory.Exists(_folder.PathOf("refused")));

        void Refused(string begins, string freeze) => Assert.StartsWith(begins,
            Assert.ThrowsAny<ArgumentException>(() => Start("refused", freeze)).Message, StringComparison.Ordinal);
    }
}
