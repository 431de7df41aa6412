using ChainRule.Randomness;

namespace ChainRule.Bench.Accuracy;

/// <summary>Sums, means, variances, softmax and losses.</summary>
static class Reductions
{
    public static IEnumerable<AccuracyCase> Cases =>
    [
        .. Drawn.Kinds.Select(kind => Of($"sum-{kind}-1000000", kind, [1_000_000], static x => x.Sum(), seeds: 9)),
        .. Drawn.Kinds.Select(kind => Of($"mean-{kind}-1000", kind, [1000], static x => x.Mean(), seeds: 50)),
        Of("sum-uniform-10000000", "uniform", [10_000_000], static x => x.Sum()),
        Of("mean-far-10000000", "far", [10_000_000], static x => x.Mean()),
        Of("sum-uniform-100000000", "uniform", [100_000_000], static x => x.Sum(), seeds: 1),
        Of("mean-far-100000000", "far", [100_000_000], static x => x.Mean(), seeds: 1),
        Of("sum-0-uniform-1000000x8", "uniform", [1_000_000, 8], static x => x.Sum(0)),
        Of("sum-0-normal-1000000x8", "normal", [1_000_000, 8], static x => x.Sum(0)),
        Of("sum-0-uniform-1000x1000", "uniform", [1000, 1000], static x => x.Sum(0)),
        Of("sum-1-uniform-1000x1000", "uniform", [1000, 1000], static x => x.Sum(1)),
        Of("sum-1-normal-30000x33", "normal", [30_000, 33], static x => x.Sum(1)),
        Of("mean-02-uniform-64x16x784", "uniform", [64, 16, 784], static x => x.Mean([0, 2])),
        Of("var-uniform-1000000", "uniform", [1_000_000], static x => x.Var()),
        Of("var-normal-10000000", "normal", [10_000_000], static x => x.Var()),
        Of("var-far-10000000", "far", [10_000_000], static x => x.Var()),
        Of("var-0-far-8388608x2", "far", [1 << 23, 2], static x => x.Var(0), seeds: 1),
        Of("var-0-normal-1000x1000", "normal", [1000, 1000], static x => x.Var(0)),
        Of("std-1-uniform-4096x32", "uniform", [4096, 32], static x => x.Std(1)),
        Of("std-0-far-100000x10", "far", [100_000, 10], static x => x.Std(0)),
        Of("softmax-normal-16x50000", "normal", [16, 50_000], static x => x.Softmax()),
        Of("log-sum-exp-normal-16x50000", "normal", [16, 50_000], static x => x.LogSumExp()),
        Loss("mse-normal-10000000", "normal", 10_000_000, static (x, t) => x.MseLoss(t)),
        Loss("mse-far-1000000", "far", 1_000_000, static (x, t) => x.MseLoss(t)),
        Loss("l1-normal-1000000", "normal", 1_000_000, static (x, t) => x.L1Loss(t)),
        Loss("huber-normal-1000000", "normal", 1_000_000, static (x, t) => x.HuberLoss(t)),
        Loss("binary-cross-entropy-uniform-1000000", "uniform", 1_000_000, static (x, t) => x.BinaryCrossEntropy(t)),
        new("cross-entropy-normal-228146x27", 5,
            static rng => [Tensor.Randn([228_146, 27], rng).CrossEntropy(Ids.Random([228_146], 0, 27, rng))]),
        new("batch-norm-uniform-50000x16", 1,
            static rng => [Tensor.Rand([50_000, 16], rng).BatchNorm(Tensor.Ones([16]), Tensor.Zeros([16]), 1e-5,
                out _, out _)]),
        new("layer-norm-normal-100x5000", 1,
            static rng => [Tensor.Randn([100, 5000], rng).LayerNorm(Tensor.Ones([5000]), Tensor.Zeros([5000]))]),
    ];

    static AccuracyCase Of(string name, string kind, Shape shape, Func<Tensor, Tensor> compute, int seeds = 5) =>
        new(name, seeds, rng => [compute(Drawn.Of(kind, shape, rng))]);

    static AccuracyCase Loss(string name, string kind, int count, Func<Tensor, Tensor, Tensor> loss) =>
        new(name, 5, rng => [loss(Drawn.Of(kind, [count], rng), Drawn.Of(kind, [count], rng))]);
}
