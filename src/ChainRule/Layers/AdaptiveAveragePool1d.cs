namespace ChainRule.Layers;

/// <summary>The mean of each of N windows that divide a sequence of any length: [N, C, L] → [N, C, windows].</summary>
public sealed class AdaptiveAveragePool1d : AdaptivePoolingLayer
{
    /// <param name="windows">How many windows stand side by side.</param>
    public AdaptiveAveragePool1d(int windows) : base(windows) { }

    protected override Tensor Compute(Tensor x) => x.AdaptiveAveragePool1d(Windows.X);
}
