namespace ChainRule.Tests.Training;

using ChainRule.Training;

public sealed class TrainerAsyncTest
{
    [Fact]
    public async Task Progress_comes_as_it_is_made_and_the_bits_are_those_of_Fit()
    {
        var (one, other) = (SmallTraining.Make(), SmallTraining.Make());
        List<TrainingProgress> reports = [];
        await foreach (var progress in one.FitAsync(60)) reports.Add(progress);
        other.Fit(60);
        Assert.Equal(SmallTraining.Bits(other.Model), SmallTraining.Bits(one.Model));
        Assert.Equal(60, reports[^1].Step);
        Assert.True(reports.Select(report => report.Step).SequenceEqual(reports.Select(report => report.Step).Order()));
        Assert.Equal(TrainingEnd.Completed, one.End);
    }

    [Fact]
    public async Task Leaving_the_loop_ends_the_training_saved()
    {
        using var folder = new TemporaryFolder();
        var trainer = SmallTraining.Make(new(folder.Path));
        await foreach (var progress in trainer.FitAsync(int.MaxValue))
            if (progress.Step >= 14) break;
        Assert.Equal(TrainingEnd.Cancelled, trainer.End);
        var resumed = SmallTraining.Make(new(folder.Path));
        resumed.Checkpoint!.Resume(resumed);
        Assert.Equal(trainer.Step, resumed.Step);
        Assert.Equal(SmallTraining.Bits(trainer.Model), SmallTraining.Bits(resumed.Model));
    }

    [Fact]
    public async Task A_token_ends_it_without_an_exception()
    {
        using var cancel = new CancellationTokenSource();
        var trainer = SmallTraining.Make();
        await foreach (var _ in trainer.FitAsync(int.MaxValue, cancel.Token)) await cancel.CancelAsync();
        Assert.Equal(TrainingEnd.Cancelled, trainer.End);
    }

    [Fact]
    public async Task What_the_training_throws_comes_out_of_the_loop()
    {
        var trainer = SmallTraining.Make();
        trainer.Stepped += (step, _) => { if (step == 8) throw new TimeoutException(); };
        await Assert.ThrowsAsync<TimeoutException>(async () => { await foreach (var _ in trainer.FitAsync(60)) { } });
        Assert.Null(trainer.End);
        Assert.Equal(8, trainer.Step);
    }
}
