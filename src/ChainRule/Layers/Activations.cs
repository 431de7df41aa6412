using System.Globalization;

namespace ChainRule.Layers;

/// <summary>y = tanh x, between −1 and 1.</summary>
public sealed class Tanh : Module
{
    protected override Tensor Compute(Tensor x) => x.Tanh();
}

/// <summary>y = 1 where x ≥ threshold, 0 elsewhere: a perceptron. Its derivative is 0: layers before it are not trained through it.</summary>
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

    protected internal override string Describe() => string.Create(CultureInfo.InvariantCulture, $"LeakyRelu({_negativeSlope})");
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

/// <summary>y = eˣ / Σ eˣ along an axis: probabilities, which add up to 1. A cross-entropy loss takes what stands before it.</summary>
public sealed class Softmax(int axis = -1) : Module
{
    protected override Tensor Compute(Tensor x) => x.Softmax(axis);

    protected internal override string Describe() => axis == -1 ? "Softmax" : $"Softmax(axis: {axis})";
}

/// <summary>y = x − ln Σ eˣ along an axis: logarithms of probabilities, which <see cref="Tensor.NllLoss"/> takes.</summary>
public sealed class LogSoftmax(int axis = -1) : Module
{
    protected override Tensor Compute(Tensor x) => x.LogSoftmax(axis);

    protected internal override string Describe() => axis == -1 ? "LogSoftmax" : $"LogSoftmax(axis: {axis})";
}
