namespace ChainRule.Tests.Diagnosing;

using ChainRule.Optim;

/// <summary>Ways to spoil a training: learning rates of millionths, losses of a wrong sign, shape or size, data of one
/// row or one class.</summary>
static class FurtherSabotage
{
    public static Sabotage[] All { get; } =
    [
        .. ((double[])[1e-6, 1e-7, 1e-8, 1e-9]).Select(rate => new Sabotage("learning rate too low",
            FormattableString.Invariant($"Adam at {rate}"), ["mlp", "layer norm"], c => c.LearningRate = rate,
            "loss not decreasing")),
        .. ((double[])[1e-5, 1e-7, 1e-9]).Select(rate => new Sabotage("learning rate too low",
            FormattableString.Invariant($"SGD at {rate}"), ["tanh", "names"],
            c => (c.Optimizer, c.LearningRate) = ("Sgd", rate), "loss not decreasing")),
        .. ((double[])[1e-7, 1e-9]).Select(rate => new Sabotage("learning rate too low",
            FormattableString.Invariant($"200 steps at {rate}"), ["table", "batch norm"],
            c => (c.Steps, c.LearningRate) = (200, rate), "stalled", "underfitting")),
        .. ((double[])[1e-7, 1e-9]).Select(rate => new Sabotage("learning rate too low",
            FormattableString.Invariant($"a schedule from {rate} that has ended"), ["table", "layer norm"],
            c => (c.Steps, c.Schedule) = (200, Schedule.CosineAnnealing(rate, 200)), "stalled", "underfitting")),
        new("learning rate too high", "200 steps at a learning rate of 5", ["mlp", "table", "names"],
            c => (c.Steps, c.LearningRate) = (200, 5), "NaN or infinity", "exploding gradients", "dead ReLUs",
            "saturated units", "overfitting", "overtraining", "underfitting", "stalled",
            "updates of a layer too large"),
        new("learning rate too high", "a schedule from 5 that has ended", ["mlp", "table", "names"],
            c => (c.Steps, c.Schedule) = (200, Schedule.CosineAnnealing(5, 200)), "NaN or infinity",
            "exploding gradients", "dead ReLUs", "saturated units", "overfitting", "overtraining", "underfitting",
            "stalled"),
        new("loss negated", "a minus before the loss", ["mlp", "table", "regression", "names"],
            c => c.Whole = static loss => -loss, "exploding gradients", "learning rate too high", "NaN or infinity"),
        new("loss negated", "a minus, 100 steps", ["table", "conv"],
            c => (c.Whole, c.Steps) = (static loss => -loss, 100), "exploding gradients", "learning rate too high",
            "NaN or infinity", "dead ReLUs", "saturated units", "stalled"),
        new("loss scaled", "loss × 32", ["mlp", "table", "names"], c => c.Whole = static loss => loss * 32),
        new("loss scaled", "a sum over the batch", ["table", "regression"], c =>
        {
            c.LabelLoss = static (y, labels) => y.CrossEntropy(labels, Reduction.Sum);
            if (c.Model == "regression") c.NumberLoss = static (y, t) => (y.Reshape(t.Count) - t).Square().Sum();
        }),
        new("loss of all pairs", "[n, 1] − [n], squared", ["regression"],
            c => c.NumberLoss = static (y, t) => (y - t).Square().Mean(), "loss not decreasing"),
        new("loss of all pairs", "[n] − [n, 1], its magnitude", ["regression"],
            c => c.NumberLoss = static (y, t) => (t - y).Abs().Mean(), "loss not decreasing"),
        new("targets out of the output's reach", "ReLU at the output", ["regression"],
            c => c.Output = static y => y.Relu(), "dead ReLUs", "loss not decreasing", "parameter without a gradient"),
        new("targets out of the output's reach", "sigmoid at the output, 150 steps", ["regression"],
            c => (c.Output, c.Steps) = (static y => y.Sigmoid(), 150), "saturated units", "stalled", "underfitting"),
        new("class imbalance", "labels of one class", ["mlp", "table", "conv"],
            c => Array.Fill(c.Labels, 1)),
        new("constant inputs", "all inputs 0", ["mlp", "tanh", "regression"],
            c => Array.ForEach(c.X, row => Array.Clear(row))),
        new("constant inputs", "every row the same", ["table", "batch norm", "conv"],
            c => c.X = [.. c.X.Select(_ => c.X[0])]),
        new("too few training rows", "one row", ["mlp", "table", "regression", "names"],
            c => (c.Train, c.BatchSize) = (c.Train[..1], 1)),
        new("NaN or infinity", "the loss × NaN", ["mlp", "regression", "names"],
            c => c.Whole = static loss => loss * double.NaN),
    ];
}
