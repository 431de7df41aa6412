namespace ChainRule.Layers;

/// <summary>
/// The largest number of each of N windows that divide a sequence of any length: [N, C, L] → [N, C, windows].
/// </summary>
public sealed class AdaptiveMaxPool1d : AdaptivePoolingLayer
{
    /// <param name="windows">How many windows stand side by side.</param>
    public AdaptiveMaxPool1d(int windows) : base(windows) { }

    protected override Tensor Compute(Tensor x) => x.AdaptiveMaxPool1d(Windows.X);
}
