using ChainRule.Kernels;

namespace ChainRule;

/// <summary>1 where a > b, 0 elsewhere.</summary>
readonly struct Greater : IBinaryFormula
{
    FormulaText IBinaryFormula.Text => new("[a > b]", "0", "0");
    V IBinaryFormula.Of<V>(V a, V b) => Piecewise.Step(V.Greater(a, b));
    V IBinaryFormula.DerivativeA<V>(V a, V b) => 0;
    V IBinaryFormula.DerivativeB<V>(V a, V b) => 0;
}

/// <summary>1 where a ≥ b, 0 elsewhere.</summary>
readonly struct GreaterOrEqual : IBinaryFormula
{
    FormulaText IBinaryFormula.Text => new("[a >= b]", "0", "0");
    V IBinaryFormula.Of<V>(V a, V b) => Piecewise.Step(V.GreaterOrEqual(a, b));
    V IBinaryFormula.DerivativeA<V>(V a, V b) => 0;
    V IBinaryFormula.DerivativeB<V>(V a, V b) => 0;
}

/// <summary>1 where a = b, 0 elsewhere.</summary>
readonly struct EqualTo : IBinaryFormula
{
    FormulaText IBinaryFormula.Text => new("[a = b]", "0", "0");
    V IBinaryFormula.Of<V>(V a, V b) => Piecewise.Step(V.Equal(a, b));
    V IBinaryFormula.DerivativeA<V>(V a, V b) => 0;
    V IBinaryFormula.DerivativeB<V>(V a, V b) => 0;
}

/// <summary>1 where a ≠ b, which NaN is to everything, 0 elsewhere.</summary>
readonly struct NotEqualTo : IBinaryFormula
{
    FormulaText IBinaryFormula.Text => new("[a != b]", "0", "0");
    V IBinaryFormula.Of<V>(V a, V b) => V.Select(V.Equal(a, b), 0, 1);
    V IBinaryFormula.DerivativeA<V>(V a, V b) => 0;
    V IBinaryFormula.DerivativeB<V>(V a, V b) => 0;
}

public readonly partial struct Tensor
{
    /// <summary>
    /// A mask: 1 where this is greater, 0 elsewhere; 0 where either is NaN. No gradient flows through it.
    /// </summary>
    public Tensor Greater(Tensor other) => Zip(new Greater(), Detach(), other.Detach(), nameof(other));

    /// <summary>A mask: 1 where this is greater than a number, 0 elsewhere.</summary>
    public Tensor Greater(double other) => Greater(Scalar(other, DType));

    /// <summary>
    /// A mask: 1 where this is greater or equal, 0 elsewhere; 0 where either is NaN. No gradient flows through it.
    /// </summary>
    public Tensor GreaterOrEqual(Tensor other) => Zip(new GreaterOrEqual(), Detach(), other.Detach(), nameof(other));

    /// <summary>A mask: 1 where this is greater than a number or equal to it, 0 elsewhere.</summary>
    public Tensor GreaterOrEqual(double other) => GreaterOrEqual(Scalar(other, DType));

    /// <summary>
    /// A mask: 1 where this is less, 0 elsewhere; 0 where either is NaN. No gradient flows through it.
    /// </summary>
    public Tensor Less(Tensor other) => other.Greater(this);

    /// <summary>A mask: 1 where this is less than a number, 0 elsewhere.</summary>
    public Tensor Less(double other) => Less(Scalar(other, DType));

    /// <summary>
    /// A mask: 1 where this is less or equal, 0 elsewhere; 0 where either is NaN. No gradient flows through it.
    /// </summary>
    public Tensor LessOrEqual(Tensor other) => other.GreaterOrEqual(this);

    /// <summary>A mask: 1 where this is less than a number or equal to it, 0 elsewhere.</summary>
    public Tensor LessOrEqual(double other) => LessOrEqual(Scalar(other, DType));

    /// <summary>
    /// A mask: 1 where this is equal, 0 elsewhere; 0 where either is NaN. No gradient flows through it.
    /// </summary>
    public Tensor EqualTo(Tensor other) => Zip(new EqualTo(), Detach(), other.Detach(), nameof(other));

    /// <summary>A mask: 1 where this is equal to a number, 0 elsewhere.</summary>
    public Tensor EqualTo(double other) => EqualTo(Scalar(other, DType));

    /// <summary>
    /// A mask: 1 where both differ, 0 elsewhere; 1 where either is NaN. No gradient flows through it.
    /// </summary>
    public Tensor NotEqualTo(Tensor other) => Zip(new NotEqualTo(), Detach(), other.Detach(), nameof(other));

    /// <summary>A mask: 1 where this differs from a number, 0 elsewhere.</summary>
    public Tensor NotEqualTo(double other) => NotEqualTo(Scalar(other, DType));

    /// <summary>A mask: 1 where this is NaN, 0 elsewhere.</summary>
    public Tensor IsNaN() => NotEqualTo(this);
}
