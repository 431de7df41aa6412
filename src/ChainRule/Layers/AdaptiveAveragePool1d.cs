namespace ChainRule.Layers;

/// <summary>The mean of each of N windows that divide a sequence of any length: [N, C, L] → [N, C, windows].</summary>
public sealed class AdaptiveAveragePool1d : Module
{
    readonly int _windows;

    /// <param name="windows">How many windows stand side by side.</param>
    public AdaptiveAveragePool1d(int windows)
    {
        _windows = windows;
        if (windows < 1) Throw.Argument($"{Describe()}: give 1 window or more");
    }

    protected override Tensor Compute(Tensor x) => x.AdaptiveAveragePool1d(_windows);

    protected internal override string Describe() => $"AdaptiveAveragePool1d({_windows})";
}
