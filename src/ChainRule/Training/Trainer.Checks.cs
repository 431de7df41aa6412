using ChainRule.Layers;

namespace ChainRule.Training;

public sealed partial class Trainer<TX, TY>
{
    Func<Tensor, string?> _nameOf = static _ => null;

    static void CheckSteps(int steps)
    {
        if (steps < 0) Throw.OutOfRange($"train: {steps} steps: give 0 or more", nameof(steps));
    }

    void CheckSettings()
    {
        if (EvaluateEvery < 1) Throw.OutOfRange($"train: an evaluation every {EvaluateEvery} steps: give 1 or more");
        if (GradientAccumulation < 1)
            Throw.OutOfRange($"train: the gradients of {GradientAccumulation} batches in a step: give 1 or more");
        if (ClipNorm is { } limit && !(limit >= 0))
            Throw.OutOfRange($"train: gradients clipped to a norm of {limit}: give a number, 0 or more");
        if (Plateau is { } plateau && !plateau.Lowers(Optimizer))
            Throw.Invalid("train: the plateau lowers the learning rate of another optimiser than the one that trains: "
                + "make it with the trainer's optimiser");
        if (Workers is not null && Shards == 0)
            Throw.Invalid($"train: {Workers.Size} workers, and batches that are computed as a whole: set Shards, to 16 "
                + "or to another number that stays the same for any number of workers");
        CheckMetrics();
        if (Metrics.Keys.Concat(BatchMetrics.Keys).FirstOrDefault() is { } measured && Validation is null)
            Throw.Invalid(
                $"train: the metric '{measured}' has nothing to be measured on: give the trainer its Validation data");
    }

    void CheckMetrics()
    {
        if (Metrics.FirstOrDefault(metric => metric.Value is null) is { Key: { } none })
            Throw.Invalid($"train: the metric '{none}' is null: give a function of output and targets");
        if (BatchMetrics.FirstOrDefault(metric => metric.Value is null) is { Key: { } empty })
            Throw.Invalid($"train: the metric '{empty}' is null: give a function of a batch");
        if (Metrics.Keys.FirstOrDefault(BatchMetrics.ContainsKey) is { } twice)
            Throw.Invalid($"train: the metric '{twice}' is among Metrics and among BatchMetrics: give two names");
        if (Metrics.Count > 0 && _forward is null)
            Throw.Invalid($"train: the metric '{Metrics.Keys.First()}' is measured on the network's output, which this "
                + "trainer does not know: make it with a forward function and a loss of its output, or put the metric, "
                + "as a function of inputs and targets, into BatchMetrics");
    }

    // Model and optimiser: at the beginning of a training, at each evaluation, and where parts may
    // have been made since.
    void CheckParameters()
    {
        Model.CheckParts("training", always: true, hasRun: true);
        var named = Model.Trained();
        _nameOf = w => named.FirstOrDefault(one => one.Value.IsSame(w)).Key;
        HashSet<Tensor> held = [.. Optimizer.Parameters], own = [.. Model.State().Values];
        string optimizer = Optimizer.GetType().Name;
        for (int i = 0; i < Optimizer.Parameters.Count; i++)
        {
            if (!own.Contains(Optimizer.Parameters[i]))
                Throw.Invalid($"train: parameter {i} of {optimizer}, {Optimizer.Parameters[i].Shape}, is none of "
                    + $"{Model.Describe()}, or no longer: make the optimiser from the Parameters() of the model that "
                    + "is trained, after the last change to its parts");
        }
        string[] missing =
            [.. named.Where(one => !held.Contains(one.Value)).Select(one => $"'{one.Key}' {one.Value.Shape}")];
        const int Shown = 5;
        if (missing.Length > 0)
            Throw.Invalid($"train: {optimizer} does not hold "
                + $"{string.Join(", ", missing.Take(Shown))}"
                + $"{(missing.Length > Shown ? $" and {missing.Length - Shown} more" : "")} of {Model.Describe()}: "
                + "give it the model's Parameters(), and Freeze() what is not to be trained");
    }

    // The graph of a loss, the first or one after parts were made: what it depends on must be the
    // model's, and in the optimiser.
    void CheckLoss(Tensor loss)
    {
        int made = Module.Made;
        CheckParameters();
        Model.CheckReached("train", loss);
        _checkedAt = made;
    }
}
