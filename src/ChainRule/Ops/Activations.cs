using System.Runtime.CompilerServices;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>y = max(x, 0);  dx = dy where x > 0. NaN stays NaN, in the derivative too.</summary>
readonly struct Relu : IFormula
{
    FormulaText IFormula.Text => new("max(x, 0)", "[x > 0]");
    V IFormula.Of<V>(V x) => V.Max(0, x);
    V IFormula.Derivative<V>(V x, V y) => Piecewise.OrNaN(x, Piecewise.Step(V.Greater(x, 0)));
}

/// <summary>y = x where x > 0, negativeSlope · x elsewhere.</summary>
readonly struct LeakyRelu(double negativeSlope) : IFormula
{
    (string Name, object Value)[] IFormula.Attributes => [("negativeSlope", negativeSlope)];

    FormulaText IFormula.Text =>
        new(FormulaText.With($"max(x, 0) + {negativeSlope} * min(x, 0)"),
            FormulaText.With($"[x > 0] + {negativeSlope} * [x <= 0]"));
    V IFormula.Of<V>(V x) => V.Select(V.Greater(x, 0), x, x * negativeSlope);
    V IFormula.Derivative<V>(V x, V y) => Piecewise.OrNaN(x, V.Select(V.Greater(x, 0), 1, negativeSlope));
}

/// <summary>y = x where x > 0, a x elsewhere;  da = dy x there.</summary>
readonly struct PRelu : IBinaryFormula
{
    FormulaText IBinaryFormula.Text => new("max(a, 0) + b * min(a, 0)", "[a > 0] + b * [a <= 0]", "min(a, 0)");
    V IBinaryFormula.Of<V>(V x, V a) => V.Select(V.Greater(x, 0), x, a * x);
    V IBinaryFormula.DerivativeA<V>(V x, V a) => Piecewise.OrNaN(x, V.Select(V.Greater(x, 0), 1, a));
    V IBinaryFormula.DerivativeB<V>(V x, V a) => V.Select(V.Greater(x, 0), 0, x);
}

