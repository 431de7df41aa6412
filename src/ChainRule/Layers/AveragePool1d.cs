namespace ChainRule.Layers;

/// <summary>
/// The mean of each window, where padding counts as zeros:
/// [N, C, L] → [N, C, (L + 2 padding − kernelSize) / stride + 1], divided rounding down, or up.
/// </summary>
public sealed class AveragePool1d : PoolingLayer
{
    /// <param name="kernelSize">How long a window is.</param>
    /// <param name="stride">How far the window moves; as far as it is long if null, so that windows
    /// stand side by side.</param>
    /// <param name="padding">How far a window may begin outside of the sequence: at most half the kernel.</param>
    /// <param name="roundUp">Whether a last window that begins inside of the sequence may end outside of it, so that no
    /// number is left out.</param>
    public AveragePool1d(int kernelSize, int? stride = null, int padding = 0, bool roundUp = false)
        : base(kernelSize, stride, padding, roundUp) { }

    protected override Tensor Compute(Tensor x) => x.AveragePool1d(KernelSize.X, Stride.X, Padding.X, RoundUp);
}
