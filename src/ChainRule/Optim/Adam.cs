using System.Numerics;
using System.Runtime.CompilerServices;
using ChainRule.Kernels;

namespace ChainRule.Optim;

/// <summary>
/// Settings of <see cref="Adam"/> and <see cref="AdamW"/>: <c>new AdamW(parameters, 1e-3, new() { Beta2 = 0.99 })</c>.
/// </summary>
public sealed record AdamOptions
{
    /// <summary>β₁, the decay rate of the first moment, in [0, 1).</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>β₂, the decay rate of the second moment, in [0, 1).</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>ε, which keeps the denominator from 0. With an ε of 0, a parameter whose gradients were all 0 becomes
    /// NaN, 0 / 0, as in PyTorch.</summary>
    public double Eps { get; init; } = 1e-8;

    /// <summary>λ; if null, 0 in Adam and 0.01 in AdamW.</summary>
    public double? WeightDecay { get; init; }

    /// <summary>
    /// Which parameters decay; if null, all do. GPTs let matrices decay, but no biases or gains:
    /// <c>p => p.Rank >= 2</c>.
    /// </summary>
    public Func<Tensor, bool>? Decays { get; init; }

    internal static AdamOptions Checked(string asked, AdamOptions? options)
    {
        options ??= new();
        Setting.BelowOne(asked, "beta1", options.Beta1, nameof(options));
        Setting.BelowOne(asked, "beta2", options.Beta2, nameof(options));
        Setting.NotNegative(asked, "eps", options.Eps, nameof(options));
        return options;
    }
}

/// <summary>
/// Running means of the gradient and of its square, each freed of its start at 0; with learning rate η, weight
/// decay λ, at the t-th step:
/// <code lang="math">
/// g ← g + λ w
/// m ← β₁ m + (1 − β₁) g
/// s ← β₂ s + (1 − β₂) g²
/// w ← w − η / (1 − β₁ᵗ) · m / (√s / √(1 − β₂ᵗ) + ε)
/// </code>
/// Kingma and Ba, "Adam: a method for stochastic optimization", 2014 (arXiv:1412.6980). Here the decay is part of the
/// gradient, and is divided by its size as well; <see cref="AdamW"/> is mostly what is wanted.
/// </summary>
public sealed class Adam : Optimizer
{
    readonly AdamOptions _options;

    /// <param name="parameters">What to train.</param>
    /// <param name="learningRate">η: a number or a <see cref="Schedule"/>; 1e-3 if null.</param>
    /// <param name="options">Other settings; if null, those that <see cref="AdamOptions"/> begins with.</param>
    /// <param name="weightDecay">λ, the most common of the other settings; it stands over that of the options.</param>
    /// <exception cref="ArgumentException">A setting outside of its range.</exception>
    public Adam(IEnumerable<Tensor> parameters, Schedule? learningRate = null, AdamOptions? options = null,
        double? weightDecay = null)
        : base(parameters, learningRate ?? 1e-3, weightDecay ?? options?.WeightDecay ?? 0, options?.Decays,
            AdamStep.State) =>
        _options = AdamOptions.Checked(nameof(Adam), options);

    protected override void Update<T>(Parameter<T> p) => AdamStep.Update<T, AdamStep.InGradient>(p, _options, p.Decay);
}

/// <summary>
/// The arithmetic of <see cref="Adam"/> and <see cref="AdamW"/>, which differ in where the decay acts.
/// </summary>
static class AdamStep
{
    public static readonly string[] State = ["mean", "square"];

    public static void Update<T, D>(Parameter<T> p, AdamOptions options, double decay)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> where D : struct, IDecay
    {
        double beta1 = options.Beta1, beta2 = options.Beta2;
        double learningRate = p.LearningRate / (1 - Math.Pow(beta1, p.Steps)),
            unbias = 1 / Math.Sqrt(1 - Math.Pow(beta2, p.Steps));
        var formula = new Formula<T, D>(Lanes.Of<T>(learningRate), Lanes.Of<T>(unbias), Lanes.Of<T>(decay),
            Lanes.Of<T>(beta1), Lanes.Of<T>(1 - beta1), Lanes.Of<T>(beta2), Lanes.Of<T>(1 - beta2),
            Lanes.Of<T>(options.Eps));
        UpdateLoop.Each(formula, p.W, p.G, p.State(0), p.State(1));
    }

    readonly struct Formula<T, D>(Vector<T> learningRate, Vector<T> unbias, Vector<T> decay,
        Vector<T> keep1, Vector<T> take1, Vector<T> keep2, Vector<T> take2, Vector<T> eps)
        : IUpdate<T> where T : unmanaged where D : struct, IDecay
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Of(Vector<T> w, Vector<T> g, ref Vector<T> m, ref Vector<T> s, ref Vector<T> c)
        {
            D.Apply(decay, ref w, ref g);
            m = keep1 * m + take1 * g;
            s = keep2 * s + take2 * (g * g);
            return w - learningRate * m / (Vector.SquareRoot(s) * unbias + eps);
        }
    }

    /// <summary>
    /// Where the decay acts: a type, so that each loop is compiled without a question at each vector.
    /// </summary>
    public interface IDecay
    {
        static abstract void Apply<T>(Vector<T> decay, ref Vector<T> w, ref Vector<T> g);
    }

    /// <summary>g ← g + λ w.</summary>
    public readonly struct InGradient : IDecay
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<T>(Vector<T> decay, ref Vector<T> w, ref Vector<T> g) => g += decay * w;
    }

    /// <summary>w ← (1 − η λ) w.</summary>
    public readonly struct Decoupled : IDecay
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<T>(Vector<T> keep, ref Vector<T> w, ref Vector<T> g) => w *= keep;
    }
}
