using System.ComponentModel;
using System.Text.Json.Serialization;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Training;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Recipes;

/// <summary>The optimisers that a run can be trained with.</summary>
[JsonConverter(typeof(LowerCase<OptimizerKind>))]
public enum OptimizerKind
{
    /// <summary><see cref="Optim.AdamW"/>.</summary>
    AdamW,

    /// <summary><see cref="Optim.Adam"/>.</summary>
    Adam,

    /// <summary><see cref="Optim.Sgd"/>, with momentum where one is set.</summary>
    Sgd,

    /// <summary><see cref="Optim.RmsProp"/>, with momentum where one is set.</summary>
    RmsProp,

    /// <summary><see cref="Optim.AdaGrad"/>.</summary>
    AdaGrad,
}

/// <summary>How the learning rate changes from the first step to the last.</summary>
[JsonConverter(typeof(LowerCase<ScheduleKind>))]
public enum ScheduleKind
{
    /// <summary>
    /// A warm-up of 100 steps, or of a twentieth of them where that is less; then half a cosine down to a tenth of
    /// the learning rate.
    /// </summary>
    Cosine,

    /// <summary>One cycle: up to the learning rate in the first tenth of the steps, and down again.</summary>
    OneCycle,

    /// <summary>A straight line from the learning rate to 0.</summary>
    Linear,

    /// <summary>The learning rate in every step.</summary>
    Constant,
}

/// <summary>Which parameters the weight decay applies to.</summary>
[JsonConverter(typeof(LowerCase<DecayedParameters>))]
public enum DecayedParameters
{
    /// <summary>Weights of layers and rows of embeddings; no biases and no gains of norms.</summary>
    Matrices,

    /// <summary>All of them.</summary>
    All,
}

