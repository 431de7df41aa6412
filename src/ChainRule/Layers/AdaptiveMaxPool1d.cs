namespace ChainRule.Layers;

/// <summary>
/// The largest number of each of N windows that divide a sequence of any length: [N, C, L] → [N, C, windows].
/// </summary>
public sealed class AdaptiveMaxPool1d : Module
{
    readonly int _windows;

    /// <param name="windows">How many windows stand side by side.</param>
    public AdaptiveMaxPool1d(int windows)
    {
        _windows = windows;
        if (windows < 1) Throw.Argument($"{Describe()}: give 1 window or more");
    }

    protected override Tensor Compute(Tensor x) => x.AdaptiveMaxPool1d(_windows);

    protected internal override string Describe() => $"AdaptiveMaxPool1d({_windows})";
}
