namespace ChainRule.Layers;

/// <summary>
/// The mean of each window of kernel × kernel; padding counts as zeros:
/// [N, C, H, W] → [N, C, (H + 2 padding − kernel) / stride + 1, (W + 2 padding − kernel) / stride + 1].
/// </summary>
public sealed class AveragePool2d : Module
{
    readonly int _kernel, _stride, _padding;

    /// <param name="kernel">How high and wide a window is.</param>
    /// <param name="stride">How far the window moves; null for as far as it is wide, so that windows stand side by side.</param>
    /// <param name="padding">How far a window may begin outside of the image: at most half the kernel.</param>
    public AveragePool2d(int kernel, int? stride = null, int padding = 0)
    {
        (_kernel, _stride, _padding) = (kernel, stride ?? kernel, padding);
        if (kernel < 1 || _stride < 1 || padding < 0 || padding > kernel / 2)
            Throw.Argument($"{Describe()}: give a kernel and a stride of 1 or more, and a padding of 0 to half the kernel");
    }

    protected override Tensor Compute(Tensor x) => x.AveragePool2d(_kernel, _stride, _padding);

    protected internal override string Describe() =>
        $"AveragePool2d({_kernel}{(_stride == _kernel ? "" : $", stride: {_stride}")}{(_padding == 0 ? "" : $", padding: {_padding}")})";
}
