using ChainRule.Randomness;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Recipes;

/// <summary>The bag of words.</summary>
public sealed class BagOfWordsRecipe : Recipe<BagOfWordsOptions>
{
    /// <inheritdoc/>
    public override string Name => "bow";

    /// <inheritdoc/>
    public override string Summary => "a bag of words: each character and the mean of all before it, whatever their order";

    /// <inheritdoc/>
    public override Plan Names { get; } = new(Json(new()), Steps: 10_000, Batch: 32, LearningRate: 5e-3, Goal: 2.19);

    /// <inheritdoc/>
    public override Plan Text { get; } = new(Json(new(Context: 16, Width: 64, Hidden: 128)), Steps: 10_000, Batch: 64, LearningRate: 5e-3, Goal: 2.30);

    /// <inheritdoc/>
    public override string Tiny => Json(new(Context: 8, Width: 2, Hidden: 4));

    protected override LanguageModel Build(BagOfWordsOptions sizes, int vocabulary, TorchRandom rng) => new BagOfWords(sizes, vocabulary, rng);
}
