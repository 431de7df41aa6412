using ChainRule.Randomness;

namespace ChainRule.Layers;

/// <summary>
/// y[n, o, r] = b[o] + Σ W[o, c, i] · x[n, c, r · stride + i · dilation − padding], with zeros around x, or what the
/// padding mode says, or max(y, 0): [N, inChannels, L] → [N, outChannels, (L + 2 padding − dilation
/// (kernelSize − 1) − 1) / stride + 1]. New weights and biases are uniform within
/// ±1/√(inChannels / groups · kernelSize): torch's nn.Conv1d, draw for draw.
/// </summary>
/// <remarks>Waibel and others, 1989, as a network with delays.</remarks>
public sealed class Conv1d : ConvolutionLayer
{
    /// <param name="inChannels">How many channels go in.</param>
    /// <param name="outChannels">How many channels come out.</param>
    /// <param name="kernelSize">How long the window is.</param>
    /// <param name="rng">Where the first weights are drawn from.</param>
    /// <param name="stride">How far the window moves.</param>
    /// <param name="padding">How many places are added at either end; half of an odd kernel keeps the length.</param>
    /// <param name="bias">Whether b is there; before a batch norm it would do nothing.</param>
    /// <param name="options">Dilation, groups, what the places at the ends hold, and a ReLU; the
    /// defaults if null.</param>
    public Conv1d(int inChannels, int outChannels, int kernelSize, RandomSource rng, int stride = 1, int padding = 0,
        bool bias = true, ConvOptions? options = null)
        : base(new(true, inChannels, outChannels, (1, kernelSize), (1, stride), (0, padding), bias)
            { Options = options ?? new() }, rng)
    {
    }

    protected override Tensor Compute(Tensor x)
    {
        CheckInput(x);
        var s = Settings;
        return x.Conv1d(Weight, Bias, s.Stride.X, s.Padding.X, s.Options);
    }
}
