using ChainRule.Randomness;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Recipes;

/// <summary>The RNN network.</summary>
public sealed class RnnRecipe : Recipe<RecurrentOptions>
{
    /// <inheritdoc/>
    public override string Name => "rnn";

    /// <inheritdoc/>
    public override string Summary => "a state handed on from step to step";

    /// <inheritdoc/>
    public override Plan Names { get; } = new(Json(new()), Steps: 10_000, Batch: 32, LearningRate: 5e-3, Goal: 2.08);

    /// <inheritdoc/>
    public override Plan Text { get; } = new(Json(new(Context: 64, Width: 64, Hidden: 256)), Steps: 2_000, Batch: 32, LearningRate: 5e-3, Goal: 1.68);

    /// <inheritdoc/>
    public override string Tiny => Json(new(Context: 8, Width: 2, Hidden: 4));

    protected override LanguageModel Build(RecurrentOptions sizes, int vocabulary, TorchRandom rng) => new RnnModel(sizes, vocabulary, rng);
}
