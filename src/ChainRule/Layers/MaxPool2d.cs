namespace ChainRule.Layers;

/// <summary>
/// The largest number of each window; padding is never the largest:
/// [N, C, H, W] → [N, C, (H + 2 padding − kernelSize) / stride + 1, … of W], divisions rounded down, or up.
/// </summary>
public sealed class MaxPool2d : PoolingLayer
{
    /// <param name="kernelSize">How high and wide a window is. This and the next take one number, or two:
    /// (down, to the right).</param>
    /// <param name="stride">How far the window moves; as far as it is wide if null, so that windows
    /// stand side by side.</param>
    /// <param name="padding">How far a window may begin outside of the image: at most half the
    /// kernel; 0 if null.</param>
    /// <param name="roundUp">Whether a last window that begins inside of the image may end outside of it, so that no
    /// number is left out.</param>
    public MaxPool2d(PerAxis kernelSize, PerAxis? stride = null, PerAxis? padding = null, bool roundUp = false)
        : base(kernelSize, stride, padding, roundUp) { }

    /// <summary>Whether windows are 2 × 2 and stand side by side.</summary>
    internal bool IsOfPairs => KernelSize == 2 && Stride == 2 && Padding == 0 && !RoundUp;

    protected override Tensor Compute(Tensor x) => x.MaxPool2d(KernelSize, Stride, Padding, RoundUp);
}
