using ChainRule.Training;

namespace ChainRule.Tests.Training;

public sealed class EarlyStoppingTest
{
    [Fact]
    public void It_stops_after_so_many_evaluations_without_improvement()
    {
        var history = new History();
        var stopping = new EarlyStopping(Patience: 2);
        List<bool> says = [];
        foreach (double loss in (double[])[3, 2, 2.5, 1.9, 1.9, 1.95])
        {
            history.Add(new(0, 0, loss, 0));
            says.Add(stopping.ShouldStop(history));
        }
        Assert.Equal([false, false, false, false, false, true], says);
    }

    [Fact]
    public void A_fall_smaller_than_the_change_wanted_does_not_count()
    {
        var history = new History();
        foreach (double loss in (double[])[3, 2.95, 2.91]) history.Add(new(0, 0, loss, 0));
        Assert.True(new EarlyStopping(2, MinDelta: 0.1).ShouldStop(history));
        Assert.False(new EarlyStopping(2, MinDelta: 0.01).ShouldStop(history));
    }

    [Fact]
    public void A_trainer_obeys_it_and_a_resumed_one_does_too()
    {
        using var folder = new TemporaryFolder();
        var made = SmallTraining.Make();
        var (model, optimizer, batches) = (made.Model, made.Optimizer, made.Batches);
        Trainer<Tensor, Ids> Make() => new(model, optimizer, batches, (x, y) => model.Forward(x).CrossEntropy(y))
        {
            Validate = () => 1, EvaluateEvery = 1, EarlyStopping = new(Patience: 3), Checkpoint = new(folder.Path),
        };
        var trainer = Make();
        Assert.Equal(TrainingEnd.StoppedEarly, trainer.Fit(100));
        Assert.Equal(3, trainer.Step);
        var resumed = Make();
        resumed.Checkpoint!.Resume(resumed);
        Assert.Equal(TrainingEnd.StoppedEarly, resumed.Fit(100));
        Assert.Equal(3, resumed.Step);
    }

    [Fact]
    public void Wrong_settings_are_refused()
    {
        Assert.Equal("early stopping: patience 0: wait for 1 evaluation or more",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => new EarlyStopping(0).ShouldStop(new())).Message);
        Assert.Equal("early stopping: a change of NaN: give 0 or more",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => new EarlyStopping(1, double.NaN).ShouldStop(new()))
                .Message);
    }
}
