using System.Numerics;
using System.Runtime.CompilerServices;
using ChainRule.Kernels;

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
/// Loshchilov and Hutter, "Decoupled weight decay regularization", 2017 (arXiv:1711.05101). As in PyTorch, the learning rate multiplies the decay too.
/// </summary>
public sealed class AdamW : Optimizer
{
    readonly double _beta1, _beta2, _eps;

    /// <param name="parameters">What to train.</param>
    /// <param name="learningRate">η: a number or a <see cref="Schedule"/>; 1e-3 if null.</param>
    /// <param name="beta1">β₁, the decay rate of the first moment, in [0, 1).</param>
    /// <param name="beta2">β₂, the decay rate of the second moment, in [0, 1).</param>
    /// <param name="eps">ε, which keeps the denominator from 0.</param>
    /// <param name="weightDecay">λ.</param>
    /// <param name="decays">Which parameters decay; if null, all do. GPTs let matrices decay, but no biases or gains: <c>p => p.Rank >= 2</c>.</param>
    /// <exception cref="ArgumentException">A setting outside of its range.</exception>
    public AdamW(IEnumerable<Tensor> parameters, Schedule? learningRate = null, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
        double weightDecay = 0.01, Func<Tensor, bool>? decays = null) : base(parameters, learningRate ?? 1e-3, weightDecay, decays, "mean", "square")
    {
        _beta1 = Setting.BelowOne("AdamW", "beta1", beta1);
        _beta2 = Setting.BelowOne("AdamW", "beta2", beta2);
        _eps = Setting.NotNegative("AdamW", "eps", eps);
    }

    protected override void Update<T>(Parameter<T> p)
    {
        double learningRate = p.LearningRate / (1 - Math.Pow(_beta1, p.Steps)), unbias = 1 / Math.Sqrt(1 - Math.Pow(_beta2, p.Steps));
        var formula = new Formula<T>(Lanes.Of<T>(learningRate), Lanes.Of<T>(unbias), Lanes.Of<T>(1 - p.LearningRate * p.Decay),
            Lanes.Of<T>(_beta1), Lanes.Of<T>(1 - _beta1), Lanes.Of<T>(_beta2), Lanes.Of<T>(1 - _beta2), Lanes.Of<T>(_eps));
        UpdateLoop.Each(formula, p.W, p.G, p.State(0), p.State(1));
    }

    readonly struct Formula<T>(Vector<T> learningRate, Vector<T> unbias, Vector<T> keep,
        Vector<T> keep1, Vector<T> take1, Vector<T> keep2, Vector<T> take2, Vector<T> eps) : IUpdate<T> where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Of(Vector<T> w, Vector<T> g, ref Vector<T> m, ref Vector<T> s, ref Vector<T> c)
        {
            m = keep1 * m + take1 * g;
            s = keep2 * s + take2 * (g * g);
            return keep * w - learningRate * m / (Vector.SquareRoot(s) * unbias + eps);
        }
    }
}
