using ChainRule.Optim;
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
            Assert.Equal(TrainingEnd.Cancelled, first.Fit(60, stop: cancel.Token));
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
        Assert.Equal(["model.safetensors", "last.safetensors"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).OrderDescending());
    }

    [Fact]
    public void Two_equal_trainings_write_equal_files()
    {
        using var a = new TemporaryFolder();
        using var b = new TemporaryFolder();
        foreach (var folder in (TemporaryFolder[])[a, b]) SmallTraining.Make(new(folder.Path, new Dictionary<string, string> { ["note"] = "x", ["about"] = "y" })).Fit(20);
        foreach (string name in (string[])["model.safetensors", "last.safetensors"]) Assert.Equal(File.ReadAllBytes(a.PathOf(name)), File.ReadAllBytes(b.PathOf(name)));
    }

    [Fact]
    public void A_checkpoint_of_another_model_is_refused_and_changes_nothing()
    {
        using var folder = new TemporaryFolder();
        SmallTraining.Make(new(folder.Path)).Fit(8);
        var other = SmallTraining.Make(new(folder.Path), hidden: 9);
        float[] before = SmallTraining.Bits(other.Model);
        string message = Assert.Throws<ArgumentException>(() => other.Checkpoint!.Resume(other)).Message;
        Assert.Contains("0.weight", message, StringComparison.Ordinal);
        Assert.Contains("[8, 3]", message, StringComparison.Ordinal);
        Assert.Contains("[9, 3]", message, StringComparison.Ordinal);
        Assert.Equal(before, SmallTraining.Bits(other.Model));
        Assert.Throws<ArgumentException>(() => other.Checkpoint!.LoadModel(other.Model));
    }

    [Fact]
    public void A_checkpoint_of_another_optimizer_is_refused()
    {
        using var folder = new TemporaryFolder();
        SmallTraining.Make(new(folder.Path)).Fit(8);
        var plain = SmallTraining.Make();
        var other = SmallTraining.Make(new(folder.Path), other: new Sgd(plain.Model.Parameters(), rate: 0.1));
        Assert.Contains("Sgd", Assert.Throws<ArgumentException>(() => other.Checkpoint!.Resume(other)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Something_that_is_no_checkpoint_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        var trainer = SmallTraining.Make(new(folder.Path));
        Assert.Contains("last.safetensors", Assert.ThrowsAny<IOException>(() => trainer.Checkpoint!.Resume(trainer)).Message, StringComparison.Ordinal);
        File.WriteAllText(folder.PathOf("last.safetensors"), "not a checkpoint");
        Assert.Contains("last.safetensors", Assert.Throws<InvalidDataException>(() => trainer.Checkpoint!.Resume(trainer)).Message, StringComparison.Ordinal);
        Safetensors.Write(folder.PathOf("last.safetensors"), []);
        Assert.Contains("last.safetensors", Assert.Throws<InvalidDataException>(() => trainer.Checkpoint!.Resume(trainer)).Message, StringComparison.Ordinal);
    }
}
