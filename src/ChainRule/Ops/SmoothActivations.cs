using System.Runtime.CompilerServices;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>
/// y = λ x where x > 0, λ α (eˣ − 1) elsewhere: an ELU that keeps mean 0 and variance 1 from layer to layer.
/// </summary>
readonly struct Selu : IFormula
{
    FormulaText IFormula.Text =>
        new("1.0507009873554805 * max(x, 0) + 1.7580993408473766 * (exp(min(x, 0)) - 1)",
            "1.0507009873554805 * [x > 0] + 1.7580993408473766 * [x <= 0] * exp(x)");
    const double Lambda = 1.0507009873554805, LambdaAlpha = 1.7580993408473766;

    V IFormula.Of<V>(V x) => V.Select(V.Greater(x, 0), Lambda * x, LambdaAlpha * Exponentials.Expm1(V.Minimum(x, 0)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    V IFormula.Derivative<V>(V x, V y) =>
        V.Select(V.Greater(x, 0), Lambda, LambdaAlpha * Exponentials.Exp(V.Minimum(x, 0)));
}

/// <summary>
/// y = x where x > 0, α (exp(x / α) − 1) elsewhere; dx = dy exp(x / α) there: an ELU whose derivative has
/// no jump, whatever α.
/// </summary>
readonly struct Celu(double alpha) : IFormula
{
    (string Name, object Value)[] IFormula.Attributes => [("alpha", alpha)];

    FormulaText IFormula.Text =>
        new(FormulaText.With($"max(x, 0) + {alpha} * (exp(min(x, 0) / {alpha}) - 1)"),
            FormulaText.With($"[x > 0] + [x <= 0] * exp(x / {alpha})"));
    V IFormula.Of<V>(V x) => V.Select(V.Greater(x, 0), x, alpha * Exponentials.Expm1(V.Minimum(x, 0) / alpha));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    V IFormula.Derivative<V>(V x, V y) => V.Select(V.Greater(x, 0), 1, Exponentials.Exp(V.Minimum(x, 0) / alpha));
}

/// <summary>
/// y = x tanh(ln(1 + eˣ)) = x n / (n + 2), where n = e (e + 2) and e = eˣ; dx = dy (n / (n + 2) + 4
/// x e (1 + e) / (n + 2)²).
/// </summary>
readonly struct Mish : IFormula
{
    FormulaText IFormula.Text =>
        new("x * tanh(log(1 + exp(x)))",
            "tanh(log(1 + exp(x))) + x * (1 - tanh(log(1 + exp(x)))^2) * sigmoid(x)");
    // Beyond these ends the factor of x is 0 or 1 in either number type; powers of e would overflow, and
    // infinity times 0 would be NaN.
    const double Low = -1e4, High = 40;

    V IFormula.Of<V>(V x)
    {
        V e = Exponentials.Exp(V.Min(High, x)), n = e * (e + 2);
        return Piecewise.AtLeast(Low, x) * (n / (n + 2));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    V IFormula.Derivative<V>(V x, V y)
    {
        x = V.Min(High, Piecewise.AtLeast(Low, x));
        V e = Exponentials.Exp(x), d = 1 / (e * (e + 2) + 2);
        return (e * (e + 2) + 4 * x * (e * d) * (1 + e)) * d;
    }
}

/// <summary>y = x / (1 + |x|);  dx = dy / (1 + |x|)².</summary>
readonly struct Softsign : IFormula
{
    FormulaText IFormula.Text => new("x / (1 + abs(x))", "1 / (1 + abs(x))^2");
    // Far beyond the last digit of 1 + |x|; infinity divided by itself would be NaN.
    const double End = 1e30;

    V IFormula.Of<V>(V x) => Piecewise.Within(End, x) / (1 + V.Abs(Piecewise.Within(End, x)));

    V IFormula.Derivative<V>(V x, V y)
    {
        var d = 1 / (1 + V.Abs(x));
        return d * d;
    }
}

/// <summary>y = ln σ(x) = −ln(1 + e⁻ˣ);  dx = dy σ(−x).</summary>
readonly struct LogSigmoid : IFormula
{
    FormulaText IFormula.Text => new("-log(1 + exp(-x))", "sigmoid(-x)");
    V IFormula.Of<V>(V x) => -Exponentials.Softplus(-x);
    V IFormula.Derivative<V>(V x, V y) => Exponentials.Sigmoid(-x);
}

/// <summary>
/// y = x − tanh x;  dx = dy tanh² x. Near 0 the difference would lose its digits: there, by tanh x = x / (1 + q) with
/// q = x² / (3 + x² / (5 + …)), it is x q / (1 + q).
/// </summary>
readonly struct Tanhshrink : IFormula
{
    FormulaText IFormula.Text => new("x - tanh(x)", "tanh(x)^2");
    V IFormula.Of<V>(V x)
    {
        V z = Piecewise.Within(1, x * x), q = z / (3 + z / (5 + z / (7 + z / (9 + z / (11 + z / 13)))));
        return V.Select(V.Greater(0.5, V.Abs(x)), x * (q / (1 + q)), x - Exponentials.Tanh(x));
    }

    V IFormula.Derivative<V>(V x, V y)
    {
        var t = Exponentials.Tanh(x);
        return t * t;
    }
}

public readonly partial struct Tensor
{
    /// <summary>
    /// SELU: λ x where positive, λ α (eˣ − 1) elsewhere, with λ = 1.0507 and α = 1.6733 (Klambauer et al.,
    /// "Self-normalizing neural networks", 2017, arXiv:1706.02515).
    /// </summary>
    public Tensor Selu() => Map(new Selu(), this);

    /// <summary>CELU: x where positive, α (exp(x / α) − 1) elsewhere (Barron, 2017, arXiv:1704.07483).</summary>
    /// <exception cref="ArgumentOutOfRangeException">α is not above 0.</exception>
    public Tensor Celu(double alpha = 1)
    {
        Throw.IfNotPositive(alpha, "CELU", "alpha");
        return Map(new Celu(alpha), this);
    }

    /// <summary>Mish: x tanh(ln(1 + eˣ)) (Misra, 2019, arXiv:1908.08681).</summary>
    public Tensor Mish() => Map(new Mish(), this);

    /// <summary>Softsign: x / (1 + |x|), between −1 and 1.</summary>
    public Tensor Softsign() => Map(new Softsign(), this);

    /// <summary>ln σ(x), which does not overflow where σ(x) is 0.</summary>
    public Tensor LogSigmoid() => Map(new LogSigmoid(), this);

    /// <summary>x − tanh x.</summary>
    public Tensor Tanhshrink() => Map(new Tanhshrink(), this);
}
