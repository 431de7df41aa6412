using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Recipes;

/// <summary>The multi-layer perceptron: AdamW, one cycle.</summary>
public sealed class NgramMlpRecipe : Recipe<NgramMlpOptions>
{
    /// <inheritdoc/>
    public override string Name => "mlp";

    /// <inheritdoc/>
    public override string Summary => "embedding, one hidden layer, batch norm, tanh; looks 6 characters back";

    /// <inheritdoc/>
    public override Plan Names { get; } = new(Json(new()), Steps: 15_000, Batch: 128, LearningRate: 0.004, Goal: 2.05);

    /// <inheritdoc/>
    public override Plan Text { get; } = new(Json(new(Context: 8, Width: 24, Hidden: 300)), Steps: 10_000, Batch: 256, LearningRate: 0.004, Goal: 1.75);

    /// <inheritdoc/>
    public override string Tiny => Json(new(Context: 3, Width: 2, Hidden: 8));

    /// <inheritdoc/>
    public override double? ClipNorm => null;

    /// <inheritdoc/>
    public override Optimizer Optimizer(Module model, Schedule learningRate) => new AdamW(model.Parameters(), learningRate, weightDecay: 0.05);

    /// <inheritdoc/>
    public override Schedule Schedule(Plan plan, int steps) => Optim.Schedule.OneCycle(plan.LearningRate, total: Math.Max(2, steps), pctStart: 0.1);

    protected override LanguageModel Build(NgramMlpOptions sizes, int vocabulary, TorchRandom rng) => new NgramMlp(sizes, vocabulary, rng);
}
