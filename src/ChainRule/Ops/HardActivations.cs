using ChainRule.Kernels;

namespace ChainRule;

/// <summary>y = x held between min and max;  dx = dy strictly between them, 0 elsewhere.</summary>
readonly struct Hardtanh(double min, double max) : IFormula
{
    (string Name, object Value)[] IFormula.Attributes => [("min", min), ("max", max)];

    FormulaText IFormula.Text =>
        new(FormulaText.With($"min({max}, max({min}, x))"),
            FormulaText.With($"[{min} < x] * [x < {max}]"));
    V IFormula.Of<V>(V x) => V.Min(max, V.Max(min, x));
    V IFormula.Derivative<V>(V x, V y) => Piecewise.Between(min, x, max);
}

/// <summary>y = min(max(x, 0), 6);  dx = dy where 0 &lt; x &lt; 6.</summary>
readonly struct Relu6 : IFormula
{
    FormulaText IFormula.Text => new("min(max(x, 0), 6)", "[0 < x] * [x < 6]");
    V IFormula.Of<V>(V x) => V.Min(6, V.Max(0, x));
    V IFormula.Derivative<V>(V x, V y) => Piecewise.Between(0, x, 6);
}

/// <summary>y = (x + 3) / 6 held between 0 and 1;  dx = dy / 6 where −3 &lt; x &lt; 3.</summary>
readonly struct Hardsigmoid : IFormula
{
    FormulaText IFormula.Text => new("min(max((x + 3) / 6, 0), 1)", "[-3 < x] * [x < 3] / 6");
    V IFormula.Of<V>(V x) => (Piecewise.Within(3, x) + 3) / 6;
    V IFormula.Derivative<V>(V x, V y) => Piecewise.Between(-3, x, 3) / 6;
}

/// <summary>
/// y = x · (x + 3) / 6, the second factor held between 0 and 1; dx = dy (x / 3 + ½) where −3 &lt; x &lt;
/// 3, 0 below, dy above.
/// </summary>
readonly struct Hardswish : IFormula
{
    FormulaText IFormula.Text =>
        new("x * min(max((x + 3) / 6, 0), 1)",
            "[-3 < x] * [x < 3] * (x / 3 + 0.5) + [x >= 3]");
    V IFormula.Of<V>(V x) => Piecewise.AtLeast(-3, x) * ((Piecewise.Within(3, x) + 3) / 6);
    V IFormula.Derivative<V>(V x, V y) =>
        Piecewise.OrNaN(x, V.Select(V.Greater(3, V.Abs(x)), x / 3 + 0.5, Piecewise.Step(V.Greater(x, 0))));
}

/// <summary>y = x where |x| > λ, 0 elsewhere;  dx = dy where |x| > λ.</summary>
readonly struct Hardshrink(double lambda) : IFormula
{
    (string Name, object Value)[] IFormula.Attributes => [("lambda", lambda)];

    FormulaText IFormula.Text =>
        new(FormulaText.With($"x * [abs(x) > {lambda}]"),
            FormulaText.With($"[abs(x) > {lambda}]"));
    V IFormula.Of<V>(V x) => Piecewise.OrNaN(x, V.Select(V.Greater(V.Abs(x), lambda), x, 0));
    V IFormula.Derivative<V>(V x, V y) => Piecewise.OrNaN(x, Piecewise.Step(V.Greater(V.Abs(x), lambda)));
}

/// <summary>y = x moved by λ towards 0, and 0 where |x| ≤ λ;  dx = dy where |x| > λ.</summary>
readonly struct Softshrink(double lambda) : IFormula
{
    (string Name, object Value)[] IFormula.Attributes => [("lambda", lambda)];

    FormulaText IFormula.Text =>
        new(FormulaText.With($"sign(x) * max(abs(x) - {lambda}, 0)"),
            FormulaText.With($"[abs(x) > {lambda}]"));
    V IFormula.Of<V>(V x) => x - Piecewise.Within(lambda, x);
    V IFormula.Derivative<V>(V x, V y) => Piecewise.OrNaN(x, Piecewise.Step(V.Greater(V.Abs(x), lambda)));
}

public readonly partial struct Tensor
{
    /// <summary>x held between min and max; the derivative at the two ends is taken to be 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The minimum is not below the maximum.</exception>
    public Tensor Hardtanh(double min = -1, double max = 1)
    {
        if (!(min < max))
            Throw.OutOfRange($"hardtanh: from {min} to {max}: give a minimum below the maximum", nameof(min));
        return Map(new Hardtanh(min, max), this);
    }

    /// <summary>min(max(x, 0), 6); the derivative at 0 and at 6 is taken to be 0.</summary>
    public Tensor Relu6() => Map(new Relu6(), this);

    /// <summary>(x + 3) / 6 held between 0 and 1: a σ of straight lines.</summary>
    public Tensor Hardsigmoid() => Map(new Hardsigmoid(), this);

    /// <summary>
    /// x times the hard sigmoid of x (Howard et al., "Searching for MobileNetV3", 2019, arXiv:1905.02244).
    /// </summary>
    public Tensor Hardswish() => Map(new Hardswish(), this);

    /// <summary>x where |x| is above λ, 0 elsewhere.</summary>
    /// <exception cref="ArgumentOutOfRangeException">λ is negative or not finite.</exception>
    public Tensor Hardshrink(double lambda = 0.5)
    {
        Throw.IfNegative(lambda, "hardshrink", "lambda");
        return Map(new Hardshrink(lambda), this);
    }

    /// <summary>x − λ above λ, x + λ below −λ, 0 between.</summary>
    /// <exception cref="ArgumentOutOfRangeException">λ is negative or not finite.</exception>
    public Tensor Softshrink(double lambda = 0.5)
    {
        Throw.IfNegative(lambda, "softshrink", "lambda");
        return Map(new Softshrink(lambda), this);
    }
}
