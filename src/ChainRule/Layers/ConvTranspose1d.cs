using ChainRule.Randomness;

namespace ChainRule.Layers;

/// <summary>
/// A transposed convolution, which makes sequences longer where the stride is above 1: every number of x adds its
/// multiple of the kernel to y, and the kernels of neighbours begin a stride apart. [N, inChannels, L] → [N,
/// outChannels, (L − 1) stride − 2 padding + dilation (kernelSize − 1) + outputPadding + 1]. New weights and biases are
/// uniform within ±1/√(outChannels / groups · kernelSize): torch's nn.ConvTranspose1d, draw for draw.
/// </summary>
/// <remarks>Zeiler, Krishnan, Taylor and Fergus, 2010.</remarks>
public sealed class ConvTranspose1d : ConvolutionLayer
{
    /// <param name="inChannels">How many channels go in.</param>
    /// <param name="outChannels">How many channels come out.</param>
    /// <param name="kernelSize">How long the kernel is.</param>
    /// <param name="rng">Where the first weights are drawn from.</param>
    /// <param name="stride">How far apart the kernels of neighbours begin.</param>
    /// <param name="padding">How many numbers are cut off at either end of y.</param>
    /// <param name="bias">Whether b is there; before a batch norm it would do nothing.</param>
    /// <param name="options">Output padding, dilation and groups; the defaults if null.</param>
    public ConvTranspose1d(int inChannels, int outChannels, int kernelSize, RandomSource rng, int stride = 1,
        int padding = 0, bool bias = true, ConvTransposeOptions? options = null)
        : base(new(true, inChannels, outChannels, (1, kernelSize), (1, stride), (0, padding), bias)
            { Transposed = options ?? new() }, rng)
    {
    }

    protected override Tensor Compute(Tensor x)
    {
        CheckInput(x);
        var s = Settings;
        return x.ConvTranspose1d(Weight, Bias, s.Stride.X, s.Padding.X, s.Transposed);
    }
}
