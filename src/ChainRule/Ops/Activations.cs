using System.Numerics;
using System.Runtime.CompilerServices;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>y = max(x, 0);  dx = dy where x > 0. NaN stays NaN, in the derivative too.</summary>
readonly struct Relu : IUnary, ILane
{
    void IUnary.Map<T>(ReadOnlySpan<T> x, Span<T> y) => MapLoop.Each(this, x, y);
    // In this order NaN stays NaN.
    Vector<T> ILane.Of<T>(Vector<T> x) => Vector.MaxNative(Vector<T>.Zero, x);
    Vector<T> IUnary.Slope<T>(Vector<T> x, Vector<T> y) => Lanes.OrNaN(x, Lanes.Step(Vector.GreaterThan(x, Vector<T>.Zero)));
}

/// <summary>y = x where x > 0, slope · x elsewhere.</summary>
readonly struct LeakyRelu(double slope) : IUnary, ILane
{
    void IUnary.Map<T>(ReadOnlySpan<T> x, Span<T> y) => MapLoop.Each(this, x, y);
    Vector<T> ILane.Of<T>(Vector<T> x) => Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), x, x * Lanes.Of<T>(slope));
    Vector<T> IUnary.Slope<T>(Vector<T> x, Vector<T> y) =>
        Lanes.OrNaN(x, Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), Vector<T>.One, Lanes.Of<T>(slope)));
}

/// <summary>y = x where x > 0, α (eˣ − 1) elsewhere;  dx = dy (y + α) there.</summary>
readonly struct Elu(double alpha) : IUnary, ILane
{
    void IUnary.Map<T>(ReadOnlySpan<T> x, Span<T> y) => MapLoop.Each(this, x, y);

    Vector<T> ILane.Of<T>(Vector<T> x) =>
        Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), x, Lanes.Of<T>(alpha) * Lanes.Expm1(Vector.Min(x, Vector<T>.Zero)));

    Vector<T> IUnary.Slope<T>(Vector<T> x, Vector<T> y) =>
        Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), Vector<T>.One, Lanes.Of<T>(alpha) * Lanes.Exp(Vector.Min(x, Vector<T>.Zero)));
}

/// <summary>
/// y = x Φ(x) = max(x, 0) − |x| Φ(−|x|), where Φ(−z) = erfc(z / √2) / 2 keeps its digits far out;  dx = dy (Φ(x) + x φ(x)).
/// </summary>
readonly struct Gelu : IUnary, IWideLane, IWideSlope
{
    void IUnary.Map<T>(ReadOnlySpan<T> x, Span<T> y) => MapLoop.Widest(this, x, y);

    V IWideLane.Of<V>(V x)
    {
        var z = V.Abs(x);
        return V.MultiplyAdd(-V.Min(V.Of(40), z), Exponentials.NormalTail(z), V.Max(V.Of(0), x));
    }

    Vector<T> IUnary.Slope<T>(Vector<T> x, Vector<T> y) => ((IWideSlope)this).Slope(new Plain<T>(x), new Plain<T>(y)).Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    V IWideSlope.Slope<V>(V x, V y)
    {
        // Beyond these ends Φ is 0 or 1 and φ is 0; infinity divided by itself would be NaN.
        (x, y) = (V.Max(V.Of(-1e4), V.Min(V.Of(1e4), x)), V.Min(V.Of(1e4), y));
        // Φ(x) = y / x was computed before; around 0 it is ½.
        var below = V.IfNegative(V.Abs(x) - V.Of(1e-30), V.Of(0.5), y / x);
        return V.MultiplyAdd(x * V.Of(0.3989422804014327), Exponentials.Exp(x * x * V.Of(-0.5)), below);
    }
}

/// <summary>y = x σ(2u), where u = √(2/π) (x + 0.044715 x³): the form of GELU by tanh, since (1 + tanh u) / 2 = σ(2u).</summary>
readonly struct GeluTanh : IUnary, ILane
{
    const double TwoRootTwoOverPi = 1.5957691216057308;
    const double Cubic = 0.044715;

    // Beyond this the gate is 0 or 1 in either number type, and the powers of x would overflow.
    const double End = 40;

    void IUnary.Map<T>(ReadOnlySpan<T> x, Span<T> y) => MapLoop.Each(this, x, y);
    Vector<T> ILane.Of<T>(Vector<T> x) => Lanes.AtLeast(-End, x) * Lanes.Sigmoid(Twice(Lanes.Within(End, x)));

    Vector<T> IUnary.Slope<T>(Vector<T> x, Vector<T> y)
    {
        (x, y) = (Lanes.Within(End, x), Lanes.Within(End, y));
        var s = Lanes.Gate(x, y);
        return s + y * (Vector<T>.One - s) * Lanes.Of<T>(TwoRootTwoOverPi) * (Vector<T>.One + Lanes.Of<T>(3 * Cubic) * x * x);
    }

    static Vector<T> Twice<T>(Vector<T> x) where T : unmanaged, INumber<T> => Lanes.Of<T>(TwoRootTwoOverPi) * x * (Vector<T>.One + Lanes.Of<T>(Cubic) * x * x);
}