/// <summary>
/// How a model is trained. The defaults are nanoGPT's: AdamW whose weight decay is for matrices alone, a short warm-up,
/// then half a cosine, and gradients of a norm of 1 at most.
/// </summary>
/// <param name="BatchSize">Examples in a batch.</param>
/// <param name="LearningRate">The greatest learning rate; the schedule says what becomes of it.</param>
/// <param name="Schedule">How the learning rate changes.</param>
/// <param name="Optimizer">The optimiser.</param>
/// <param name="WeightDecay">How strongly parameters are pulled towards 0; if null, as the task finds right for its
/// data: for tables 500 / training rows, 1 at most; else 0.</param>
/// <param name="WeightDecayOn">Which parameters it applies to.</param>
/// <param name="Beta2">Decay rate of the second moment, for adamw and adam; if null, 0.999.</param>
/// <param name="Momentum">Momentum, for sgd and rmsprop.</param>
/// <param name="ClipNorm">The greatest norm of all gradients together; null to disable clipping.</param>
/// <param name="EvalEvery">Steps between two evaluations; if null, twenty evaluations in a run, at most
/// 1,000 steps apart.</param>
/// <param name="Patience">After how many evaluations in a row whose validation loss is not
/// lower by 0.0001 training stops; null to
/// make all steps.</param>
/// <param name="L1">λ of the penalty λ Σ |w| over the weights that are decayed, which the training loss has beside it:
/// it draws weights that are of little use to 0; if null, there is no such penalty.</param>
/// <param name="Freeze">Layers and parameters that are not trained, by name, separated by commas: <c>features</c> is
/// all below it; if null, all are trained.</param>
/// <param name="Shards">Into how many parts a batch is cut, which workers share out: the same number gives the same
/// bits on any number of workers; if null, a batch is computed as a whole, by one worker.</param>
/// <param name="Recompute">Parts of the model whose inner numbers are computed again in the backward pass instead of
/// being kept, by name, separated by commas, such as <c>blocks</c> of a gpt: the same bits for less memory and more
/// time; if null, all are kept.</param>
public sealed record TrainingSettings(
    [Limits(1, 1_000_000)] int BatchSize,
    [Limits(0, AboveLeast = true)] double LearningRate,
    ScheduleKind Schedule = ScheduleKind.Cosine,
    OptimizerKind Optimizer = OptimizerKind.AdamW,
    [Limits(0)] double? WeightDecay = 0.1,
    DecayedParameters WeightDecayOn = DecayedParameters.Matrices,
    [Limits(0, 1, BelowMost = true)] double? Beta2 = 0.99,
    [Limits(0, 1, BelowMost = true)] double Momentum = 0,
    [Limits(0, AboveLeast = true)] double? ClipNorm = 1,
    [Limits(1)] int? EvalEvery = null,
    // Earlier runs lack it, and their files are compared with it.
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] [Limits(1)] int? Patience = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] [Limits(0, AboveLeast = true)]
    double? L1 = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] [Names("LAYER")]
    [Description("Layers that are not trained, by name, several or separated by commas")] string? Freeze = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] [Limits(1, 65_536)] int? Shards = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Recompute = null)
    : ISettings
{
    /// <summary>How many shards a batch has where several workers train and nothing is said.</summary>
    public const int UsualShards = 16;

    const double UsualBeta2 = 0.999;

    bool HasBeta2 => Optimizer is OptimizerKind.AdamW or OptimizerKind.Adam;

    bool HasMomentum => Optimizer is OptimizerKind.Sgd or OptimizerKind.RmsProp;

    /// <summary>When to stop before all steps are made; null to make them all.</summary>
    internal EarlyStopping? EarlyStopping => Patience is { } patience ? new(patience, MinDelta: 1e-4) : null;

    /// <summary>
    /// The optimiser over a model's parameters, with the learning rate of a training of that many steps.
    /// </summary>
    public Optimizer CreateOptimizer(Module model, int steps) => CreateOptimizer(model, CreateSchedule(steps));

    /// <summary>
    /// The optimiser over a model's parameters, at the learning rate that the schedule begins from or warms up to.
    /// </summary>
    public Optimizer CreateOptimizer(Module model) => CreateOptimizer(model, (Schedule)LearningRate);

    Optimizer CreateOptimizer(Module model, Schedule learningRate)
    {
        var parameters = model.Parameters();
        Func<Tensor, bool>? decays = WeightDecayOn == DecayedParameters.Matrices ? static p => p.Rank >= 2 : null;
        return Optimizer switch
        {
            OptimizerKind.AdamW => new AdamW(parameters, learningRate, Adam(decays)),
            OptimizerKind.Adam => new Adam(parameters, learningRate, Adam(decays)),
            OptimizerKind.Sgd => new Sgd(parameters, learningRate,
                new() { Momentum = Momentum, WeightDecay = WeightDecay ?? 0, Decays = decays }),
            OptimizerKind.RmsProp => new RmsProp(parameters, learningRate,
                new() { Momentum = Momentum, WeightDecay = WeightDecay ?? 0, Decays = decays }),
            _ => new AdaGrad(parameters, learningRate, weightDecay: WeightDecay ?? 0, decays: decays),
        };
    }

    AdamOptions Adam(Func<Tensor, bool>? decays) =>
        new() { Beta2 = Beta2 ?? UsualBeta2, WeightDecay = WeightDecay ?? 0, Decays = decays };

    /// <summary>λ Σ |w| over the parameters that weight decay applies to; null if there is none.</summary>
    internal Func<Tensor>? CreatePenalty(Module model)
    {
        if (L1 is not { } lambda) return null;
        Tensor[] decayed = [.. model.Parameters().Where(p => WeightDecayOn == DecayedParameters.All || p.Rank >= 2)];
        return () => decayed.Select(w => w.Abs().Sum()).Aggregate((sum, one) => sum + one) * lambda;
    }

    /// <summary>The learning rate over a number of steps.</summary>
    public Schedule CreateSchedule(int steps) => Schedule switch
    {
        ScheduleKind.Cosine => Optim.Schedule.Cosine(LearningRate, LearningRate / 10, warmup: Math.Min(100, steps / 20),
            total: Math.Max(1, steps)),
        ScheduleKind.OneCycle => Optim.Schedule.OneCycle(LearningRate, total: Math.Max(2, steps), pctStart: 0.1),
        ScheduleKind.Linear => Optim.Schedule.Linear(LearningRate, 0, Math.Max(1, steps)),
        _ => Optim.Schedule.Constant(LearningRate),
    };

    /// <summary>How many steps lie between two evaluations at most, where nothing is asked for; networks of tables
    /// overfit soon.</summary>
    internal const int MostBetween = 1000, MostBetweenTables = 100;

    /// <summary>With everything said that was left to a default: what a run of that many steps uses.</summary>
    internal TrainingSettings Complete(int steps, int most = MostBetween) => this with
    {
        Beta2 = HasBeta2 ? Beta2 ?? UsualBeta2 : Beta2,
        EvalEvery = EvalEvery ?? Math.Clamp(steps / 20, 1, most),
    };

    /// <summary>With another optimiser, and without what it does not have.</summary>
    internal TrainingSettings For(OptimizerKind optimizer)
    {
        var changed = this with { Optimizer = optimizer };
        return changed with { Beta2 = changed.HasBeta2 ? Beta2 : null, Momentum = changed.HasMomentum ? Momentum : 0 };
    }

    /// <summary>Refuses settings outside of their limits, and those that the optimiser does not have.</summary>
    /// <exception cref="ArgumentException">There is one.</exception>
    public void Check(string asked)
    {
        foreach (var setting in Setting.Of(this)) setting.Check(asked, this);
        string name = Setting.Text(Optimizer);
        if (Momentum != 0 && !HasMomentum)
            throw new ArgumentException(
                $"{asked}: momentum {Setting.Text(Momentum)}: {name} has none: take sgd or rmsprop, or leave it out");
        if (Beta2 is { } beta2 && !HasBeta2)
            throw new ArgumentException(
                $"{asked}: beta2 {Setting.Text(beta2)}: {name} has none: take adamw or adam, or leave it out");
    }
}
