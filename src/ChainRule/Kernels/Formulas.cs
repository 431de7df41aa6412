using System.Globalization;

namespace ChainRule.Kernels;

/// <summary>
/// An element-wise function as text, for explanations: in the letters x and y of y = f(x), or a, b and y of y = f(a,
/// b). Texts are written with + − * / ^, functions such as <c>exp(x)</c>, and brackets that are 1 where what they say
/// is true and 0 elsewhere: <c>[x &gt; 0]</c>.
/// </summary>
/// <param name="Value">f: <c>tanh(x)</c>.</param>
/// <param name="Derivative">dy/dx, or ∂y/∂a: <c>1 - y^2</c>.</param>
/// <param name="Second">∂y/∂b; empty for a function of one number.</param>
public readonly record struct FormulaText(string Value, string Derivative, string Second = "")
{
    internal static string With(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>
/// An element-wise function of one number, y = f(x), with its derivative: two lines of mathematics, which one loop runs
/// over the widest vectors of the machine. Fields are attributes. <see cref="Exponentials"/> and
/// <see cref="Piecewise"/> have the functions that <see cref="INumbers{V}"/> has not.
/// </summary>
public interface IFormula
{
    /// <summary>Whether the derivative is 1 everywhere: the gradient goes on as it is.</summary>
    bool PassesGradient => false;

    /// <summary>
    /// Value and derivative as text, beside the mathematics; without it, explanations show numbers alone.
    /// </summary>
    FormulaText Text => default;

    /// <summary>The numbers that it is a function with, such as a threshold, by name.</summary>
    internal (string Name, object Value)[] Attributes => [];

    /// <summary>y = f(x).</summary>
    V Of<V>(V x) where V : struct, INumbers<V>;

    /// <summary>dy/dx, from x and y, whichever is at hand.</summary>
    V Derivative<V>(V x, V y) where V : struct, INumbers<V>;
}

/// <summary>A vector function of two numbers: a value or a derivative, whichever the loop is to compute.</summary>
interface IFunctionOfTwo
{
    V Of<V>(V a, V b) where V : struct, INumbers<V>;
}

/// <summary>
/// An element-wise function of two numbers, y = f(a, b), with its two derivatives; the loop
/// broadcasts. Fields are attributes.
/// </summary>
public interface IBinaryFormula
{
    /// <summary>A number that f gives as it is, such as the value of a masked fill; 0 if there is none.</summary>
    double Placed => 0;

    /// <summary>Whether both derivatives are 1 everywhere: the gradient goes on as it is.</summary>
    bool PassesGradient => false;

    /// <summary>
    /// Value and derivatives as text, beside the mathematics; without it, explanations show numbers alone.
    /// </summary>
    FormulaText Text => default;

    /// <summary>The numbers that it is a function with, by name.</summary>
    internal (string Name, object Value)[] Attributes => [];

    /// <summary>y = f(a, b).</summary>
    V Of<V>(V a, V b) where V : struct, INumbers<V>;

    /// <summary>∂y/∂a.</summary>
    V DerivativeA<V>(V a, V b) where V : struct, INumbers<V>;

    /// <summary>∂y/∂b.</summary>
    V DerivativeB<V>(V a, V b) where V : struct, INumbers<V>;
}