/// <summary>y = x σ(x);  dx = dy σ(x) (1 + x (1 − σ(x))).</summary>
readonly struct Silu : IUnary, IWideLane
{
    // Beyond this σ is 0 or 1, and infinity times 0 would be NaN.
    const double End = 1e4;

    void IUnary.Map<T>(ReadOnlySpan<T> x, Span<T> y) => MapLoop.Widest(this, x, y);
    V IWideLane.Of<V>(V x) => V.Max(V.Of(-End), x) * Exponentials.Sigmoid(x);

    Vector<T> IUnary.Slope<T>(Vector<T> x, Vector<T> y)
    {
        (x, y) = (Lanes.Within(End, x), Lanes.Within(End, y));
        var s = Lanes.Gate(x, y);
        return s + y * (Vector<T>.One - s);
    }
}

/// <summary>y = ln(1 + eˣ);  dx = dy σ(x).</summary>
readonly struct Softplus : IUnary, ILane
{
    void IUnary.Map<T>(ReadOnlySpan<T> x, Span<T> y) => MapLoop.Each(this, x, y);
    Vector<T> ILane.Of<T>(Vector<T> x) => Lanes.Softplus(x);
    Vector<T> IUnary.Slope<T>(Vector<T> x, Vector<T> y) => Lanes.Sigmoid(x);
}

/// <summary>y = σ(x) = 1 / (1 + e⁻ˣ);  dx = dy y (1 − y) = dy e / (1 + e)² with e = exp(−|x|), because 1 − y loses its digits where y is near 1.</summary>
readonly struct Sigmoid : IUnary, IWideLane, IWideSlope
{
    void IUnary.Map<T>(ReadOnlySpan<T> x, Span<T> y) => MapLoop.Widest(this, x, y);
    V IWideLane.Of<V>(V x) => Exponentials.Sigmoid(x);
    Vector<T> IUnary.Slope<T>(Vector<T> x, Vector<T> y) => ((IWideSlope)this).Slope(new Plain<T>(x), new Plain<T>(y)).Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    V IWideSlope.Slope<V>(V x, V y)
    {
        V e = Exponentials.Exp(-V.Abs(x)), sum = V.Of(1) + e;
        return e / (sum * sum);
    }
}

/// <summary>y = tanh x;  dx = dy (1 − y²).</summary>
readonly struct Tanh : IUnary, IWideLane
{
    void IUnary.Map<T>(ReadOnlySpan<T> x, Span<T> y) => MapLoop.Widest(this, x, y);
    V IWideLane.Of<V>(V x) => Exponentials.Tanh(x);
    Vector<T> IUnary.Slope<T>(Vector<T> x, Vector<T> y) => Vector<T>.One - y * y;
}

/// <summary>y = 1 where x ≥ threshold, 0 elsewhere, NaN where x is NaN;  dx = 0.</summary>
readonly struct Step(double threshold) : IUnary, ILane
{
    void IUnary.Map<T>(ReadOnlySpan<T> x, Span<T> y) => MapLoop.Each(this, x, y);
    // A comparison with NaN is false: NaN is handed on.
    Vector<T> ILane.Of<T>(Vector<T> x) => Vector.ConditionalSelect(Vector.Equals(x, x), Lanes.Step(Vector.GreaterThanOrEqual(x, Lanes.Of<T>(threshold))), x);
    Vector<T> IUnary.Slope<T>(Vector<T> x, Vector<T> y) => Vector<T>.Zero;
}

public readonly partial struct Tensor
{
    /// <summary>
    /// A perceptron's answer: 1 where the number reaches the threshold, 0 where it is below, so that a number equal to the threshold gives 1.
    /// Its derivative is 0 (at the threshold there is none, and 0 is taken): nothing can be learnt through it.
    /// </summary>
    public Tensor Step(double threshold = 0)
    {
        Throw.IfNotFinite(threshold, "step", "threshold");
        return Map(new Step(threshold), this);
    }

    /// <summary>max(x, 0); its slope at 0 is taken to be 0.</summary>
    public Tensor Relu() => Map(new Relu(), this);

    /// <summary>x where positive, slope · x elsewhere.</summary>
    public Tensor LeakyRelu(double slope = 0.01)
    {
        Throw.IfNotFinite(slope, "leaky ReLU", "slope");
        return Map(new LeakyRelu(slope), this);
    }

    /// <summary>x where positive, α (eˣ − 1) elsewhere.</summary>
    public Tensor Elu(double alpha = 1)
    {
        Throw.IfNotFinite(alpha, "ELU", "alpha");
        return Map(new Elu(alpha), this);
    }

    /// <summary>x Φ(x), with the normal distribution's own Φ (Hendrycks and Gimpel, 2016).</summary>
    public Tensor Gelu() => WideMap(new Gelu(), this);

    /// <summary>GELU by tanh: x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2, as GPT-2 has it.</summary>
    public Tensor GeluTanh() => Map(new GeluTanh(), this);

    /// <summary>x σ(x), also called swish.</summary>
    public Tensor Silu() => Map(new Silu(), this);

    /// <summary>ln(1 + eˣ), a smooth ReLU.</summary>
    public Tensor Softplus() => Map(new Softplus(), this);

    /// <summary>σ(x) = 1 / (1 + e⁻ˣ), between 0 and 1.</summary>
    public Tensor Sigmoid() => WideMap(new Sigmoid(), this);

    /// <summary>tanh x, between −1 and 1.</summary>
    public Tensor Tanh() => Map(new Tanh(), this);
}
