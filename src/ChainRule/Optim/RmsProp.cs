using System.Numerics;
using System.Runtime.CompilerServices;
using ChainRule.Kernels;

namespace ChainRule.Optim;

/// <summary>
/// Settings of <see cref="RmsProp"/>: <c>new RmsProp(parameters, 1e-2, new() { Centered = true })</c>.
/// </summary>
public sealed record RmsPropOptions
{
    /// <summary>α, the decay rate of the running means, in [0, 1).</summary>
    public double Alpha { get; init; } = 0.99;

    /// <summary>ε, which keeps the denominator from 0. With an ε of 0, a parameter whose gradients were all 0 becomes
    /// NaN, 0 / 0, as in PyTorch.</summary>
    public double Eps { get; init; } = 1e-8;

    /// <summary>μ, in [0, 1).</summary>
    public double Momentum { get; init; }

    /// <summary>Whether to divide by the standard deviation and not by the root mean square.</summary>
    public bool Centered { get; init; }

    /// <summary>λ.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Which parameters decay; if null, all do.</summary>
    public Func<Tensor, bool>? Decays { get; init; }
}

/// <summary>
/// Divides each gradient by the root of the running mean of its square, with learning rate η,
/// momentum μ and weight decay λ:
/// <code lang="math">
/// g ← g + λ w
/// s ← α s + (1 − α) g²
/// r = √s + ε               centred: m ← α m + (1 − α) g,  r = √(s − m²) + ε
/// w ← w − η g / r          with momentum: v ← μ v + g / r,  w ← w − η v
/// </code>
/// Tieleman and Hinton, "Neural networks for machine learning", lecture 6.5, 2012. Centred: Graves, "Generating
/// sequences with recurrent neural networks", 2013 (arXiv:1308.0850). The formulas are PyTorch's, but for one case:
/// where rounding takes the variance s − m² below 0, it counts as 0 here, and its root is not NaN.
/// </summary>
public sealed class RmsProp : Optimizer
{
    readonly double _alpha, _eps, _momentum;
    readonly bool _centered;

    /// <param name="parameters">What to train.</param>
    /// <param name="learningRate">η: a number or a <see cref="Schedule"/>; 1e-2 if null.</param>
    /// <param name="options">Other settings; if null, those that <see cref="RmsPropOptions"/> begins with.</param>
    /// <param name="momentum">μ; it stands over that of the options.</param>
    /// <param name="weightDecay">λ, the most common of the other settings; it stands over that of the options.</param>
    /// <exception cref="ArgumentException">A setting outside of its range.</exception>
    public RmsProp(IEnumerable<Tensor> parameters, Schedule? learningRate = null, RmsPropOptions? options = null,
        double? momentum = null, double? weightDecay = null)
        : base(parameters, learningRate ?? 1e-2, weightDecay ?? options?.WeightDecay ?? 0, options?.Decays,
            Kept((momentum ?? options?.Momentum ?? 0) != 0, options?.Centered ?? false))
    {
        options ??= new();
        _alpha = Setting.BelowOne("RmsProp", "alpha", options.Alpha, nameof(options));
        _eps = Setting.NotNegative("RmsProp", "eps", options.Eps, nameof(options));
        _momentum = Setting.BelowOne("RmsProp", "momentum", momentum ?? options.Momentum,
            momentum is null ? nameof(options) : nameof(momentum));
        _centered = options.Centered;
    }

    protected override void Update<T>(Parameter<T> p)
    {
        bool heavy = _momentum != 0;
        var formula = new Formula<T>(Lanes.Of<T>(p.LearningRate), Lanes.Of<T>(p.Decay), Lanes.Of<T>(_alpha),
            Lanes.Of<T>(1 - _alpha), Lanes.Of<T>(_eps), Lanes.Of<T>(_momentum), _centered);
        UpdateLoop.Each(formula, p.W, p.G, p.State(0), heavy ? p.State(1) : default,
            _centered ? p.State(heavy ? 2 : 1) : default);
    }

    static string[] Kept(bool momentum, bool centered) => (momentum, centered) switch
    {
        (false, false) => ["square"],
        (true, false) => ["square", "momentum"],
        (false, true) => ["square", "mean"],
        _ => ["square", "momentum", "mean"],
    };

    readonly struct Formula<T>(Vector<T> learningRate, Vector<T> decay, Vector<T> alpha, Vector<T> beta, Vector<T> eps,
        Vector<T> momentum, bool centered)
        : IUpdate<T> where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Of(Vector<T> w, Vector<T> g, ref Vector<T> s, ref Vector<T> v, ref Vector<T> m)
        {
            g += decay * w;
            s = alpha * s + beta * (g * g);
            var variance = s;
            if (centered)
            {
                m = alpha * m + beta * g;
                variance = s - m * m;
                variance = Vector.ConditionalSelect(Vector.LessThan(variance, Vector<T>.Zero),
                    Vector<T>.Zero, variance);
            }
            // Without momentum μ is 0 and so is v: this is g / r.
            v = momentum * v + g / (Vector.SquareRoot(variance) + eps);
            return w - learningRate * v;
        }
    }
}
