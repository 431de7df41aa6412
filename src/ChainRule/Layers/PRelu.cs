using System.Globalization;

namespace ChainRule.Layers;

/// <summary>
/// y = x where positive, a x elsewhere, with an a that is learnt: one for all, or one for each channel. a = 0.25 at
/// first: torch's nn.PReLU.
/// </summary>
/// <remarks>He, Zhang, Ren and Sun, 2015.</remarks>
public sealed class PRelu : Module
{
    readonly int _axis;

    /// <param name="channels">How many a there are: 1, or the size of the axis of channels.</param>
    /// <param name="initial">The first a.</param>
    /// <param name="axis">Which axis the channels are on; negative ones count from the end.</param>
    public PRelu(int channels = 1, double initial = 0.25, int axis = 1)
    {
        if (channels < 1) Throw.Argument($"PRelu({channels}): the channels must be 1 or more", nameof(channels));
        Throw.IfNotFinite(initial, $"PRelu({channels})", "initial");
        (_axis, Weight) = (axis, Parameter([channels], initial));
    }

    /// <summary>a, [channels].</summary>
    public Tensor Weight { get; }

    protected override Tensor Compute(Tensor x)
    {
        if (Weight.Count == 1) return x.PRelu(Weight);
        int at = _axis < 0 ? x.Rank + _axis : _axis;
        if (at < 0 || at >= x.Rank || x.Shape[at] != Weight.Count)
            Throw.Argument($"{Describe()}: the input is {x.Shape}: its axis {_axis} must be {Weight.Count}",
                nameof(x));
        return x.PRelu(Weight.Reshape([Weight.Count, .. Enumerable.Repeat(1, x.Rank - at - 1)]));
    }

    protected internal override string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"PRelu({(Weight.Count == 1 ? "" : $"{Weight.Count}")}{(_axis == 1 ? "" : $", axis: {_axis}")})");
}
