namespace ChainRule.Layers;

/// <summary>
/// y = γ (x − mean) / √(var + ε) + β for [N, C, …], with the mean and variance of each group of C / groups channels of
/// each example; γ and β are one number a channel. One group is a layer norm over all channels, C groups are an
/// instance norm. Training and evaluation are the same. γ = 1 and β = 0 at first.
/// </summary>
/// <remarks>Wu and He, 2018. torch's nn.GroupNorm.</remarks>
public sealed class GroupNorm : Module
{
    readonly int _groups, _channels;
    readonly double _eps;

    /// <param name="groups">How many groups the channels are divided into, evenly.</param>
    /// <param name="channels">The size of axis 1.</param>
    /// <param name="eps">ε, which keeps a group of equal numbers from being divided by 0.</param>
    /// <param name="affine">Whether γ and β are there.</param>
    public GroupNorm(int groups, int channels, double eps = 1e-5, bool affine = true)
    {
        (_groups, _channels, _eps) = (groups, channels, eps);
        if (groups < 1 || channels < 1 || channels % groups != 0)
            Throw.Argument($"{Describe()}: {channels} channels do not divide into {groups} groups: give 1 or more of "
                + "either, and a multiple",
                channels < 1 ? nameof(channels) : nameof(groups));
        if (!(eps >= 0 && double.IsFinite(eps)))
            Throw.Argument(FormattableString.Invariant($"{Describe()}: eps {eps}: give a finite number, 0 or more"),
                nameof(eps));
        if (affine) (Weight, Bias) = (Parameter([channels], 1), Parameter([channels]));
    }

    /// <summary>γ, [channels]; null if not affine.</summary>
    public Tensor? Weight { get; }

    /// <summary>β, [channels]; null if not affine.</summary>
    public Tensor? Bias { get; }

    protected override Tensor Compute(Tensor x)
    {
        var shape = x.Shape;
        if (shape.Rank < 2 || shape[1] != _channels)
            Throw.Argument($"{Describe()}: the input is {shape}: give [N, {_channels}, ..]", nameof(x));
        int width = _channels / _groups;
        foreach (int size in shape.Span[2..]) width *= size;
        var rows = x.Reshape(shape[0] * _groups, width);
        var y = rows.LayerNorm(Tensor.Ones([width], x.DType), Tensor.Zeros([width], x.DType), _eps).Reshape(shape.Span);
        if (Weight is not { } weight || Bias is not { } bias) return y;
        int[] channel = [_channels, .. Enumerable.Repeat(1, shape.Rank - 2)];
        return y * weight.Reshape(channel) + bias.Reshape(channel);
    }

    protected internal override string Describe() => $"GroupNorm({_groups}, {_channels})";
}
