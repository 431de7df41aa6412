namespace ChainRule.Layers;

/// <summary>
/// What <see cref="MaxPool1d"/>, <see cref="MaxPool2d"/>, <see cref="AveragePool1d"/> and <see cref="AveragePool2d"/>
/// share: how windows move.
/// </summary>
public abstract class PoolingLayer : Module
{
    private protected PoolingLayer(PerAxis kernelSize, PerAxis? stride, PerAxis? padding, bool roundUp)
    {
        (KernelSize, Stride, Padding, RoundUp) = (kernelSize, stride ?? kernelSize, padding ?? 0, roundUp);
        if (KernelSize.Y < 1 || KernelSize.X < 1 || Stride.Y < 1 || Stride.X < 1
            || Padding.Y < 0 || Padding.X < 0 || Padding.Y > KernelSize.Y / 2 || Padding.X > KernelSize.X / 2)
            Throw.Argument(
                $"{Describe()}: give a kernel and a stride of 1 or more, and a padding of 0 to half the kernel",
                KernelSize.Y < 1 || KernelSize.X < 1 ? nameof(kernelSize)
                    : Stride.Y < 1 || Stride.X < 1 ? nameof(stride) : nameof(padding));
    }

    /// <summary>How high and wide a window is.</summary>
    public PerAxis KernelSize { get; }

    /// <summary>How far the window moves.</summary>
    public PerAxis Stride { get; }

    /// <summary>How far a window may begin outside of the image.</summary>
    public PerAxis Padding { get; }

    /// <summary>Whether a last window may end outside of the image.</summary>
    public bool RoundUp { get; }

    protected internal override string Describe() =>
        $"{GetType().Name}({KernelSize}{(Stride == KernelSize ? "" : $", stride: {Stride}")}"
        + $"{(Padding == 0 ? "" : $", padding: {Padding}")}{(RoundUp ? ", roundUp: true" : "")})";
}

/// <summary>
/// What <see cref="AdaptiveMaxPool2d"/> and <see cref="AdaptiveAveragePool2d"/> share: into how many
/// windows they divide.
/// </summary>
public abstract class AdaptivePoolingLayer : Module
{
    private protected AdaptivePoolingLayer(PerAxis windows)
    {
        Windows = windows;
        if (windows.Y < 1 || windows.X < 1) Throw.Argument($"{Describe()}: give 1 window or more", nameof(windows));
    }

    private protected PerAxis Windows { get; }

    protected internal override string Describe() => $"{GetType().Name}({Windows})";
}
