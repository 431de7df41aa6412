namespace ChainRule.Tests.Training;

using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Training;

/// <summary>
/// A training with everything that has a state: shuffled batches, dropout, batch norm, momentum, a
/// plateau or a schedule.
/// </summary>
static class SmallTraining
{
    public static Dataset<Tensor, Ids> Points()
    {
        var rng = new TorchRandom(1);
        var x = Tensor.Randn([70, 3], rng);
        int[] y = new int[70];
        for (int i = 0; i < y.Length; i++) y[i] = x[i, 0] * x[i, 1] > 0 ? 1 : 0;
        return Dataset.From(x, Ids.From(y));
    }

    public static Trainer<Tensor, Ids> Make(Checkpoint? checkpoint = null, bool plateau = false, int hidden = 8,
        Optimizer? other = null, int accumulated = 1)
    {
        var points = Points();
        var drawing = new TorchRandom(5);
        var init = new TorchRandom(3);
        var model = new Sequential(new Linear(3, hidden, init), new BatchNorm(hidden), new Tanh(),
            new Dropout(0.2, drawing), new Linear(hidden, 2, init));
        var schedule = Schedule.Cosine(maxLearningRate: 0.02, minLearningRate: 0.001, warmup: 5, total: 60);
        var optimizer = other ?? new AdamW(model.Parameters(), plateau ? 0.02 : schedule);
        return new(model, optimizer, Batches.Shuffled(points, accumulated == 1 ? 16 : 5, seed: 9), model.Forward,
            (output, y) => output.CrossEntropy(y))
        {
            Plateau = plateau ? new ReduceOnPlateau(optimizer, new() { Factor = 0.5, Patience = 1 }) : null,
            ClipNorm = 1,
            GradientAccumulation = accumulated,
            Validation = points,
            Metrics = { ["accuracy"] = (output, y) => output.Accuracy(y) },
            EvaluateEvery = 7,
            Checkpoint = checkpoint,
            Generators = new Dictionary<string, RandomSource> { ["dropout"] = drawing },
        };
    }

    /// <summary>All numbers that training made.</summary>
    public static float[] Bits(Module model) => [.. model.StateDict().Values.SelectMany(t => t.ToArray<float>())];
}