/// <summary>y = x where x > 0, α (eˣ − 1) elsewhere;  dx = dy (y + α) there.</summary>
readonly struct Elu(double alpha) : IFormula
{
    (string Name, object Value)[] IFormula.Attributes => [("alpha", alpha)];

    FormulaText IFormula.Text =>
        new(FormulaText.With($"max(x, 0) + {alpha} * (exp(min(x, 0)) - 1)"),
            FormulaText.With($"[x > 0] + {alpha} * [x <= 0] * exp(x)"));
    V IFormula.Of<V>(V x) => V.Select(V.Greater(x, 0), x, alpha * Exponentials.Expm1(V.Minimum(x, 0)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    V IFormula.Derivative<V>(V x, V y) => V.Select(V.Greater(x, 0), 1, alpha * Exponentials.Exp(V.Minimum(x, 0)));
}

/// <summary>
/// y = x Φ(x) = max(x, 0) − |x| Φ(−|x|), where Φ(−z) = erfc(z / √2) / 2 keeps its digits far out;
/// dx = dy (Φ(x) + x φ(x)).
/// </summary>
readonly struct Gelu : IFormula
{
    FormulaText IFormula.Text => new("x * Phi(x)", "Phi(x) + x * phi(x)");
    V IFormula.Of<V>(V x)
    {
        var z = V.Abs(x);
        return V.MultiplyAdd(-V.Min(40, z), Exponentials.NormalTail(z), V.Max(0, x));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    V IFormula.Derivative<V>(V x, V y)
    {
        // Beyond these ends Φ is 0 or 1 and φ is 0; infinity divided by itself would be NaN.
        (x, y) = (V.Max(-1e4, V.Min(1e4, x)), V.Min(1e4, y));
        // Φ(x) = y / x was computed before; around 0 it is ½.
        var below = Piecewise.Gate(x, y);
        return V.MultiplyAdd(x * 0.3989422804014327, Exponentials.Exp(x * x * -0.5), below);
    }
}

/// <summary>
/// y = x σ(2u), where u = √(2/π) (x + 0.044715 x³): the form of GELU by tanh, since (1 + tanh u) / 2 = σ(2u).
/// </summary>
readonly struct GeluTanh : IFormula
{
    FormulaText IFormula.Text =>
        new($"x * {Gate}", $"{Gate} + y * (1 - {Gate}) * 1.5957691216057308 * (1 + 0.134145 * x^2)");

    const string Gate = "sigmoid(1.5957691216057308 * (x + 0.044715 * x^3))";

    const double TwoRootTwoOverPi = 1.5957691216057308;
    const double Cubic = 0.044715;

    // Beyond this the gate is 0 or 1 in either number type, and the powers of x would overflow.
    const double End = 40;

    V IFormula.Of<V>(V x) => Piecewise.AtLeast(-End, x) * Exponentials.Sigmoid(Twice(Piecewise.Within(End, x)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    V IFormula.Derivative<V>(V x, V y)
    {
        (x, y) = (Piecewise.Within(End, x), Piecewise.Within(End, y));
        var s = Piecewise.Gate(x, y);
        return s + y * (1 - s) * TwoRootTwoOverPi * (1 + 3 * Cubic * x * x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V Twice<V>(V x) where V : struct, INumbers<V> => TwoRootTwoOverPi * x * (1 + Cubic * x * x);
}

/// <summary>y = x σ(x);  dx = dy σ(x) (1 + x (1 − σ(x))).</summary>
readonly struct Silu : IFormula
{
    FormulaText IFormula.Text => new("x * sigmoid(x)", "sigmoid(x) * (1 + x * (1 - sigmoid(x)))");
    // Beyond this σ is 0 or 1, and infinity times 0 would be NaN.
    const double End = 1e4;

    V IFormula.Of<V>(V x) => Piecewise.AtLeast(-End, x) * Exponentials.Sigmoid(x);

    V IFormula.Derivative<V>(V x, V y)
    {
        (x, y) = (Piecewise.Within(End, x), Piecewise.Within(End, y));
        var s = Piecewise.Gate(x, y);
        return s + y * (1 - s);
    }
}

/// <summary>y = ln(1 + eˣ);  dx = dy σ(x).</summary>
readonly struct Softplus : IFormula
{
    FormulaText IFormula.Text => new("log(1 + exp(x))", "sigmoid(x)");
    V IFormula.Of<V>(V x) => Exponentials.Softplus(x);
    V IFormula.Derivative<V>(V x, V y) => Exponentials.Sigmoid(x);
}

/// <summary>
/// y = σ(x) = 1 / (1 + e⁻ˣ); dx = dy y (1 − y) = dy e / (1 + e)² with e = exp(−|x|), because 1 − y loses its
/// digits where y is near 1.
/// </summary>
readonly struct Sigmoid : IFormula
{
    FormulaText IFormula.Text => new("1 / (1 + exp(-x))", "y * (1 - y)");
    V IFormula.Of<V>(V x) => Exponentials.Sigmoid(x);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    V IFormula.Derivative<V>(V x, V y)
    {
        V e = Exponentials.Exp(-V.Abs(x)), sum = 1 + e;
        return e / (sum * sum);
    }
}

/// <summary>y = tanh x;  dx = dy (1 − y²).</summary>
readonly struct Tanh : IFormula
{
    FormulaText IFormula.Text => new("tanh(x)", "1 - y^2");
    V IFormula.Of<V>(V x) => Exponentials.Tanh(x);
    V IFormula.Derivative<V>(V x, V y) => 1 - y * y;
}

/// <summary>y = 1 where x ≥ threshold, 0 elsewhere, NaN where x is NaN;  dx = 0.</summary>
readonly struct Step(double threshold) : IFormula
{
    (string Name, object Value)[] IFormula.Attributes => [("threshold", threshold)];

    FormulaText IFormula.Text => new(FormulaText.With($"[x >= {threshold}]"), "0");
    V IFormula.Of<V>(V x) => Piecewise.OrNaN(x, Piecewise.Step(V.GreaterOrEqual(x, threshold)));
    V IFormula.Derivative<V>(V x, V y) => 0;
}

public readonly partial struct Tensor
{
    /// <summary>
    /// A perceptron's answer: 1 where the number reaches the threshold, 0 where it is below, so that a number
    /// equal to the threshold gives 1. Its derivative is 0 (at the threshold there is none, and 0 is taken):
    /// nothing can be learnt through it.
    /// </summary>
    public Tensor Step(double threshold = 0)
    {
        Throw.IfNotFinite(threshold, "step", "threshold");
        return Map(new Step(threshold), this);
    }

    /// <summary>max(x, 0); its derivative at 0 is taken to be 0.</summary>
    public Tensor Relu() => Map(new Relu(), this);

    /// <summary>x where positive, negativeSlope · x elsewhere.</summary>
    public Tensor LeakyRelu(double negativeSlope = 0.01)
    {
        Throw.IfNotFinite(negativeSlope, "leaky ReLU", "negativeSlope");
        return Map(new LeakyRelu(negativeSlope), this);
    }

    /// <summary>
    /// x where positive, a x elsewhere, with an a that is learnt and broadcasts against x (He and others, 2015).
    /// </summary>
    public Tensor PRelu(Tensor negativeSlope) => Zip(new PRelu(), this, negativeSlope);

    /// <summary>
    /// a σ(b), where a is the first half of x along an axis and b the second (Dauphin and others, 2016).
    /// </summary>
    /// <exception cref="ArgumentException">The axis cannot be halved.</exception>
    public Tensor Glu(int axis = -1)
    {
        int at = Shape.Axis(axis, "GLU"), size = Shape[at];
        if (size % 2 != 0)
            Throw.Argument(
                $"GLU of {Shape}: axis {axis} has {size} numbers, which cannot be halved: give an even number");
        return Slice(at, 0, size / 2) * Slice(at, size / 2, size).Sigmoid();
    }

    /// <summary>x where positive, α (eˣ − 1) elsewhere.</summary>
    public Tensor Elu(double alpha = 1)
    {
        Throw.IfNotFinite(alpha, "ELU", "alpha");
        return Map(new Elu(alpha), this);
    }

    /// <summary>x Φ(x), with the normal distribution's own Φ (Hendrycks and Gimpel, 2016).</summary>
    public Tensor Gelu() => Map(new Gelu(), this);

    /// <summary>GELU by tanh: x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2, as GPT-2 has it.</summary>
    public Tensor GeluTanh() => Map(new GeluTanh(), this);

    /// <summary>x σ(x), also called swish.</summary>
    public Tensor Silu() => Map(new Silu(), this);

    /// <summary>ln(1 + eˣ), a smooth ReLU.</summary>
    public Tensor Softplus() => Map(new Softplus(), this);

    /// <summary>σ(x) = 1 / (1 + e⁻ˣ), between 0 and 1.</summary>
    public Tensor Sigmoid() => Map(new Sigmoid(), this);

    /// <summary>tanh x, between −1 and 1.</summary>
    public Tensor Tanh() => Map(new Tanh(), this);
}
