namespace ChainRule.Layers;

/// <summary>
/// The mean of each window, where padding counts as zeros:
/// [N, C, H, W] → [N, C, (H + 2 padding − kernelSize) / stride + 1, … of W], divisions rounded down, or up.
/// </summary>
public sealed class AveragePool2d : Module
{
    readonly PerAxis _kernel, _stride, _padding;
    readonly bool _roundUp;

    /// <param name="kernelSize">How high and wide a window is. This and the next take one number, or two: (down, to the right).</param>
    /// <param name="stride">How far the window moves; as far as it is wide if null, so that windows stand side by side.</param>
    /// <param name="padding">How far a window may begin outside of the image: at most half the kernel; 0 if null.</param>
    /// <param name="roundUp">Whether a last window that begins inside of the image may end outside of it, so that no number is left out.</param>
    public AveragePool2d(PerAxis kernelSize, PerAxis? stride = null, PerAxis? padding = null, bool roundUp = false)
    {
        (_kernel, _stride, _padding, _roundUp) = (kernelSize, stride ?? kernelSize, padding ?? 0, roundUp);
        if (kernelSize.Y < 1 || kernelSize.X < 1 || _stride.Y < 1 || _stride.X < 1
            || _padding.Y < 0 || _padding.X < 0 || _padding.Y > kernelSize.Y / 2 || _padding.X > kernelSize.X / 2)
            Throw.Argument($"{Describe()}: give a kernel and a stride of 1 or more, and a padding of 0 to half the kernel", nameof(kernelSize));
    }

    protected override Tensor Compute(Tensor x) => x.AveragePool2d(_kernel, _stride, _padding, _roundUp);

    protected internal override string Describe() =>
        $"AveragePool2d({_kernel}{(_stride == _kernel ? "" : $", stride: {_stride}")}{(_padding == 0 ? "" : $", padding: {_padding}")}{(_roundUp ? ", roundUp: true" : "")})";
}
