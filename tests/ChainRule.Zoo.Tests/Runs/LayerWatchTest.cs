using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Tests.Runs;

public sealed class LayerWatchTest : IDisposable
{
    readonly SmallRun _small = new();

    public void Dispose() => _small.Dispose();

    [Fact]
    public void The_first_evaluation_after_a_step_the_last_and_one_in_a_hundred_steps_have_a_line_of_every_parameter()
    {
        var run = RunFolder.Open(_small.Whole("run"));
        var lines = run.ReadLayers();
        Assert.Equal([3, 60], lines.Select(line => line.Step));
        Assert.All(lines, line => Assert.Contains(run.ReadMetrics(), metrics => metrics.Step == line.Step));
        string[] names = [.. SavedModel.Load(_small.PathOf("run")).Model.NamedParameters().Select(one => one.Key)];
        Assert.All(lines, line => Assert.Equal(names, line.Weights.Keys));
        Assert.All(lines, line => Assert.All(line.Updates.Values, update => Assert.InRange(update, 0, 10)));
        Assert.All(lines, line => Assert.Equal(names, line.Gradients.Keys));
    }

    [Fact]
    public void What_it_says_is_what_the_step_did()
    {
        var run = _small.Start("measured", model: "bigram", steps: 1);
        float[] before = run.Model.Parameters()[0].ToArray<float>();
        run.Train();
        float[] after = run.Model.Parameters()[0].ToArray<float>(),
            gradient = run.Model.Parameters()[0].Grad!.ToArray<float>();
        var line = Assert.Single(run.Folder.ReadLayers());
        Assert.Equal(Size(after), line.Weights.Values.Single(), Size(after) * 1e-5);
        Assert.Equal(Size(gradient), line.Gradients.Values.Single(), Size(gradient) * 1e-5);
        double ratio = Size([.. after.Zip(before, (now, then) => now - then)]) / Size(before);
        Assert.Equal(ratio, line.Updates.Values.Single(), ratio * 1e-5);

        static double Size(float[] x) => Math.Sqrt(x.Average(one => (double)one * one));
    }

    /// <summary>Clipping would hide what explodes: sizes are those of the gradients as they came.</summary>
    [Fact]
    public void Gradients_are_measured_before_they_are_clipped()
    {
        IReadOnlyDictionary<string, double> Of(string name, double? clipNorm)
        {
            var config = _small.Config(steps: 1);
            var run = TrainingRun.Start(_small.PathOf(name),
                config with { Training = config.Training with { ClipNorm = clipNorm } });
            run.Train();
            Assert.Equal(clipNorm is null, run.Trainer.ClipFactor == 1);
            return Assert.Single(run.Folder.ReadLayers()).Gradients;
        }

        var free = Of("free", null);
        var clipped = Of("clipped", 1e-3);
        Assert.Equal(free.Keys, clipped.Keys);
        foreach (var (name, size) in free) Assert.Equal(size, clipped[name], size * 1e-4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(30)]
    public void Stopped_anywhere_and_resumed_it_says_the_same(int at)
    {
        string whole = _small.Whole("whole"), broken = _small.Stopped("broken", at);
        // A line that was cut as it was written, and one of a step that was not saved.
        File.AppendAllText(Path.Combine(broken, "layers.jsonl"),
            """{"step":59,"weights":{},"gradients":{},"updates":{}}""" + "\n{\"step\":6");
        var run = TrainingRun.Resume(broken);
        run.Train();
        run.Finish();
        Assert.Equal(File.ReadAllText(Path.Combine(whole, "layers.jsonl")),
            File.ReadAllText(Path.Combine(broken, "layers.jsonl")));
    }

    [Fact]
    public void A_run_of_an_earlier_version_has_none_and_is_resumed()
    {
        string broken = _small.Stopped("old", 30);
        File.Delete(Path.Combine(broken, "layers.jsonl"));
        Assert.Empty(RunFolder.Open(broken).ReadLayers());
        var run = TrainingRun.Resume(broken);
        run.Train();
        Assert.NotEmpty(run.Folder.ReadLayers());
    }
}
