namespace ChainRule.Optim;

/// <summary>
/// <see cref="Adam"/> with a weight decay that is no part of the gradient, so that every number decays alike.
/// With learning rate η and weight decay λ, at the t-th step:
/// <code lang="math">
/// w ← w − η λ w
/// m ← β₁ m + (1 − β₁) g
/// s ← β₂ s + (1 − β₂) g²
/// w ← w − η / (1 − β₁ᵗ) · m / (√s / √(1 − β₂ᵗ) + ε)
/// </code>
/// Loshchilov and Hutter, "Decoupled weight decay regularization", 2017 (arXiv:1711.05101). As in PyTorch, the learning
/// rate multiplies the decay too.
/// </summary>
public sealed class AdamW : Optimizer
{
    readonly AdamOptions _options;

    /// <param name="parameters">What to train.</param>
    /// <param name="learningRate">η: a number or a <see cref="Schedule"/>; 1e-3 if null.</param>
    /// <param name="options">Other settings; if null, those that <see cref="AdamOptions"/> begins
    /// with, and λ = 0.01.</param>
    /// <param name="weightDecay">λ, the most common of the other settings; it stands over that of the options.</param>
    /// <exception cref="ArgumentException">A setting outside of its range.</exception>
    public AdamW(IEnumerable<Tensor> parameters, Schedule? learningRate = null, AdamOptions? options = null,
        double? weightDecay = null)
        : base(parameters, learningRate ?? 1e-3, weightDecay ?? options?.WeightDecay ?? 0.01, options?.Decays,
            AdamStep.State) =>
        _options = AdamOptions.Checked(nameof(AdamW), options);

    protected override void Update<T>(Parameter<T> p) =>
        AdamStep.Update<T, AdamStep.Decoupled>(p, _options, 1 - p.LearningRate * p.Decay);
}
