using ChainRule.Kernels;

namespace ChainRule;

/// <summary>y = a + b.</summary>
readonly struct Add : IBinaryFormula
{
    FormulaText IBinaryFormula.Text => new("a + b", "1", "1");
    bool IBinaryFormula.PassesGradient => true;
    V IBinaryFormula.Of<V>(V a, V b) => a + b;
    V IBinaryFormula.DerivativeA<V>(V a, V b) => 1;
    V IBinaryFormula.DerivativeB<V>(V a, V b) => 1;
}

/// <summary>y = a − b.</summary>
readonly struct Subtract : IBinaryFormula
{
    FormulaText IBinaryFormula.Text => new("a - b", "1", "-1");
    V IBinaryFormula.Of<V>(V a, V b) => a - b;
    V IBinaryFormula.DerivativeA<V>(V a, V b) => 1;
    V IBinaryFormula.DerivativeB<V>(V a, V b) => -1;
}

/// <summary>y = a b;  da = dy b, db = dy a.</summary>
readonly struct Multiply : IBinaryFormula
{
    FormulaText IBinaryFormula.Text => new("a * b", "b", "a");
    V IBinaryFormula.Of<V>(V a, V b) => a * b;
    V IBinaryFormula.DerivativeA<V>(V a, V b) => b;
    V IBinaryFormula.DerivativeB<V>(V a, V b) => a;
}

/// <summary>y = a / b;  da = dy / b, db = −dy a / b².</summary>
readonly struct Divide : IBinaryFormula
{
    FormulaText IBinaryFormula.Text => new("a / b", "1 / b", "-a / b^2");
    V IBinaryFormula.Of<V>(V a, V b) => a / b;
    V IBinaryFormula.DerivativeA<V>(V a, V b) => 1 / b;
    V IBinaryFormula.DerivativeB<V>(V a, V b) => -(a / b) / b;
}

/// <summary>The larger of two; equal ones share the gradient. NaN stays NaN, in the derivatives too.</summary>
readonly struct Maximum : IBinaryFormula
{
    FormulaText IBinaryFormula.Text => new("max(a, b)", "[a > b] + [a = b] / 2", "[b > a] + [a = b] / 2");
    V IBinaryFormula.Of<V>(V a, V b) => V.Maximum(a, b);
    V IBinaryFormula.DerivativeA<V>(V a, V b) => Piecewise.Above(a, b);
    V IBinaryFormula.DerivativeB<V>(V a, V b) => Piecewise.Above(b, a);
}

/// <summary>The smaller of two; equal ones share the gradient. NaN stays NaN, in the derivatives too.</summary>
readonly struct Minimum : IBinaryFormula
{
    FormulaText IBinaryFormula.Text => new("min(a, b)", "[a < b] + [a = b] / 2", "[b < a] + [a = b] / 2");
    V IBinaryFormula.Of<V>(V a, V b) => V.Minimum(a, b);
    V IBinaryFormula.DerivativeA<V>(V a, V b) => Piecewise.Above(b, a);
    V IBinaryFormula.DerivativeB<V>(V a, V b) => Piecewise.Above(a, b);
}

/// <summary>y = x + c.</summary>
readonly struct AddNumber(double c) : IFormula
{
    (string Name, object Value)[] IFormula.Attributes => [("c", c)];

    FormulaText IFormula.Text => new(FormulaText.With($"x + {c}"), "1");
    bool IFormula.PassesGradient => true;
    V IFormula.Of<V>(V x) => x + c;
    V IFormula.Derivative<V>(V x, V y) => 1;
}

/// <summary>y = c x.</summary>
readonly struct MultiplyNumber(double c) : IFormula
{
    (string Name, object Value)[] IFormula.Attributes => [("c", c)];

    FormulaText IFormula.Text => new(FormulaText.With($"{c} * x"), FormulaText.With($"{c}"));
    V IFormula.Of<V>(V x) => x * c;
    V IFormula.Derivative<V>(V x, V y) => c;
}

/// <summary>y = x / c: rounded once, as torch does, where multiplying by 1 / c would round twice.</summary>
readonly struct DivideNumber(double c) : IFormula
{
    (string Name, object Value)[] IFormula.Attributes => [("c", c)];

    FormulaText IFormula.Text => new(FormulaText.With($"x / {c}"), FormulaText.With($"1 / {c}"));
    V IFormula.Of<V>(V x) => x / c;
    V IFormula.Derivative<V>(V x, V y) => V.Of(1) / c;
}

/// <summary>y = c / x;  dx = −dy c / x² = −dy y / x.</summary>
readonly struct NumberOver(double c) : IFormula
{
    (string Name, object Value)[] IFormula.Attributes => [("c", c)];

    FormulaText IFormula.Text => new(FormulaText.With($"{c} / x"), "-y / x");
    V IFormula.Of<V>(V x) => c / x;
    V IFormula.Derivative<V>(V x, V y) => -y / x;
}

/// <summary>y = −x.</summary>
readonly struct Negate : IFormula
{
    FormulaText IFormula.Text => new("-x", "-1");
    V IFormula.Of<V>(V x) => -x;
    V IFormula.Derivative<V>(V x, V y) => -1;
}

public readonly partial struct Tensor
{
    public static Tensor operator +(Tensor a, Tensor b) => Zip(new Add(), a, b);

    public static Tensor operator -(Tensor a, Tensor b) => Zip(new Subtract(), a, b);

    public static Tensor operator *(Tensor a, Tensor b) => Zip(new Multiply(), a, b);

    public static Tensor operator /(Tensor a, Tensor b) => Zip(new Divide(), a, b);

    public static Tensor operator +(Tensor x, double c) => Map(new AddNumber(c), x);

    public static Tensor operator +(double c, Tensor x) => Map(new AddNumber(c), x);

    public static Tensor operator -(Tensor x, double c) => Map(new AddNumber(-c), x);

    public static Tensor operator -(double c, Tensor x) => Map(new AddNumber(c), -x);

    public static Tensor operator *(Tensor x, double c) => Map(new MultiplyNumber(c), x);

    public static Tensor operator *(double c, Tensor x) => Map(new MultiplyNumber(c), x);

    public static Tensor operator /(Tensor x, double c) => Map(new DivideNumber(c), x);

    public static Tensor operator /(double c, Tensor x) => Map(new NumberOver(c), x);

    public static Tensor operator -(Tensor x) => Map(new Negate(), x);

    /// <summary>The larger of two, element by element; where they are equal each gets half of the gradient.</summary>
    public static Tensor Maximum(Tensor a, Tensor b) => Zip(new Maximum(), a, b);

    /// <summary>The smaller of two, element by element; where they are equal each gets half of the gradient.</summary>
    public static Tensor Minimum(Tensor a, Tensor b) => Zip(new Minimum(), a, b);
}
