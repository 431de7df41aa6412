using ChainRule.Kernels;

namespace ChainRule;

/// <summary>y = ⌊x⌋;  dx = 0.</summary>
readonly struct Floor : IFormula
{
    FormulaText IFormula.Text => new("floor(x)", "0");
    V IFormula.Of<V>(V x) => V.Floor(x);
    V IFormula.Derivative<V>(V x, V y) => Piecewise.OrNaN(x, 0);
}

/// <summary>y = ⌈x⌉;  dx = 0.</summary>
readonly struct Ceiling : IFormula
{
    FormulaText IFormula.Text => new("ceil(x)", "0");
    V IFormula.Of<V>(V x) => V.Ceiling(x);
    V IFormula.Derivative<V>(V x, V y) => Piecewise.OrNaN(x, 0);
}

/// <summary>y = the nearest whole number, of two equally near ones the even one;  dx = 0.</summary>
readonly struct Round : IFormula
{
    FormulaText IFormula.Text => new("round(x)", "0");
    V IFormula.Of<V>(V x) => V.Round(x);
    V IFormula.Derivative<V>(V x, V y) => Piecewise.OrNaN(x, 0);
}

/// <summary>y = −1, 0 or 1, as x is below 0, at 0 or above;  dx = 0.</summary>
readonly struct Sign : IFormula
{
    FormulaText IFormula.Text => new("sign(x)", "0");
    V IFormula.Of<V>(V x) => Piecewise.Sign(x);
    V IFormula.Derivative<V>(V x, V y) => Piecewise.OrNaN(x, 0);
}

public readonly partial struct Tensor
{
    /// <summary>The largest whole number not above x, element by element. Its derivative is 0.</summary>
    public Tensor Floor() => Map(new Floor(), this);

    /// <summary>The smallest whole number not below x, element by element. Its derivative is 0.</summary>
    public Tensor Ceiling() => Map(new Ceiling(), this);

    /// <summary>
    /// The nearest whole number, element by element; of two equally near ones the even one. Its derivative is 0.
    /// </summary>
    public Tensor Round() => Map(new Round(), this);

    /// <summary>−1, 0 or 1, as x is below 0, at 0 or above. Its derivative is 0.</summary>
    public Tensor Sign() => Map(new Sign(), this);
}
