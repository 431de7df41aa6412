using System.Numerics;
using System.Runtime.CompilerServices;
using ChainRule.Kernels;

namespace ChainRule.Optim;

/// <summary>Settings of <see cref="Sgd"/>: <c>new Sgd(parameters, 0.1, new() { Momentum = 0.9 })</c>.</summary>
public sealed record SgdOptions
{
    /// <summary>μ, in [0, 1).</summary>
    public double Momentum { get; init; }

    /// <summary>Whether to look ahead along the momentum.</summary>
    public bool Nesterov { get; init; }

    /// <summary>λ.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Which parameters decay; if null, all do.</summary>
    public Func<Tensor, bool>? Decays { get; init; }
}

/// <summary>
/// Stochastic gradient descent, with learning rate η, momentum μ and weight decay λ:
/// <code lang="math">
/// g ← g + λ w
/// v ← μ v + g
/// w ← w − η v              Nesterov: w ← w − η (g + μ v)
/// </code>
/// Without momentum, w ← w − η g and nothing is remembered. As in PyTorch, the learning rate stands outside of v, so
/// that a change of learning rate acts at once. Momentum: Polyak, "Some methods of speeding up the convergence of
/// iteration methods", 1964. Nesterov's, in this form: Sutskever et al., "On the importance of initialization and
/// momentum in deep learning", 2013.
/// </summary>
public sealed class Sgd : Optimizer
{
    readonly double _momentum;
    readonly bool _nesterov;

    /// <param name="parameters">What to train.</param>
    /// <param name="learningRate">η: a number or a <see cref="Schedule"/>; 1e-3 if null.</param>
    /// <param name="options">Other settings; if null, those that <see cref="SgdOptions"/> begins with.</param>
    /// <param name="momentum">μ; it stands over that of the options.</param>
    /// <param name="weightDecay">λ, the most common of the other settings; it stands over that of the options.</param>
    /// <exception cref="ArgumentException">A setting outside of its range, or Nesterov without momentum.</exception>
    public Sgd(IEnumerable<Tensor> parameters, Schedule? learningRate = null, SgdOptions? options = null,
        double? momentum = null, double? weightDecay = null)
        : base(parameters, learningRate ?? 1e-3, weightDecay ?? options?.WeightDecay ?? 0, options?.Decays,
            (momentum ?? options?.Momentum ?? 0) == 0 ? [] : ["momentum"])
    {
        _momentum = Setting.BelowOne("Sgd", "momentum", momentum ?? options?.Momentum ?? 0,
            momentum is null ? nameof(options) : nameof(momentum));
        _nesterov = options?.Nesterov ?? false;
        if (_nesterov && _momentum == 0)
            Throw.Argument("Sgd: Nesterov looks ahead along the momentum, and the momentum is 0: give one, such as 0.9",
                nameof(options));
    }

    protected override void Update<T>(Parameter<T> p)
    {
        Vector<T> learningRate = Lanes.Of<T>(p.LearningRate), decay = Lanes.Of<T>(p.Decay),
            momentum = Lanes.Of<T>(_momentum);
        if (_momentum == 0) UpdateLoop.Each(new Plain<T>(learningRate, decay), p.W, p.G);
        else if (!_nesterov) UpdateLoop.Each(new Heavy<T>(learningRate, decay, momentum), p.W, p.G, p.State(0));
        else UpdateLoop.Each(new Ahead<T>(learningRate, decay, momentum), p.W, p.G, p.State(0));
    }

    readonly struct Plain<T>(Vector<T> learningRate, Vector<T> decay) : IUpdate<T> where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Of(Vector<T> w, Vector<T> g, ref Vector<T> a, ref Vector<T> b, ref Vector<T> c) =>
            w - learningRate * (g + decay * w);
    }

    readonly struct Heavy<T>(Vector<T> learningRate, Vector<T> decay, Vector<T> momentum) : IUpdate<T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Of(Vector<T> w, Vector<T> g, ref Vector<T> v, ref Vector<T> b, ref Vector<T> c)
        {
            v = momentum * v + (g + decay * w);
            return w - learningRate * v;
        }
    }

    readonly struct Ahead<T>(Vector<T> learningRate, Vector<T> decay, Vector<T> momentum) : IUpdate<T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Of(Vector<T> w, Vector<T> g, ref Vector<T> v, ref Vector<T> b, ref Vector<T> c)
        {
            g += decay * w;
            v = momentum * v + g;
            return w - learningRate * (g + momentum * v);
        }
    }
}
