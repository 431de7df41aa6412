using ChainRule.Randomness;

namespace ChainRule.Bench.Accuracy;

/// <summary>Products of vectors and matrices, and convolutions.</summary>
static class Products
{
    public static IEnumerable<AccuracyCase> Cases =>
    [
        .. Drawn.Kinds.Select(kind => Of($"dot-{kind}-1000000", kind, [1_000_000], [1_000_000], seeds: 9)),
        Of("dot-uniform-1000", "uniform", [1000], [1000], seeds: 50),
        Of("matmul-uniform-1x100000000x1", "uniform", [1, 100_000_000], [100_000_000, 1], seeds: 1),
        Of("matmul-uniform-4x1000000x4", "uniform", [4, 1_000_000], [1_000_000, 4]),
        Of("matmul-normal-4x1000000x4", "normal", [4, 1_000_000], [1_000_000, 4]),
        Of("matmul-uniform-100x300x70", "uniform", [100, 300], [300, 70]),
        Of("matmul-uniform-512x512x512", "uniform", [512, 512], [512, 512], seeds: 1),
        Of("matmul-normal-1024x1024x256", "normal", [1024, 1024], [1024, 256], seeds: 1),
        Of("matmul-normal-64x20000x64", "normal", [64, 20_000], [20_000, 64], seeds: 1),
        Of("matmul-nt-uniform-128x3000x65", "uniform", [128, 3000], [65, 3000], transposeB: true, seeds: 1),
        Of("matmul-tn-normal-27x228146x64", "normal", [228_146, 27], [228_146, 64], transposeA: true, seeds: 1),
        Of("matmul-batch-uniform-32x64x700x48", "uniform", [32, 64, 700], [32, 700, 48], seeds: 1),
        Of("matrix-vector-uniform-1000x1000", "uniform", [1000, 1000], [1000]),
        Of("matrix-vector-normal-200x50", "normal", [200, 50], [50]),
        Of("vector-matrix-uniform-1000x1000", "uniform", [1000], [1000, 1000]),
        Of("vector-matrix-nt-uniform-300x200", "uniform", [300], [200, 300], transposeB: true),
        new("linear-far-bias-256x128x64", 5, static rng =>
            [Tensor.Rand([256, 128], rng).Linear(Tensor.Rand([64, 128], rng), Drawn.Of("far", [64], rng))]),
        Convolution("conv2d-normal-16x32x28x28", "normal", [16, 32, 28, 28], [64, 32, 3, 3]),
        Convolution("conv2d-uniform-4x128x14x14", "uniform", [4, 128, 14, 14], [128, 128, 3, 3]),
    ];

    static AccuracyCase Of(string name, string kind, Shape a, Shape b, bool transposeA = false, bool transposeB = false,
        int seeds = 5) =>
        new(name, seeds, rng => [Drawn.Of(kind, a, rng).MatMul(Drawn.Of(kind, b, rng), transposeA, transposeB)]);

    static AccuracyCase Convolution(string name, string kind, Shape x, Shape w) =>
        new(name, 1, rng => [Drawn.Of(kind, x, rng).Conv2d(Drawn.Of(kind, w, rng), padding: 1)]);
}
