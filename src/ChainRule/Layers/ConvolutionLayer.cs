using System.Globalization;
using ChainRule.Randomness;

namespace ChainRule.Layers;

/// <summary>
/// What <see cref="Conv1d"/>, <see cref="Conv2d"/>, <see cref="ConvTranspose1d"/> and <see cref="ConvTranspose2d"/>
/// share: weights, biases and settings.
/// </summary>
public abstract class ConvolutionLayer : Module
{
    private protected ConvolutionLayer(ConvolutionSettings settings, RandomSource rng)
    {
        Settings = settings;
        var s = settings;
        string asked = $"{GetType().Name}({s.InChannels}, {s.OutChannels}, {s.Text(s.Kernel)})";
        Throw.IfNull(rng, asked);
        if (s.InChannels < 1 || s.OutChannels < 1 || s.Kernel.Y < 1 || s.Kernel.X < 1)
            Throw.Argument($"{asked}: channels and kernel must be 1 or more",
                s.InChannels < 1 ? "inChannels" : s.OutChannels < 1 ? "outChannels" : "kernelSize");
        s.CheckOneNumber(asked);
        if (s.Stride.Y < 1 || s.Stride.X < 1 || s.Padding.Y < 0 || s.Padding.X < 0)
            Throw.Argument($"{asked}: a stride of {s.Text(s.Stride)} with a padding of {s.Text(s.Padding)}: give a "
                + "stride of 1 or more and a padding of 0 or more",
                s.Stride.Y < 1 || s.Stride.X < 1 ? "stride" : "padding");
        if (s.Dilation.Y < 1 || s.Dilation.X < 1)
            Throw.Argument($"{asked}: a dilation of {s.Text(s.Dilation)}: give 1 or more", "options");
        if (s.Groups < 1 || s.InChannels % s.Groups != 0 || s.OutChannels % s.Groups != 0)
            Throw.Argument($"{asked}: inputs and outputs do not divide into {s.Groups} groups: give a number that "
                + "divides both", "options");
        var more = s.OutputPadding;
        if (more.Y < 0 || more.X < 0 || (more.Y >= s.Stride.Y && !s.Sequences)
            || (more.X >= s.Stride.X && s.Transposed is not null))
            Throw.Argument($"{asked}: an output padding of {s.Text(more)} with a stride of {s.Text(s.Stride)}: give 0 "
                + "or more, and less than the stride",
                "options");
        if (!Enum.IsDefined(s.Options.PaddingMode))
            Throw.OutOfRange($"{asked}: {(int)s.Options.PaddingMode} is no padding mode: give one of PaddingMode",
                "options");
        var (first, second) = s.Transposed is not null ? (s.InChannels, s.OutChannels / s.Groups)
            : (s.OutChannels, s.InChannels / s.Groups);
        Weight = Parameter(s.Sequences ? [first, second, s.Kernel.X] : [first, second, s.Kernel.Y, s.Kernel.X]);
        // √5 for the negative slope makes the bound 1/√fan in, rounded the way torch rounds it.
        Init.KaimingUniform(Weight, rng, Nonlinearity.LeakyRelu, Math.Sqrt(5));
        if (!s.Bias) return;
        double bound = 1 / Math.Sqrt(Init.Fan(Weight.Shape).In);
        var b = Parameter([s.OutChannels]);
        Init.Uniform(b, -bound, bound, rng);
        Bias = b;
    }

    /// <summary>
    /// W: [outChannels, inChannels / groups, kernel …]; of a transposed convolution [inChannels,
    /// outChannels / groups, kernel …].
    /// </summary>
    public Tensor Weight { get; }

    /// <summary>b, [outChannels]; null without one.</summary>
    public Tensor? Bias { get; }

    private protected ConvolutionSettings Settings { get; }

    /// <summary>Refuses what is not [N, inChannels, …].</summary>
    private protected void CheckInput(Tensor x)
    {
        int channels = Settings.InChannels;
        if (x.Rank == (Settings.Sequences ? 3 : 4) && x.Shape[1] == channels) return;
        Throw.Argument($"{Describe()}: the input is {x.Shape}: give "
            + $"{(Settings.Sequences ? $"[batch, {channels}, length]" : $"[images, {channels}, height, width]")}",
            nameof(x));
    }

    protected internal override string Describe() =>
        string.Create(CultureInfo.InvariantCulture, $"{GetType().Name}({Settings})");
}

/// <summary>How a convolution is made; those over sequences have a kernel of one row.</summary>
sealed record ConvolutionSettings(
    bool Sequences, int InChannels, int OutChannels, PerAxis Kernel, PerAxis Stride, PerAxis Padding, bool Bias)
{
    public ConvOptions Options { get; init; } = new();

    /// <summary>Of a transposed convolution; null of others.</summary>
    public ConvTransposeOptions? Transposed { get; init; }

    public PerAxis Dilation => Transposed?.Dilation ?? Options.Dilation;

    public int Groups => Transposed?.Groups ?? Options.Groups;

    public PerAxis OutputPadding => Transposed?.OutputPadding ?? 0;

    /// <summary>Refuses settings of two axes for a sequence.</summary>
    public void CheckOneNumber(string asked)
    {
        foreach (var (setting, name) in new[] { (Dilation, "a dilation"), (OutputPadding, "an output padding") })
            if (Sequences && setting.Y != setting.X)
                Throw.Argument($"{asked}: {name} of {setting}: a sequence has one axis: give one number", "options");
    }

    public string Text(PerAxis setting) => Sequences ? $"{setting.X}" : $"{setting}";

    public override string ToString() =>
        $"{InChannels}, {OutChannels}, {Text(Kernel)}{(Stride == 1 ? "" : $", stride: {Text(Stride)}")}"
        + $"{(Padding == 0 ? "" : $", padding: {Text(Padding)}")}"
        + $"{(OutputPadding == 0 ? "" : $", outputPadding: {Text(OutputPadding)}")}"
        + $"{(Dilation == 1 ? "" : $", dilation: {Text(Dilation)}")}{(Groups == 1 ? "" : $", groups: {Groups}")}"
        + $"{(Bias ? "" : ", bias: false")}{(Options.Relu ? ", relu: true" : "")}"
        + $"{(Options.PaddingMode == PaddingMode.Zeros ? "" : $", paddingMode: {Options.PaddingMode}")}";
}
