namespace ChainRule.Layers;

/// <summary>
/// The largest number of each of N × M windows that divide an image of any size: [N, C, H, W] → [N, C, rows, columns].
/// One window is a global pooling.
/// </summary>
public sealed class AdaptiveMaxPool2d : AdaptivePoolingLayer
{
    /// <param name="windows">How many windows stand below and beside one another: one number for both, or two.</param>
    public AdaptiveMaxPool2d(PerAxis windows) : base(windows) { }

    protected override Tensor Compute(Tensor x) => x.AdaptiveMaxPool2d(Windows);
}
