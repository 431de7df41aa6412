using ChainRule.Randomness;

namespace ChainRule.Layers;

/// <summary>
/// A transposed convolution, which makes images larger where the stride is above 1: every number of x adds its multiple
/// of the kernel to y, and the kernels of neighbours begin a stride apart. [N, inChannels, H, W] → [N, outChannels,
/// (H − 1) stride − 2 padding + dilation (kernelSize − 1) + outputPadding + 1, … of W]. New weights and biases are
/// uniform within ±1/√(outChannels / groups · kernel height · kernel width): torch's nn.ConvTranspose2d, draw for draw.
/// </summary>
/// <remarks>Zeiler, Krishnan, Taylor and Fergus, 2010.</remarks>
public sealed class ConvTranspose2d : ConvolutionLayer
{
    /// <param name="inChannels">How many channels go in.</param>
    /// <param name="outChannels">How many channels come out.</param>
    /// <param name="kernelSize">How high and wide the kernel is.</param>
    /// <param name="rng">Where the first weights are drawn from.</param>
    /// <param name="stride">How far apart the kernels of neighbours begin; 1 if null. This and the next take one
    /// number, or two: (down, to the right).</param>
    /// <param name="padding">How many rows and columns are cut off at each side of y; 0 if null.</param>
    /// <param name="bias">Whether b is there; before a batch norm it would do nothing.</param>
    /// <param name="options">Output padding, dilation and groups; the defaults if null.</param>
    public ConvTranspose2d(int inChannels, int outChannels, PerAxis kernelSize, RandomSource rng,
        PerAxis? stride = null, PerAxis? padding = null, bool bias = true, ConvTransposeOptions? options = null)
        : base(new(false, inChannels, outChannels, kernelSize, stride ?? 1, padding ?? 0, bias)
            { Transposed = options ?? new() }, rng)
    {
    }

    protected override Tensor Compute(Tensor x)
    {
        CheckInput(x);
        var s = Settings;
        return x.ConvTranspose2d(Weight, Bias, s.Stride, s.Padding, s.Transposed);
    }
}
