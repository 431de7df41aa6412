using System.Diagnostics;

namespace ChainRule.Training;

public sealed partial class Trainer<TX, TY>
{
    string? _modelName;

    // Of the step that is being made: how many rows its batches have, and the norm of its gradient if it is known.
    long _samples;
    double? _gradientNorm;
    Activity? _epoch;

    string ModelName => _modelName ??= Model.GetType().Name;

    // As Run does, for whoever listens.
    TrainingEnd RunObserved(int steps, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        using var fit = Instruments.Begin("chainrule.fit", ModelName);
        fit?.SetTag("chainrule.optimizer", Optimizer.GetType().Name).SetTag("chainrule.steps", steps);
        try
        {
            var end = RunTogether(steps, progress, cancellationToken);
            fit?.SetTag("chainrule.end", end.ToString());
            return end;
        }
        catch (Exception e)
        {
            fit.Fail(e);
            throw;
        }
        finally
        {
            fit?.SetTag("chainrule.step", Step);
            EndEpoch();
        }
    }

    // The epoch that the next step's first batch is of.
    void BeginStep()
    {
        if (!Instruments.HasActivities) return;
        int epoch = (int)((long)Step * GradientAccumulation / Batches.PerEpoch) + 1;
        if (_epoch is not null && _epoch.GetTagItem("chainrule.epoch") is int begun && begun == epoch) return;
        EndEpoch();
        _epoch = Instruments.Begin("chainrule.epoch", ModelName)?.SetTag("chainrule.epoch", epoch);
    }

    void EndEpoch()
    {
        _epoch?.Dispose();
        _epoch = null;
    }

    double MeasuredStep()
    {
        if (!Instruments.MeasuresSteps) return StepOnce();
        long bytes = GC.GetAllocatedBytesForCurrentThread(), began = Stopwatch.GetTimestamp();
        (_samples, _gradientNorm) = (0, null);
        double rate = Optimizer.LearningRate, loss = StepOnce();
        var model = Instruments.Model(ModelName);
        Instruments.StepDuration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, model);
        Instruments.StepAllocated.Record(GC.GetAllocatedBytesForCurrentThread() - bytes, model);
        Instruments.Steps.Add(1, model);
        Instruments.Samples.Add(_samples, model);
        Instruments.Loss.Record(loss, model);
        Instruments.LearningRate.Record(rate, model);
        if (_gradientNorm is { } norm) Instruments.GradientNorm.Record(norm, model);
        return loss;
    }

    void EvaluateNow()
    {
        using var evaluation = Instruments.Begin("chainrule.evaluation", ModelName);
        evaluation?.SetTag("chainrule.step", Step);
        var point = MeasureNow();
        evaluation?.SetTag("chainrule.training.loss", point.TrainLoss);
        if (!IsValidated) return;
        evaluation?.SetTag("chainrule.validation.loss", point.ValidationLoss);
        if (!Instruments.MeasuresValidation) return;
        Instruments.ValidationLoss.Record(point.ValidationLoss, Instruments.Model(ModelName));
    }

    void Save(bool best)
    {
        if (Checkpoint is null || !Saves) return;
        using var checkpoint = Instruments.Begin("chainrule.checkpoint", ModelName);
        checkpoint?.SetTag("chainrule.step", Step).SetTag("chainrule.best", best);
        if (best) Checkpoint.SaveBest(this);
        Checkpoint.SaveLast(this);
    }
}
