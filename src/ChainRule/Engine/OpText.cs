using ChainRule.Kernels;

namespace ChainRule;

/// <summary>
/// What an op says of itself: its value and, for each input, the gradient. Of an element-wise op the texts are those of
/// its formula, in which numbers can be put; of another they are what a textbook writes, in the letters of the op's
/// summary.
/// </summary>
/// <param name="Value">y.</param>
/// <param name="Gradients">dL/d(input i), or ∂y/∂(input i) of an element-wise op.</param>
readonly record struct OpText(string Value, params string[] Gradients)
{
    /// <summary>Whether y[i] is a function of x[i] alone, and the texts are of one number.</summary>
    public bool IsElementwise { get; init; }

    /// <summary>Whether the first gradient's text is that of all inputs.</summary>
    public bool IsAlike { get; init; }

    /// <summary>Whether there is a text.</summary>
    public bool IsGiven => !string.IsNullOrEmpty(Value);

    /// <summary>The text of dL/d(input i); empty where there is none.</summary>
    public string Gradient(int input) => !IsGiven ? "" : IsAlike ? Gradients[0]
        : input < Gradients.Length ? Gradients[input] : "";

    public static OpText Elementwise(FormulaText text) => string.IsNullOrEmpty(text.Value) ? default
        : new(text.Value, text.Derivative, text.Second) { IsElementwise = true };
}

/// <summary>One number of a tensor beside an op, and the derivative of the op's output by its input there.</summary>
/// <param name="Tensor">Which output, or which input, of the op.</param>
/// <param name="At">Where in it.</param>
/// <param name="Derivative">∂y/∂x.</param>
/// <param name="Factor">The input that the derivative is a number of, as in a product; −1 if it is none.</param>
/// <param name="FactorAt">Where in it.</param>
readonly record struct LocalDerivative(int Tensor, int At, double Derivative, int Factor = -1, int FactorAt = 0);
