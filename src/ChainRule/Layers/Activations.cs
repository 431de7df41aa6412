using System.Globalization;

namespace ChainRule.Layers;

/// <summary>y = tanh x, between −1 and 1.</summary>
public sealed class Tanh : Module
{
    protected override Tensor Compute(Tensor x) => x.Tanh();
}

/// <summary>
/// y = 1 where x ≥ threshold, 0 elsewhere: a perceptron. Its derivative is 0: layers before it are
/// not trained through it.
/// </summary>
public sealed class Step(double threshold = 0) : Module
{
    readonly double _threshold = Throw.IfNotFinite(threshold, "Step", "threshold");

    protected override Tensor Compute(Tensor x) => x.Step(_threshold);

    protected internal override string Describe() => string.Create(CultureInfo.InvariantCulture, $"Step({_threshold})");
}

/// <summary>y = max(x, 0).</summary>
public sealed class Relu : Module
{
    protected override Tensor Compute(Tensor x) => x.Relu();
}

/// <summary>y = x where positive, negativeSlope · x elsewhere.</summary>
public sealed class LeakyRelu(double negativeSlope = 0.01) : Module
{
    readonly double _negativeSlope = Throw.IfNotFinite(negativeSlope, "LeakyRelu", "negativeSlope");

    protected override Tensor Compute(Tensor x) => x.LeakyRelu(_negativeSlope);

    protected internal override string Describe() =>
        string.Create(CultureInfo.InvariantCulture, $"LeakyRelu({_negativeSlope})");
}

/// <summary>y = x where positive, α (eˣ − 1) elsewhere.</summary>
public sealed class Elu(double alpha = 1) : Module
{
    readonly double _alpha = Throw.IfNotFinite(alpha, "Elu", "alpha");

    protected override Tensor Compute(Tensor x) => x.Elu(_alpha);

    protected internal override string Describe() => string.Create(CultureInfo.InvariantCulture, $"Elu({_alpha})");
}

/// <summary>y = x Φ(x) by the normal distribution's own Φ.</summary>
public sealed class Gelu : Module
{
    protected override Tensor Compute(Tensor x) => x.Gelu();
}

/// <summary>GELU by tanh, as GPT-2 has it: y = x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2.</summary>
public sealed class GeluTanh : Module
{
    protected override Tensor Compute(Tensor x) => x.GeluTanh();
}

/// <summary>y = x σ(x).</summary>
public sealed class Silu : Module
{
    protected override Tensor Compute(Tensor x) => x.Silu();
}

/// <summary>y = ln(1 + eˣ), a smooth ReLU.</summary>
public sealed class Softplus : Module
{
    protected override Tensor Compute(Tensor x) => x.Softplus();
}

/// <summary>y = σ(x) = 1 / (1 + e⁻ˣ), between 0 and 1.</summary>
public sealed class Sigmoid : Module
{
    protected override Tensor Compute(Tensor x) => x.Sigmoid();
}

/// <summary>
/// SELU: y = λ x where positive, λ α (eˣ − 1) elsewhere, λ = 1.0507, α = 1.6733; it wants weights of LeCun's
/// normal distribution.
/// </summary>
public sealed class Selu : Module
{
    protected override Tensor Compute(Tensor x) => x.Selu();
}

/// <summary>CELU: y = x where positive, α (exp(x / α) − 1) elsewhere.</summary>
public sealed class Celu(double alpha = 1) : Module
{
    readonly double _alpha = Throw.IfNotPositive(alpha, "Celu", "alpha");

    protected override Tensor Compute(Tensor x) => x.Celu(_alpha);

    protected internal override string Describe() => string.Create(CultureInfo.InvariantCulture, $"Celu({_alpha})");
}

/// <summary>y = x tanh(ln(1 + eˣ)).</summary>
public sealed class Mish : Module
{
    protected override Tensor Compute(Tensor x) => x.Mish();
}

/// <summary>y = x / (1 + |x|), between −1 and 1.</summary>
public sealed class Softsign : Module
{
    protected override Tensor Compute(Tensor x) => x.Softsign();
}

/// <summary>y = ln σ(x).</summary>
public sealed class LogSigmoid : Module
{
    protected override Tensor Compute(Tensor x) => x.LogSigmoid();
}

/// <summary>y = x − tanh x.</summary>
public sealed class Tanhshrink : Module
{
    protected override Tensor Compute(Tensor x) => x.Tanhshrink();
}

/// <summary>y = x held between min and max.</summary>
public sealed class Hardtanh : Module
{
    readonly double _min, _max;

    /// <exception cref="ArgumentOutOfRangeException">The minimum is not below the maximum.</exception>
    public Hardtanh(double min = -1, double max = 1)
    {
        if (!(min < max))
            Throw.OutOfRange($"Hardtanh: from {min} to {max}: give a minimum below the maximum", nameof(min));
        (_min, _max) = (min, max);
    }

    protected override Tensor Compute(Tensor x) => x.Hardtanh(_min, _max);

    protected internal override string Describe() =>
        string.Create(CultureInfo.InvariantCulture, $"Hardtanh({_min}, {_max})");
}

/// <summary>y = min(max(x, 0), 6).</summary>
public sealed class Relu6 : Module
{
    protected override Tensor Compute(Tensor x) => x.Relu6();
}

/// <summary>y = (x + 3) / 6 held between 0 and 1.</summary>
public sealed class Hardsigmoid : Module
{
    protected override Tensor Compute(Tensor x) => x.Hardsigmoid();
}

/// <summary>y = x times the hard sigmoid of x.</summary>
public sealed class Hardswish : Module
{
    protected override Tensor Compute(Tensor x) => x.Hardswish();
}

/// <summary>y = x where |x| is above λ, 0 elsewhere.</summary>
public sealed class Hardshrink(double lambda = 0.5) : Module
{
    readonly double _lambda = Throw.IfNegative(lambda, "Hardshrink", "lambda");

    protected override Tensor Compute(Tensor x) => x.Hardshrink(_lambda);

    protected internal override string Describe() =>
        string.Create(CultureInfo.InvariantCulture, $"Hardshrink({_lambda})");
}

/// <summary>y = x − λ above λ, x + λ below −λ, 0 between.</summary>
public sealed class Softshrink(double lambda = 0.5) : Module
{
    readonly double _lambda = Throw.IfNegative(lambda, "Softshrink", "lambda");

    protected override Tensor Compute(Tensor x) => x.Softshrink(_lambda);

    protected internal override string Describe() =>
        string.Create(CultureInfo.InvariantCulture, $"Softshrink({_lambda})");
}

/// <summary>
/// y = eˣ / Σ eˣ along an axis: probabilities, which add up to 1. A cross-entropy loss takes what stands before it.
/// </summary>
public sealed class Softmax(int axis = -1) : Module
{
    protected override Tensor Compute(Tensor x) => x.Softmax(axis);

    protected internal override string Describe() => axis == -1 ? "Softmax" : $"Softmax(axis: {axis})";
}

/// <summary>
/// y = x − ln Σ eˣ along an axis: logarithms of probabilities, which <see cref="Tensor.NllLoss"/> takes.
/// </summary>
public sealed class LogSoftmax(int axis = -1) : Module
{
    protected override Tensor Compute(Tensor x) => x.LogSoftmax(axis);

    protected internal override string Describe() => axis == -1 ? "LogSoftmax" : $"LogSoftmax(axis: {axis})";
}
