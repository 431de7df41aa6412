using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Recipes;

/// <summary>A bigram has no sizes but that of the vocabulary.</summary>
public sealed record BigramOptions;

/// <summary>The bigram table: Adam, the learning rate falling in a straight line.</summary>
public sealed class BigramRecipe : Recipe<BigramOptions>
{
    /// <inheritdoc/>
    public override string Name => "bigram";

    /// <inheritdoc/>
    public override string Summary => "a table of logits, one row for each character; looks 1 character back";

    /// <inheritdoc/>
    public override Plan Names { get; } = new(Json(new()), Steps: 5_000, Batch: 256, LearningRate: 0.05, Goal: 2.46);

    /// <inheritdoc/>
    public override Plan Text { get; } = new(Json(new()), Steps: 5_000, Batch: 1024, LearningRate: 0.05, Goal: 2.49);

    /// <inheritdoc/>
    public override string Tiny => Json(new());

    /// <inheritdoc/>
    public override double? ClipNorm => null;

    /// <inheritdoc/>
    public override Optimizer Optimizer(Module model, Schedule learningRate) => new Adam(model.Parameters(), learningRate);

    /// <inheritdoc/>
    public override Schedule Schedule(Plan plan, int steps) => Optim.Schedule.Linear(from: plan.LearningRate, to: 0, steps: Math.Max(1, steps));

    protected override LanguageModel Build(BigramOptions sizes, int vocabulary, TorchRandom rng) => new Bigram(vocabulary, rng);
}
