using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Recipes;

/// <summary>The bigram table counted, not trained: where gradient descent would lead, at once. Steps asked for go on from there.</summary>
public sealed class CountsRecipe : Recipe<BigramOptions>
{
    /// <inheritdoc/>
    public override string Name => "counts";

    /// <inheritdoc/>
    public override string Summary => "the same table, counted: one more than how often each character follows each; no training";

    /// <inheritdoc/>
    public override Plan Names { get; } = new(Json(new()), Steps: 0, Batch: 256, LearningRate: 0.05, Goal: 2.4533);

    /// <inheritdoc/>
    public override Plan Text { get; } = new(Json(new()), Steps: 0, Batch: 1024, LearningRate: 0.05, Goal: 2.482);

    /// <inheritdoc/>
    public override string Tiny => Json(new());

    /// <inheritdoc/>
    public override void Begin(LanguageModel model, Corpus corpus)
    {
        var train = corpus.Pairs();
        ((Bigram)model).Count(train.Inputs.Reshape([train.Count]), train.Targets);
    }

    /// <inheritdoc/>
    public override Optimizer Optimizer(Module model, Schedule learningRate) => new Adam(model.Parameters(), learningRate);

    protected override LanguageModel Build(BigramOptions sizes, int vocabulary, TorchRandom rng) => new Bigram(vocabulary, rng);
}
