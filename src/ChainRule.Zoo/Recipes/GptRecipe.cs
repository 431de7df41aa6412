using ChainRule.Randomness;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Recipes;

/// <summary>The transformer: on names of the size of makemore.py's, on a text nanoGPT's for a processor without a graphics card.</summary>
public sealed class GptRecipe : Recipe<GptOptions>
{
    /// <inheritdoc/>
    public override string Name => "gpt";

    /// <inheritdoc/>
    public override string Summary => "a transformer: attention in blocks; looks 16 characters back, 64 on a text";

    /// <inheritdoc/>
    public override Plan Names { get; } = new(Json(GptOptions.Makemore with { Start = GptStart.Gpt2 }), Steps: 10_000, Batch: 32, LearningRate: 3e-3, Goal: 2.01);

    /// <inheritdoc/>
    public override Plan Text { get; } = new(Json(new()), Steps: 2_000, Batch: 12, LearningRate: 1e-3, Goal: 1.90);

    /// <inheritdoc/>
    public override string Tiny => Json(new(Context: 8, Width: 4, Layers: 2, Heads: 2, Start: GptStart.Torch));

    protected override LanguageModel Build(GptOptions sizes, int vocabulary, TorchRandom rng) => new Gpt(sizes, vocabulary, rng);
}
