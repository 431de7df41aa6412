using System.Text.Json;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Recipes;

/// <summary>The multi-layer perceptron on names: AdamW, one cycle, batches of 128.</summary>
public sealed class NgramMlpRecipe : Recipe
{
    /// <inheritdoc/>
    public override string Name => "mlp";

    /// <inheritdoc/>
    public override string Summary => "embedding, one hidden layer, batch norm, tanh; looks 6 characters back";

    /// <inheritdoc/>
    public override int Steps => 15_000;

    /// <inheritdoc/>
    public override int Batch => 128;

    /// <inheritdoc/>
    public override double Goal => 2.11;

    /// <inheritdoc/>
    public override string Options => JsonSerializer.Serialize(new NgramMlpOptions());

    /// <inheritdoc/>
    public override LanguageModel Build(string options, int vocabulary, TorchRandom rng) =>
        new NgramMlp(Sizes<NgramMlpOptions>(options), vocabulary, rng);

    /// <inheritdoc/>
    public override Optimizer Optimizer(Module model) => new AdamW(model.Parameters(), rate: 0.004, weightDecay: 0.05);

    /// <inheritdoc/>
    public override Schedule Schedule(int steps) => Optim.Schedule.OneCycle(peak: 0.004, total: Math.Max(2, steps), rise: 0.1);
}
