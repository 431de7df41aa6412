namespace ChainRule.Tests.Diagnosing;

using ChainRule.Layers;
using ChainRule.Optim;

/// <summary>A way to spoil a training.</summary>
/// <param name="Rule">The rule that has to find it.</param>
/// <param name="Name">What is done.</param>
/// <param name="Models">The models it is done to.</param>
/// <param name="Do">Does it.</param>
/// <param name="Also">Rules that are right too: what it leads to, or another name of it.</param>
sealed record Sabotage(string Rule, string Name, string[] Models, Action<CorpusCase> Do, params string[] Also)
{
    static readonly string[] s_plain = ["mlp", "tanh", "table"], s_relu = ["mlp", "table", "regression"];

    public static IReadOnlyList<Sabotage> All { get; } =
    [
        new("learning rate too high", "learning rate × 1000", ["mlp", "tanh", "table", "regression", "names"],
            c => c.LearningRate = 3, "NaN or infinity", "exploding gradients", "dead ReLUs", "saturated units",
            "updates of a layer too large", "loss not decreasing"),
        new("learning rate too low", "learning rate / 1000", ["mlp", "conv", "layer norm", "names", "regression"],
            c => c.LearningRate = 3e-6, "loss not decreasing"),
        new("steps go uphill", "gradient ascent", s_plain, c => (c.Optimizer, c.LearningRate) = ("uphill", 0.05),
            "learning rate too high", "NaN or infinity", "exploding gradients", "loss not decreasing"),
        new("updates of a layer too small", "learning-rate factor 1e-4 for one layer", s_plain,
            c => c.Grouped = o => o.Group([c.Weights[1]], 1e-4)),
        new("updates of a layer too large", "learning-rate factor 300 for one layer", s_plain,
            c => c.Grouped = o => o.Group([c.Weights[1]], 300), "learning rate too high", "dead ReLUs",
            "saturated units", "loss not decreasing"),
        new("unchanged parameter", "learning-rate factor 0", s_plain,
            c => c.Grouped = o => o.Group([c.Weights[1]], 0)),
        new("parameter not in the optimiser", "a layer left out", ["mlp", "conv", "names"],
            c => c.Given = all => all.Where(w => !w.IsSame(c.Weights[0]))),
        new("parameter frozen", "first layers frozen", ["mlp", "tanh", "table", "regression"], c =>
        {
            foreach (var (_, module) in c.Network.NamedModules().Where(m => m.Value is Linear).Take(2)) module.Freeze();
        }),
        new("parameter without a gradient", "Detach between layers", s_relu, c => c.Network =
            new(c.L(c.X[0].Length, 32), new Relu(), new Cut(),
                c.L(32, c.Model == "table" ? 3 : c.Model == "mlp" ? 10 : 1))),
        new("weights all zero", "hidden layer of zeros", s_plain, c => c.Weights[1].FillInPlace(0),
            "symmetric units", "parameter without a gradient", "vanishing gradients", "loss not decreasing", "dead "
                + "ReLUs"),
        new("symmetric units", "constant weights", s_plain, c => { foreach (var w in c.Weights) w.FillInPlace(0.1); },
            "weights all zero", "confidently wrong at the start", "loss not decreasing", "saturated units",
            "poor initialisation", "vanishing gradients"),
        new("poor initialisation", "weights × 20", s_plain, c => Scale(c, 20), "confidently wrong at the start",
            "saturated units", "exploding gradients", "learning rate too low", "vanishing gradients", "dead ReLUs"),
        new("poor initialisation", "weights × 0.01", ["mlp", "tanh", "table", "conv"], c => Scale(c, 0.01),
            "vanishing gradients", "loss not decreasing", "updates of a layer too large", "learning rate too high",
            "learning rate too low", "dead ReLUs"),
        new("confidently wrong at the start", "last layer × 60", ["mlp", "tanh", "table", "names", "conv"],
            c => Scale(c.Weights[^1], 60), "poor initialisation", "exploding gradients"),
        new("saturated units", "first layer × 40", ["tanh", "names", "sigmoid"], c => Scale(c.Weights[0], 40),
            "poor initialisation", "vanishing gradients", "confidently wrong at the start"),
        new("dead ReLUs", "bias of -5", ["mlp", "table", "conv"], c => c.Biases[0].FillInPlace(-5),
            "parameter without a gradient", "loss not decreasing", "vanishing gradients"),
        new("vanishing gradients", "ten sigmoid layers", ["mlp", "table"], c => Deep(c, () => new Sigmoid(), 1),
            "loss not decreasing", "learning rate too low", "updates of a layer too small"),
        new("exploding gradients", "eight ReLU layers × 12", ["mlp", "table"], c => Deep(c, () => new Relu(), 12),
            "poor initialisation", "confidently wrong at the start", "NaN or infinity", "learning rate too high",
            "learning rate too low", "dead ReLUs"),
        new("gradients clipped too short", "SGD clipped to 0.001", s_plain,
            c => (c.Optimizer, c.LearningRate, c.ClipNorm) = ("Sgd", 0.05, 1e-3), "learning rate too low",
            "loss not decreasing"),
        new("weight decay too strong", "AdamW with weight decay 50", s_plain,
            c => (c.Optimizer, c.WeightDecay) = ("AdamW", 50), "loss not decreasing", "stalled", "learning rate too "
                + "high"),
        new("weight decay on norms", "weight decay 0.1 for all", ["batch norm", "layer norm"],
            c => (c.Optimizer, c.WeightDecay) = ("AdamW", 0.1), "weight decay too strong"),
        .. OfData.All, .. FurtherSabotage.All,
    ];

