using ChainRule.Training;
using Microsoft.Extensions.Logging;

namespace ChainRule.Logging;

/// <summary>
/// Tells a logger what a training does.
/// <code>
/// ILogger logger = loggers.CreateLogger("training");
/// using (trainer.LogTo(logger)) trainer.Fit(5000);
/// </code>
/// Information: where it begins, each evaluation, and how it ended. Warning: a validation loss that is NaN. Debug: each
/// save. Trace: each step, which allocates nothing where traces are off. An exception is not logged: whoever catches it
/// knows whether it was expected.
/// </summary>
public static partial class TrainingLog
{
    /// <summary>Logs what the trainer does from now on.</summary>
    /// <param name="trainer">The training.</param>
    /// <param name="logger">Where to, in the category that it was made for.</param>
    /// <returns>Ends the logging when it is disposed of.</returns>
    public static IDisposable LogTo(this ITrainer trainer, ILogger logger)
    {
        Throw.IfNull(trainer, "log");
        Throw.IfNull(logger, "log");
        return new Listening(trainer, logger);
    }

    [LoggerMessage(1, LogLevel.Information, "Training {Model} by {Optimizer} from step {Step}", EventName = "Began")]
    static partial void LogBegan(ILogger logger, string model, string optimizer, int step);

    [LoggerMessage(2, LogLevel.Trace, "Step {Step}: loss {Loss}", EventName = "Stepped")]
    static partial void LogStepped(ILogger logger, int step, double loss);

    [LoggerMessage(3, LogLevel.Information, "Step {Step}: training loss {TrainingLoss}, validation loss "
        + "{ValidationLoss}, learning rate {LearningRate}", EventName = "Evaluated")]
    static partial void LogEvaluated(ILogger logger, int step, double trainingLoss, double validationLoss,
        double learningRate);

    [LoggerMessage(4, LogLevel.Information, "Step {Step}: training loss {TrainingLoss}, learning rate {LearningRate}",
        EventName = "Measured")]
    static partial void LogMeasured(ILogger logger, int step, double trainingLoss, double learningRate);

    [LoggerMessage(5, LogLevel.Warning, "Step {Step}: the validation loss is NaN: how good the model is, is not known",
        EventName = "NotValidated")]
    static partial void LogNotValidated(ILogger logger, int step);

    [LoggerMessage(6, LogLevel.Debug, "Step {Step}: saved in {Path}", EventName = "Saved")]
    static partial void LogSaved(ILogger logger, int step, string path);

    [LoggerMessage(7, LogLevel.Information, "Training ended at step {Step}: {End}, after {Seconds:0.###} s of steps",
        EventName = "Ended")]
    static partial void LogEnded(ILogger logger, int step, TrainingEnd end, double seconds);

    sealed class Listening : IDisposable
    {
        readonly ITrainer _trainer;
        readonly ILogger _logger;
        readonly Checkpoint? _checkpoint;

        public Listening(ITrainer trainer, ILogger logger)
        {
            (_trainer, _logger, _checkpoint) = (trainer, logger, trainer.Checkpoint);
            trainer.Began += Began;
            trainer.Stepped += Stepped;
            trainer.Evaluated += Evaluated;
            trainer.Ended += Ended;
            _checkpoint?.Saved += Saved;
        }

        public void Dispose()
        {
            _trainer.Began -= Began;
            _trainer.Stepped -= Stepped;
            _trainer.Evaluated -= Evaluated;
            _trainer.Ended -= Ended;
            _checkpoint?.Saved -= Saved;
        }

        void Began()
        {
            if (_logger.IsEnabled(LogLevel.Information))
                LogBegan(_logger, _trainer.Model.GetType().Name, _trainer.Optimizer.GetType().Name, _trainer.Step);
        }

        void Stepped(int step, double loss) => LogStepped(_logger, step, loss);

        void Evaluated(HistoryPoint point)
        {
            if (point.IsNaN) LogNotValidated(_logger, point.Step);
            else if (point.Validated)
                LogEvaluated(_logger, point.Step, point.TrainLoss, point.ValidationLoss, point.LearningRate);
            else LogMeasured(_logger, point.Step, point.TrainLoss, point.LearningRate);
        }

        void Saved() => LogSaved(_logger, _trainer.Step, Printable.Path(_checkpoint!.LastPath));

        void Ended(TrainingEnd end) => LogEnded(_logger, _trainer.Step, end, _trainer.TrainingTime.TotalSeconds);
    }
}
