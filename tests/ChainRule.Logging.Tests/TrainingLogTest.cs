using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Tests;
using ChainRule.Training;
using Microsoft.Extensions.Logging;

namespace ChainRule.Logging.Tests;

public sealed class TrainingLogTest
{
    [Fact]
    public void Each_part_of_a_training_is_told_once()
    {
        using var folder = new TemporaryFolder();
        var logger = new Remembering(LogLevel.Trace);
        var trainer = NewTrainer(new(folder.Path));

        using (trainer.LogTo(logger)) trainer.Fit(4);
        trainer.Fit(6);

        var point = trainer.History.Points[2];
        string path = folder.PathOf("last.safetensors");
        Assert.Equal(["Began", "Saved", "Evaluated", "Stepped", "Stepped", "Saved", "Evaluated", "Stepped", "Stepped",
            "Saved", "Evaluated", "Ended"], logger.Told.Select(one => one.Event));
        Assert.Equal((LogLevel.Information, "Training Linear by Sgd from step 0"), logger.At(0));
        Assert.Equal((LogLevel.Debug, $"Step 0: saved in {path}"), logger.At(1));
        Assert.Equal((LogLevel.Information, FormattableString.Invariant($"Step 4: training loss {point.TrainLoss}, ")
            + FormattableString.Invariant($"validation loss {point.ValidationLoss}, learning rate 0.125")),
            logger.At(^2));
        Assert.Equal(LogLevel.Information, logger.At(^1).Level);
        Assert.Matches(@"^Training ended at step 4: Completed, after \d+(\.\d+)? s of steps$", logger.At(^1).Text);
    }

    [Fact]
    public void A_validation_loss_that_is_NaN_is_a_warning()
    {
        var logger = new Remembering(LogLevel.Warning);
        var trainer = NewTrainer(null, () => double.NaN);

        using (trainer.LogTo(logger)) trainer.Fit(2);

        Assert.Equal((LogLevel.Warning, "Step 2: the validation loss is NaN: how good the model is, is not known"),
            logger.At(^1));
    }

    [Fact]
    public void Steps_that_nobody_wants_to_hear_of_allocate_nothing()
    {
        var trainer = NewTrainer(null, () => 1, evaluateEvery: int.MaxValue);
        // The pools fill up first.
        Taken(trainer, 1010);
        long silent = Taken(trainer, 2010);
        long logged;
        using (trainer.LogTo(new Remembering(LogLevel.Warning))) logged = Taken(trainer, 3010);

        Assert.InRange(logged - silent, -1000, 1000);
    }

    [Fact]
    public void Null_is_refused() => Assert.Equal("log: logger is null: give one",
        Assert.ThrowsAny<ArgumentNullException>(() => NewTrainer(null).LogTo(null!)).Message);

    static long Taken(Trainer<Tensor, Tensor> trainer, int to)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        trainer.Fit(to);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    static Trainer<Tensor, Tensor> NewTrainer(Checkpoint? checkpoint, Func<double>? validate = null,
        int evaluateEvery = 2)
    {
        var rng = new TorchRandom(1);
        var data = Dataset.From(Tensor.Randn([32, 4], rng), Tensor.Randn([32, 1], rng));
        var model = new Linear(4, 1, rng);
        return new(model, new Sgd(model.Parameters(), 0.125), Batches.Shuffled(data, 8, seed: 1),
            (x, y) => model.Forward(x).MseLoss(y))
        {
            Validation = data, Validate = validate, EvaluateEvery = evaluateEvery, Checkpoint = checkpoint,
        };
    }

    sealed class Remembering(LogLevel least) : ILogger
    {
        public List<(LogLevel Level, string? Event, string Text)> Told { get; } = [];

        public (LogLevel Level, string Text) At(Index place) => (Told[place].Level, Told[place].Text);

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= least;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            Told.Add((logLevel, eventId.Name, formatter(state, exception)));
    }
}
