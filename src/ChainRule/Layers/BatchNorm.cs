using System.Globalization;

namespace ChainRule.Layers;

/// <summary>
/// y = γ (x − mean) / √(var + ε) + β for each feature: one axis holds the features, and statistics go over all others. It is the last axis, [N, C] or
/// [B, T, C], unless another is named: axis 1 for [N, C, L] and [N, C, H, W], as in torch's nn.BatchNorm1d and nn.BatchNorm2d.
/// In training mean and var are the batch's own, and running statistics follow them, r ← (1 − momentum) r + momentum · batch, the variance over
/// n − 1; in evaluation mode they are the running ones, and a row's output depends on that row alone. γ = 1, β = 0, running mean 0 and variance 1 at first.
/// </summary>
/// <remarks>Ioffe and Szegedy, 2015.</remarks>
public sealed class BatchNorm : Module
{
    readonly double _momentum, _eps;
    readonly bool _unbiased;
    readonly int _axis;

    /// <param name="features">C, the size of the axis that holds the features.</param>
    /// <param name="momentum">How far running statistics go towards a batch's: 0 to 1.</param>
    /// <param name="eps">ε, which keeps a feature that never varies from being divided by 0.</param>
    /// <param name="unbiased">Whether in training, too, the variance is that over n − 1: a variant met in lectures; PyTorch's is over n.</param>
    /// <param name="axis">Which axis holds the features; negative ones count from the end.</param>
    public BatchNorm(int features, double momentum = 0.1, double eps = 1e-5, bool unbiased = false, int axis = -1)
    {
        (_momentum, _eps, _unbiased, _axis) = (momentum, eps, unbiased, axis);
        if (features < 1) Throw.Argument($"BatchNorm({features}): the features must be 1 or more", nameof(features));
        Throw.IfNegative(eps, $"BatchNorm({features})", "eps");
        if (momentum is not (>= 0 and <= 1))
            Throw.Argument(string.Create(CultureInfo.InvariantCulture, $"BatchNorm({features}): the momentum is {momentum}: give a fraction, 0 to 1"),
                nameof(momentum));
        Weight = Parameter([features], 1);
        Bias = Parameter([features]);
        RunningMean = Buffer([features]);
        RunningVar = Buffer([features], 1);
    }

    /// <summary>γ, [features].</summary>
    public Tensor Weight { get; }

    /// <summary>β, [features].</summary>
    public Tensor Bias { get; }

    /// <summary>What stands for the mean outside of training, [features].</summary>
    public Tensor RunningMean { get; }

    /// <summary>What stands for the variance outside of training, [features].</summary>
    public Tensor RunningVar { get; }

    protected override Tensor Compute(Tensor x)
    {
        if (_axis == -1)
        {
            CheckLastAxis(x, Weight.Count);
            return Normalised(x);
        }
        var shape = x.Shape;
        int at = _axis < 0 ? shape.Rank + _axis : _axis, outer = 1;
        if (at < 0 || at >= shape.Rank || shape[at] != Weight.Count)
            Throw.Argument($"{Describe()}: the input is {shape}: its axis {_axis} must be {Weight.Count}", nameof(x));
        foreach (int size in shape.Span[..at]) outer *= size;
        // [outer, C, inner] → [outer, inner, C] and back.
        int inner = x.Count == 0 ? 0 : x.Count / (outer * shape[at]);
        return Normalised(x.Reshape(outer, shape[at], inner).Transpose(1, 2)).Transpose(1, 2).Reshape(shape.Span);
    }

    /// <summary>Of the last axis.</summary>
    Tensor Normalised(Tensor x)
    {
        if (!Training)
        {
            var scale = Weight / (RunningVar + _eps).Sqrt();
            return x * scale + (Bias - RunningMean * scale);
        }

        var y = x.BatchNorm(Weight, Bias, _eps, out var mean, out var var, _unbiased);
        double rows = x.Count / Weight.Count;
        RunningMean.LerpInPlace(mean, _momentum);
        RunningVar.LerpInPlace(_unbiased ? var : var * (rows / (rows - 1)), _momentum);
        return y;
    }

    protected internal override string Describe() => $"BatchNorm({Weight.Count}{(_axis == -1 ? "" : $", axis: {_axis}")})";
}