    internal static void Scale(CorpusCase c, double factor)
    {
        foreach (var w in c.Weights) Scale(w, factor);
    }

    internal static void Scale(Tensor w, double factor)
    {
        using var quiet = NoGrad.Begin();
        w.CopyInPlace(w.Detach() * factor);
    }

    static void Deep(CorpusCase c, Func<Module> nonlinearity, double factor)
    {
        List<Module> layers = [c.L(c.X[0].Length, 32), nonlinearity()];
        for (int i = 0; i < 8; i++) layers.AddRange([c.L(32, 32), nonlinearity()]);
        c.Network = new([.. layers, c.L(32, c.Model == "table" ? 3 : 10)]);
        Scale(c, factor);
    }

    /// <summary>Those of data, loss, modes and curves.</summary>
    static class OfData
    {
        public static Sabotage[] All { get; } =
        [
            new("inputs not normalised", "inputs × 300 + 1000", ["mlp", "tanh", "table", "regression"],
                c => c.X = [.. c.X.Select(row => row.Select(x => 300 * x + 1000).ToArray())],
                "confidently wrong at the start", "saturated units", "exploding gradients", "dead ReLUs",
                "learning rate too high", "learning rate too low", "targets not normalised", "loss not decreasing",
                "vanishing gradients"),
            new("inputs not normalised", "one column × 10,000", ["table", "regression", "layer norm"], c =>
            {
                foreach (double[] row in c.X) row[5] *= 10_000;
            }, "confidently wrong at the start", "exploding gradients", "learning rate too high", "saturated units"),
            new("targets not normalised", "targets × 500 + 2000", ["regression"],
                c => c.Numbers = [.. c.Numbers.Select(y => 500 * y + 2000)], "exploding gradients",
                "learning rate too low", "loss not decreasing"),
            new("NaN in the inputs", "missing values", ["mlp", "table", "regression"],
                c => c.X[c.Train[17]][3] = double.NaN, "NaN or infinity"),
            new("NaN or infinity", "logarithm of 0", ["mlp", "table"],
                c => c.Output = static y => y.Softmax().Log().Relu().Log(), "learning rate too high", "dead ReLUs"),
            new("labels shuffled", "labels permuted", ["mlp", "conv", "table", "names"], c => Permute(c, c.Labels),
                "loss not decreasing", "overfitting"),
            new("labels off by one", "labels moved by a row", ["mlp", "table", "conv"],
                c => c.Labels = [c.Labels[^1], .. c.Labels[..^1]], "labels shuffled", "loss not decreasing"),
            new("labels off by one", "classes from 1", ["mlp", "conv"], c =>
            {
                c.Network = c.Model == "mlp" ? new(c.L(64, 48), new Relu(), c.L(48, 11))
                    : new(c.L(64, 64), new Tanh(), c.L(64, 11));
                c.Labels = [.. c.Labels.Select(y => y + 1)];
            }),
            new("class imbalance", "one class nine times in ten", ["mlp", "table", "conv"], c => c.Train =
                [.. c.Train.Where((row, i) => c.Labels[row] == 1 || i % 20 == 0)], "overfitting"),
            new("duplicate rows across the split", "validation rows from the training rows",
                ["mlp", "table", "regression"], c => c.Held = [.. c.Held.Skip(40), .. c.Train.Take(40)]),
            new("target leak", "the target as a column", ["table", "layer norm", "regression"], c =>
            {
                for (int i = 0; i < c.X.Length; i++) c.X[i][6] = c.Numbers.Length > 0 ? c.Numbers[i] : c.Labels[i] - 1;
            }),
            new("shuffling forgotten", "rows in the order of their labels", ["mlp", "table", "conv", "regression"], c =>
            {
                c.InOrder = true;
                c.Train = [.. c.Train.OrderBy(i => c.Numbers.Length > 0 ? c.Numbers[i] : c.Labels[i])];
            }, "loss not decreasing", "learning rate too high", "labels shuffled"),
            new("double softmax", "softmax before the cross-entropy", ["mlp", "tanh", "table", "conv", "names"],
                c => c.Output = static y => y.Softmax(), "loss not decreasing", "learning rate too low"),
            new("wrong loss for the task", "squared error of class numbers", ["mlp", "table", "conv"],
                c => c.LabelLoss = static (y, labels) => y.MseLoss(OneHot(labels, y.Shape[1]))),
            new("wrong loss for the task", "log-likelihood of logits", ["mlp", "table"],
                c => c.LabelLoss = static (y, labels) => y.NllLoss(labels), "learning rate too high",
                "exploding gradients", "NaN or infinity"),
            new("evaluation in training mode", "dropout that never stops", ["mlp", "table"], c => c.Network =
                new(c.L(c.X[0].Length, 32), new Relu(), new AlwaysDropout(0.3, c.Rng),
                    c.L(32, c.Model == "table" ? 3 : 10))),
            new("evaluation in training mode", "batch statistics in evaluation", ["mlp", "table"], c => c.Network =
                new(c.L(c.X[0].Length, 32), new BatchNorm(32, options: new() { TrackRunningStatistics = false }),
                    new Relu(), c.L(32, c.Model == "table" ? 3 : 10))),
            new("training in evaluation mode", "norm layers in evaluation mode", ["batch norm"], c =>
            {
                foreach (var (_, m) in c.Network.NamedModules().Where(m => m.Value is BatchNorm or Dropout)) m.Eval();
            }),
            new("batch too small for batch norm", "batches of 2", ["batch norm"], c => c.BatchSize = 2),
            new("dropout too strong", "p = 0.95", ["mlp", "table"], c => c.Network =
                new(c.L(c.X[0].Length, 48), new Relu(), new Dropout(0.95, c.Rng), c.L(48, 48), new Relu(),
                    new Dropout(0.95, c.Rng), c.L(48, c.Model == "table" ? 3 : 10)), "loss not decreasing",
                "confidently wrong at the start"),
            new("overfitting", "40 rows, 600 steps", ["table", "regression", "layer norm", "names"],
                c => (c.Train, c.Steps) = (c.Train[..40], 600), "overtraining", "class imbalance", "labels shuffled",
                "saturated units", "duplicate rows across the split"),
            new("overtraining", "100 rows, 800 steps", ["table", "layer norm", "names"],
                c => (c.Train, c.Steps) = (c.Train[..100], 800), "overfitting", "class imbalance", "labels shuffled",
                "saturated units"),
            new("underfitting", "one hidden unit, 1500 steps", ["mlp", "conv"], c => (c.Network, c.Steps) =
                (new(c.L(64, 1), new Tanh(), c.L(1, 10)), 1500), "stalled", "saturated units"),
            new("learning rate too high", "a learning rate too high for the end", ["table", "regression"],
                c => (c.Optimizer, c.LearningRate, c.Steps) = ("Adam", 0.1, 400), "stalled",
                "overfitting", "overtraining", "dead ReLUs", "underfitting", "updates of a layer too large"),
            new("stalled", "a learning rate that falls to 1e-6", ["mlp", "table", "regression", "conv"],
                c => (c.Steps, c.LowersTo) = (240, 1e-6), "learning rate too low"),
        ];

        static void Permute(CorpusCase c, int[] labels)
        {
            int[] order = new int[labels.Length];
            c.Rng.Permutation(order);
            c.Labels = [.. order.Select(i => labels[i])];
        }

        static Tensor OneHot(Ids labels, int classes)
        {
            float[] one = new float[labels.Count * classes];
            for (int i = 0; i < labels.Count; i++) one[i * classes + labels[i]] = 1;
            return Tensor.From(one, [labels.Count, classes]);
        }
    }
}
