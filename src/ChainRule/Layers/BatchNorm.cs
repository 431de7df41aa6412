using System.Globalization;

namespace ChainRule.Layers;

/// <summary>What a <see cref="BatchNorm"/> can be told beside its sizes.</summary>
public sealed record BatchNormOptions
{
    /// <summary>Whether γ and β are there; without them features have mean 0 and variance 1.</summary>
    public bool Affine { get; init; } = true;

    /// <summary>
    /// Whether running statistics are kept. Without them a batch's own mean and variance are used in evaluation mode
    /// too, and a row's output depends on the others.
    /// </summary>
    public bool TrackRunningStatistics { get; init; } = true;

    /// <summary>
    /// Whether in training, too, the variance is that over n − 1: a variant met in lectures; PyTorch's is over n.
    /// </summary>
    public bool Unbiased { get; init; }
}

/// <summary>
/// y = γ (x − mean) / √(var + ε) + β for each feature: one axis holds the features, and statistics go over all others.
/// It is the last axis, [N, C] or [B, T, C], unless another is named: axis 1 for [N, C, L] and [N, C, H, W], as in
/// torch's nn.BatchNorm1d and nn.BatchNorm2d. In training mean and var are the batch's own, and running statistics
/// follow them, r ← (1 − momentum) r + momentum · batch, the variance over n − 1; in evaluation mode they are the
/// running ones, and a row's output depends on that row alone. γ = 1, β = 0, running mean 0 and variance 1 at first.
/// </summary>
/// <remarks>Ioffe and Szegedy, 2015.</remarks>
public sealed class BatchNorm : Module
{
    readonly double _momentum, _eps;
    readonly int _features, _axis;
    readonly BatchNormOptions _options;

    /// <param name="features">C, the size of the axis that holds the features.</param>
    /// <param name="momentum">How far running statistics go towards a batch's: 0 to 1.</param>
    /// <param name="eps">ε, which keeps a feature that never varies from being divided by 0.</param>
    /// <param name="axis">Which axis holds the features; negative ones count from the end.</param>
    /// <param name="options">γ and β, running statistics, and how the variance is taken; the defaults if null.</param>
    public BatchNorm(int features, double momentum = 0.1, double eps = 1e-5, int axis = -1,
        BatchNormOptions? options = null)
    {
        (_features, _momentum, _eps, _axis, _options) = (features, momentum, eps, axis, options ?? new());
        if (features < 1) Throw.Argument($"BatchNorm({features}): the features must be 1 or more", nameof(features));
        Throw.IfNegative(eps, $"BatchNorm({features})", "eps");
        if (momentum is not (>= 0 and <= 1))
            Throw.Argument(string.Create(CultureInfo.InvariantCulture,
                $"BatchNorm({features}): the momentum is {momentum}: give a fraction, 0 to 1"), nameof(momentum));
        if (_options.Affine) (Weight, Bias) = (Parameter([features], 1), Parameter([features]));
        if (_options.TrackRunningStatistics) (RunningMean, RunningVar) = (Buffer([features]), Buffer([features], 1));
    }

    /// <summary>ε, which is added to the variance.</summary>
    public double Eps => _eps;

    /// <summary>γ, [features]; null if not affine.</summary>
    public Tensor? Weight { get; }

    /// <summary>β, [features]; null if not affine.</summary>
    public Tensor? Bias { get; }

    /// <summary>
    /// What stands for the mean in evaluation mode, [features]; null if running statistics are not kept.
    /// </summary>
    public Tensor? RunningMean { get; }

    /// <summary>
    /// What stands for the variance in evaluation mode, [features]; null if running statistics are not kept.
    /// </summary>
    public Tensor? RunningVar { get; }

    protected override Tensor Compute(Tensor x)
    {
        var shape = x.Shape;
        if (_axis == -1) CheckLastAxis(x, _features);
        int at = _axis < 0 ? shape.Rank + _axis : _axis;
        if (at < 0 || at >= shape.Rank || shape[at] != _features)
            Throw.Argument($"{Describe()}: the input is {shape}: its axis {_axis} must be {_features}", nameof(x));
        Tensor gain = Weight ?? Tensor.Ones([_features], x.DType), bias = Bias ?? Tensor.Zeros([_features], x.DType);
        if (Training || RunningMean is not { } mean || RunningVar is not { } var) return OfBatch(x, gain, bias, at);

        var scale = gain / (var + _eps).Sqrt();
        int[] across = [.. Enumerable.Repeat(1, shape.Rank - at - 1)];
        return x * scale.Reshape([_features, .. across]) + (bias - mean * scale).Reshape([_features, .. across]);
    }

    Tensor OfBatch(Tensor x, Tensor gain, Tensor bias, int axis)
    {
        var y = x.BatchNorm(gain, bias, _eps, out var mean, out var var, _options.Unbiased, axis);
        if (!Training) return y;
        double rows = x.Count / _features;
        RunningMean?.LerpInPlace(mean, _momentum);
        RunningVar?.LerpInPlace(_options.Unbiased ? var : var * (rows / (rows - 1)), _momentum);
        return y;
    }

    protected internal override string Describe() => $"BatchNorm({_features}{(_axis == -1 ? "" : $", axis: {_axis}")}"
        + $"{(_options.Affine ? "" : ", affine: false")}"
        + $"{(_options.TrackRunningStatistics ? "" : ", trackRunningStatistics: false")})";
}
