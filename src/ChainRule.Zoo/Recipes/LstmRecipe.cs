using ChainRule.Randomness;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Recipes;

/// <summary>The LSTM network.</summary>
public sealed class LstmRecipe : Recipe<RecurrentOptions>
{
    /// <inheritdoc/>
    public override string Name => "lstm";

    /// <inheritdoc/>
    public override string Summary => "a state beside a memory, each with its gates";

    /// <inheritdoc/>
    public override Plan Names { get; } = new(Json(new()), Steps: 10_000, Batch: 32, LearningRate: 5e-3, Goal: 2.02);

    /// <inheritdoc/>
    public override Plan Text { get; } = new(Json(new(Context: 64, Width: 64, Hidden: 256)), Steps: 2_000, Batch: 32, LearningRate: 5e-3, Goal: 1.59);

    /// <inheritdoc/>
    public override string Tiny => Json(new(Context: 8, Width: 2, Hidden: 4));

    protected override LanguageModel Build(RecurrentOptions sizes, int vocabulary, TorchRandom rng) => new LstmModel(sizes, vocabulary, rng);
}
