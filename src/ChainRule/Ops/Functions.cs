using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>y = eˣ;  dx = dy y.</summary>
readonly struct Exp : IFormula
{
    FormulaText IFormula.Text => new("exp(x)", "y");
    V IFormula.Of<V>(V x) => Exponentials.Exp(x);
    V IFormula.Derivative<V>(V x, V y) => y;
}

/// <summary>y = ln x;  dx = dy / x.</summary>
readonly struct Log : IFormula
{
    FormulaText IFormula.Text => new("log(x)", "1 / x");
    V IFormula.Of<V>(V x) => V.Log(x);
    V IFormula.Derivative<V>(V x, V y) => 1 / x;
}

/// <summary>y = ln(1 + x), also where 1 + x rounds to 1;  dx = dy / (1 + x).</summary>
readonly struct Log1p : IFormula
{
    FormulaText IFormula.Text => new("log(1 + x)", "1 / (1 + x)");
    V IFormula.Of<V>(V x) => Exponentials.Log1p(x);
    V IFormula.Derivative<V>(V x, V y) => 1 / (1 + x);
}

/// <summary>y = erf x = 2/√π ∫₀ˣ exp(−t²) dt;  dx = dy 2/√π exp(−x²).</summary>
readonly struct Erf : IFormula
{
    FormulaText IFormula.Text => new("erf(x)", "1.1283791670955126 * exp(-x^2)");
    V IFormula.Of<V>(V x) => Exponentials.Erf(x);
    V IFormula.Derivative<V>(V x, V y) => 1.1283791670955126 * Exponentials.Exp(-x * x);
}

/// <summary>
/// y = √x; dx = dy / (2 y), which is infinite at 0; 0 there where x is a sum of squares, and √x a norm.
/// </summary>
readonly struct Sqrt(bool isNorm) : IFormula
{
    FormulaText IFormula.Text => new("sqrt(x)", "1 / (2 * y)");
    V IFormula.Of<V>(V x) => V.Sqrt(x);

    V IFormula.Derivative<V>(V x, V y)
    {
        var derivative = 0.5 / y;
        return isNorm ? V.Select(V.Equal(y, 0), 0, derivative) : derivative;
    }
}

/// <summary>y = x²;  dx = 2 dy x.</summary>
readonly struct Square : IFormula
{
    FormulaText IFormula.Text => new("x^2", "2 * x");
    V IFormula.Of<V>(V x) => x * x;
    V IFormula.Derivative<V>(V x, V y) => x + x;
}

/// <summary>y = |x|;  dx = dy sign x, which is 0 at 0.</summary>
readonly struct Abs : IFormula
{
    FormulaText IFormula.Text => new("abs(x)", "sign(x)");
    V IFormula.Of<V>(V x) => V.Abs(x);
    V IFormula.Derivative<V>(V x, V y) => Piecewise.Sign(x);
}

/// <summary>y = sin x;  dx = dy cos x.</summary>
readonly struct Sin : IFormula
{
    FormulaText IFormula.Text => new("sin(x)", "cos(x)");
    V IFormula.Of<V>(V x) => V.Sin(x);
    V IFormula.Derivative<V>(V x, V y) => V.Cos(x);
}

/// <summary>y = cos x;  dx = −dy sin x.</summary>
readonly struct Cos : IFormula
{
    FormulaText IFormula.Text => new("cos(x)", "-sin(x)");
    V IFormula.Of<V>(V x) => V.Cos(x);
    V IFormula.Derivative<V>(V x, V y) => -V.Sin(x);
}

/// <summary>y = x held between two numbers;  dx = dy inside and at the ends, 0 outside.</summary>
readonly struct Clamp(double low, double high) : IFormula
{
    (string Name, object Value)[] IFormula.Attributes => [("low", low), ("high", high)];

    FormulaText IFormula.Text => new(FormulaText.With($"min({high}, max({low}, x))"), "[x = y]");
    V IFormula.Of<V>(V x) => V.Minimum(high, V.Maximum(low, x));
    V IFormula.Derivative<V>(V x, V y) => Piecewise.OrNaN(x, Piecewise.Step(V.Equal(x, y)));
}

/// <summary>y = xᵖ;  dx = dy p xᵖ⁻¹.</summary>
readonly struct Pow(double p) : IOp
{
    (string Name, object Value)[] IOp.Attributes => [("p", p)];

    OpText IOp.Text => new(FormulaText.With($"x^{p}"), FormulaText.With($"{p} * x^{p - 1}")) { IsElementwise = true };

    void IOp.Forward<T>(Frame<T> f) => TensorPrimitives.Pow(f.X(), T.CreateTruncating(p), f.Y);

    void IOp.Backward<T>(Frame<T> f)
    {
        if (!f.RequiresGrad()) return;
        ReadOnlySpan<T> x = f.X(), dy = f.DY;
        var dx = f.DX();
        // x⁰ is 1 everywhere, at 0 too, where p xᵖ⁻¹ would be 0 · ∞.
        if (p == 0) return;
        T power = T.CreateTruncating(p), less = T.CreateTruncating(p - 1);
        for (int i = 0; i < x.Length; i++) dx[i] += dy[i] * power * T.Pow(x[i], less);
    }

    Tensor? IOp.GradientOf(int i, ReadOnlySpan<Tensor> x, Tensor y, Tensor dy) =>
        p == 0 ? dy * 0 : dy * (x[0].Pow(p - 1) * p);
}

public readonly partial struct Tensor
{
    /// <summary>eˣ, element by element.</summary>
    public Tensor Exp() => Map(new Exp(), this);

    /// <summary>The natural logarithm, element by element.</summary>
    public Tensor Log() => Map(new Log(), this);

    /// <summary>ln(1 + x), element by element, in full precision near 0 too.</summary>
    public Tensor Log1p() => Map(new Log1p(), this);

    /// <summary>The error function 2/√π ∫₀ˣ exp(−t²) dt, element by element.</summary>
    public Tensor Erf() => Map(new Erf(), this);

    /// <summary>
    /// The square root, element by element. Its derivative at 0 is infinite; but where this tensor was computed as a
    /// sum, mean or variance of squares, the root is a norm, and its gradient at 0 is taken to be 0, as
    /// <see cref="Norm(ReadOnlySpan{int}, bool, double)"/> has it.
    /// </summary>
    public Tensor Sqrt() => Map(new Sqrt(Squares.Made(Slot)), this);

    /// <summary>x², element by element.</summary>
    public Tensor Square() => Map(new Square(), this);

    /// <summary>|x|, element by element; its derivative at 0 is taken to be 0.</summary>
    public Tensor Abs() => Map(new Abs(), this);

    /// <summary>sin x, element by element.</summary>
    public Tensor Sin() => Map(new Sin(), this);

    /// <summary>cos x, element by element.</summary>
    public Tensor Cos() => Map(new Cos(), this);

    /// <summary>1 / x, element by element.</summary>
    public Tensor Reciprocal() => 1 / this;

    /// <summary>xᵖ, element by element.</summary>
    public Tensor Pow(double exponent) =>
        exponent == 2 ? Square() : exponent == 0.5 ? Sqrt() : ChainRule.Op.Run(new Pow(exponent), Shape, this);

    /// <summary>x, but no less than low and no more than high.</summary>
    public Tensor Clamp(double low = double.NegativeInfinity, double high = double.PositiveInfinity)
    {
        if (!(low <= high))
            Throw.Argument($"clamp({low}, {high}): the low end must not pass the high end", nameof(low));
        return Map(new Clamp(low, high), this);
    }
}
