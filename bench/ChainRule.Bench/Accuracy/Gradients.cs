using ChainRule.Randomness;

namespace ChainRule.Bench.Accuracy;

/// <summary>Gradients of what was broadcast, and of layers' parameters: each a sum over all that it met.</summary>
static class Gradients
{
    public static IEnumerable<AccuracyCase> Cases =>
    [
        .. Broadcast("row", [228_146, 27], [27]),
        .. Broadcast("factor", [228_146, 27], []),
        .. Broadcast("column", [64, 100_000], [64, 1]),
        .. Broadcast("channel", [64, 16, 784], [16, 1]),
        .. Broadcast("middle", [500, 8, 500], [500, 1, 500]),
        new("gradient-batch-of-matrices", 1, static rng => Of(
            static x => x[0].MatMul(x[1]), [Tensor.Rand([8, 12], rng), Tensor.Rand([3000, 12, 10], rng)],
            "uniform", rng)[..1]),
        new("gradient-linear-228146x32x27", 1, static rng => Of(static x => x[0].Linear(x[1], x[2]),
            [Tensor.Rand([228_146, 32], rng), Tensor.Rand([27, 32], rng), Tensor.Rand([27], rng)],
            "uniform", rng)[1..]),
        new("gradient-embedding-228146", 1, static rng =>
        {
            var ids = Ids.Random([228_146], 0, 27, rng);
            return Of(x => x[0].Rows(ids), [Tensor.Rand([27, 16], rng)], "uniform", rng);
        }),
        Convolution("gradient-conv2d-uniform-16x32x28x28", "uniform", [16, 32, 28, 28], [64, 32, 3, 3]),
        Convolution("gradient-conv2d-normal-16x32x28x28", "normal", [16, 32, 28, 28], [64, 32, 3, 3]),
        Convolution("gradient-conv2d-uniform-2000x1x28x28", "uniform", [2000, 1, 28, 28], [4, 1, 3, 3]),
        new("gradient-layer-norm-100000x32", 1, static rng => Of(static x => x[0].LayerNorm(x[1], x[2]),
            [Tensor.Randn([100_000, 32], rng), Tensor.Rand([32], rng), Tensor.Rand([32], rng)], "uniform", rng)),
        new("gradient-batch-norm-100000x32", 1,
            static rng => Of(static x => x[0].BatchNorm(x[1], x[2], 1e-5, out _, out _),
            [Tensor.Randn([100_000, 32], rng), Tensor.Rand([32], rng), Tensor.Rand([32], rng)], "uniform", rng)),
        new("gradient-lstm-32x100x20x40", 1, static rng => Of(static x => x[0].Lstm(x[1], x[2], x[3], x[4]),
            [Tensor.Randn([32, 100, 20], rng),
                .. new Shape[] { [160, 20], [160, 40], [160], [160] }.Select(shape => Tensor.Randn(shape, rng) * 0.1)],
                    "uniform", rng)),
        new("gradient-attention-4x300x32", 1, static rng => Of(static x => x[0].MatMul(x[1]).Attention(4),
            [Tensor.Randn([4, 300, 32], rng), Tensor.Randn([32, 96], rng) * 0.1], "uniform", rng)),
        new("gradient-softmax-normal-16x50000", 1,
            static rng => Of(static x => x[0].Softmax(), [Tensor.Randn([16, 50_000], rng)], "uniform", rng)),
        new("gradient-var-far-1000000", 1,
            static rng => Of(static x => x[0].Var(), [Drawn.Of("far", [1_000_000], rng)], "uniform", rng)),
    ];

    /// <summary>y = x + small and y = x · small: the gradients of what is small.</summary>
    static IEnumerable<AccuracyCase> Broadcast(string name, Shape x, Shape small)
    {
        foreach (string kind in (string[])["uniform", "normal"])
        {
            yield return new($"gradient-add-{name}-{kind}", 5,
                rng => Of(static x => x[0] + x[1], [Tensor.Rand(x, rng), Tensor.Rand(small, rng)], kind, rng)[1..]);
            yield return new($"gradient-mul-{name}-{kind}", 5,
                rng => Of(static x => x[0] * x[1], [Tensor.Rand(x, rng), Tensor.Rand(small, rng)], kind, rng)[1..]);
        }
    }

    static AccuracyCase Convolution(string name, string kind, Shape x, Shape w) =>
        new(name, 1, rng => Of(static x => x[0].Conv2d(x[1], x[2], padding: 1),
        [Drawn.Of(kind, x, rng), Drawn.Of(kind, w, rng), Drawn.Of(kind, [w[0]], rng)], kind, rng));

    /// <summary>The gradients of all inputs, where that of the output is drawn.</summary>
    static Tensor[] Of(Func<Tensor[], Tensor> compute, Tensor[] inputs, string kind, TorchRandom rng)
    {
        inputs = [.. inputs.Select(x => x.Detach().RequireGrad())];
        var y = compute(inputs);
        y.Backward(Drawn.Of(kind, y.Shape, rng));
        return [.. inputs.Select(x => x.Grad)];
    }
}
