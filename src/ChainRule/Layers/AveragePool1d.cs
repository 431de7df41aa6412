namespace ChainRule.Layers;

/// <summary>
/// The mean of each window, where padding counts as zeros:
/// [N, C, L] → [N, C, (L + 2 padding − kernelSize) / stride + 1], divided rounding down, or up.
/// </summary>
public sealed class AveragePool1d : Module
{
    readonly int _kernel, _stride, _padding;
    readonly bool _roundUp;

    /// <param name="kernelSize">How long a window is.</param>
    /// <param name="stride">How far the window moves; as far as it is long if null, so that windows stand side by side.</param>
    /// <param name="padding">How far a window may begin outside of the sequence: at most half the kernel.</param>
    /// <param name="roundUp">Whether a last window that begins inside of the sequence may end outside of it, so that no number is left out.</param>
    public AveragePool1d(int kernelSize, int? stride = null, int padding = 0, bool roundUp = false)
    {
        (_kernel, _stride, _padding, _roundUp) = (kernelSize, stride ?? kernelSize, padding, roundUp);
        if (kernelSize < 1 || _stride < 1 || padding < 0 || padding > kernelSize / 2)
            Throw.Argument($"{Describe()}: give a kernel and a stride of 1 or more, and a padding of 0 to half the kernel",
                kernelSize < 1 ? nameof(kernelSize) : _stride < 1 ? nameof(stride) : nameof(padding));
    }

    protected override Tensor Compute(Tensor x) => x.AveragePool1d(_kernel, _stride, _padding, _roundUp);

    protected internal override string Describe() =>
        $"AveragePool1d({_kernel}{(_stride == _kernel ? "" : $", stride: {_stride}")}{(_padding == 0 ? "" : $", padding: {_padding}")}{(_roundUp ? ", roundUp: true" : "")})";
}
