using ChainRule.Randomness;

namespace ChainRule.Bench.Accuracy;

/// <summary>The numbers that sums are asked of.</summary>
static class Drawn
{
    /// <summary>The kinds of numbers: 0 to 1; 10,000 to 10,001; standard normal; 1 to 2 with signs in turn.</summary>
    public static readonly string[] Kinds = ["uniform", "far", "normal", "alternating"];

    public static Tensor Of(string kind, Shape shape, TorchRandom rng) => kind switch
    {
        "uniform" => Tensor.Rand(shape, rng),
        "far" => Tensor.Rand(shape, rng) + 10_000,
        "normal" => Tensor.Randn(shape, rng),
        _ => ((Tensor.Rand([shape.Elements / 2, 2], rng) + 1) * Tensor.From(1f, -1f)).Reshape(shape.Span),
    };
}
