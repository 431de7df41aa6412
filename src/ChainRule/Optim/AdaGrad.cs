using System.Numerics;
using System.Runtime.CompilerServices;
using ChainRule.Kernels;

namespace ChainRule.Optim;

/// <summary>
/// A learning rate of its own for each number, smaller the more its gradients have added up to, with learning
/// rate η and weight decay λ:
/// <code lang="math">
/// g ← g + λ w
/// s ← s + g²
/// w ← w − η g / (√s + ε)
/// </code>
/// Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and stochastic optimization", 2011.
/// </summary>
public sealed class AdaGrad : Optimizer
{
    readonly double _eps;

    /// <param name="parameters">What to train.</param>
    /// <param name="learningRate">η: a number or a <see cref="Schedule"/>; 1e-2 if null.</param>
    /// <param name="eps">ε, which keeps the denominator from 0. With an ε of 0, a parameter whose gradients were
    /// all 0 becomes NaN, 0 / 0, as in PyTorch.</param>
    /// <param name="weightDecay">λ.</param>
    /// <param name="decays">Which parameters decay; if null, all do.</param>
    /// <exception cref="ArgumentException">A setting outside of its range.</exception>
    public AdaGrad(IEnumerable<Tensor> parameters, Schedule? learningRate = null, double eps = 1e-10,
        double weightDecay = 0, Func<Tensor, bool>? decays = null)
        : base(parameters, learningRate ?? 1e-2, weightDecay, decays, "square") =>
        _eps = Setting.NotNegative("AdaGrad", "eps", eps);

    protected override void Update<T>(Parameter<T> p) =>
        UpdateLoop.Each(new Formula<T>(Lanes.Of<T>(p.LearningRate), Lanes.Of<T>(p.Decay), Lanes.Of<T>(_eps)), p.W,
            p.G, p.State(0));

    readonly struct Formula<T>(Vector<T> learningRate, Vector<T> decay, Vector<T> eps) : IUpdate<T> where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Of(Vector<T> w, Vector<T> g, ref Vector<T> s, ref Vector<T> b, ref Vector<T> c)
        {
            g += decay * w;
            s += g * g;
            return w - learningRate * g / (Vector.SquareRoot(s) + eps);
        }
    }
}
