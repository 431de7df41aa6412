using ChainRule.Randomness;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Recipes;

/// <summary>The tree of characters.</summary>
public sealed class WaveNetRecipe : Recipe<WaveNetOptions>
{
    /// <inheritdoc/>
    public override string Name => "wavenet";

    /// <inheritdoc/>
    public override string Summary => "characters joined in pairs, pairs in pairs, as a tree; looks 8 characters back, 16 on a text";

    /// <inheritdoc/>
    public override Plan Names { get; } = new(Json(new()), Steps: 15_000, Batch: 128, LearningRate: 3e-3, Goal: 2.00);

    /// <inheritdoc/>
    public override Plan Text { get; } = new(Json(new(Context: 16)), Steps: 10_000, Batch: 128, LearningRate: 3e-3, Goal: 1.75);

    /// <inheritdoc/>
    public override string Tiny => Json(new(Context: 4, Width: 2, Hidden: 6));

    protected override LanguageModel Build(WaveNetOptions sizes, int vocabulary, TorchRandom rng) => new WaveNet(sizes, vocabulary, rng);
}
