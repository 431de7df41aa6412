using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Recipes;

/// <summary>The bigram table on names: Adam, the rate falling in a straight line.</summary>
public sealed class BigramRecipe : Recipe
{
    /// <inheritdoc/>
    public override string Name => "bigram";

    /// <inheritdoc/>
    public override string Summary => "a table of logits, one row for each character; looks 1 character back";

    /// <inheritdoc/>
    public override int Steps => 5_000;

    /// <inheritdoc/>
    public override int Batch => 256;

    /// <inheritdoc/>
    public override double Goal => 2.46;

    /// <inheritdoc/>
    public override string Options => "{}";

    /// <inheritdoc/>
    public override LanguageModel Build(string options, int vocabulary, TorchRandom rng) => new Bigram(vocabulary, rng);

    /// <inheritdoc/>
    public override Optimizer Optimizer(Module model) => new Adam(model.Parameters(), rate: 0.05);

    /// <inheritdoc/>
    public override Schedule Schedule(int steps) => Optim.Schedule.Linear(from: 0.05, to: 0, steps: Math.Max(1, steps));
}
