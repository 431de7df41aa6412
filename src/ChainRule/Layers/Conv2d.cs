using ChainRule.Randomness;

namespace ChainRule.Layers;

/// <summary>
/// y[n, o, r, s] = b[o] + Σ W[o, c, i, j] · x[n, c, r · stride + i · dilation − padding, …], with zeros around x, or
/// what the padding mode says, or max(y, 0): [N, inChannels, H, W] → [N, outChannels, (H + 2 padding − dilation
/// (kernelSize − 1) − 1) / stride + 1, … of W]. New weights and biases are uniform within
/// ±1/√(inChannels / groups · kernel height · kernel width): torch's nn.Conv2d, draw for draw.
/// </summary>
/// <remarks>LeCun et al., 1989.</remarks>
public sealed class Conv2d : ConvolutionLayer
{
    /// <param name="inChannels">How many channels go in.</param>
    /// <param name="outChannels">How many channels come out.</param>
    /// <param name="kernelSize">How high and wide the window is.</param>
    /// <param name="rng">Where the first weights are drawn from.</param>
    /// <param name="stride">How far the window moves; 1 if null. This and the next take one number, or two:
    /// (down, to the right).</param>
    /// <param name="padding">How many places are added around each image; half of an odd kernel keeps the
    /// size. 0 if null.</param>
    /// <param name="bias">Whether b is there; before a batch norm it would do nothing.</param>
    /// <param name="options">Dilation, groups, what the places around an image hold, and a ReLU; the
    /// defaults if null.</param>
    public Conv2d(int inChannels, int outChannels, PerAxis kernelSize, RandomSource rng, PerAxis? stride = null,
        PerAxis? padding = null, bool bias = true, ConvOptions? options = null)
        : base(new(false, inChannels, outChannels, kernelSize, stride ?? 1, padding ?? 0, bias)
            { Options = options ?? new() }, rng)
    {
    }

    /// <summary>How far the window moves.</summary>
    public PerAxis Stride => Settings.Stride;

    /// <summary>How many places are added around each image.</summary>
    public PerAxis Padding => Settings.Padding;

    /// <summary>Dilation, groups, what the places around an image hold, and a ReLU.</summary>
    public ConvOptions Options => Settings.Options;

    protected override Tensor Compute(Tensor x)
    {
        CheckInput(x);
        var s = Settings;
        return x.Conv2d(Weight, Bias, s.Stride, s.Padding, s.Options);
    }

    /// <summary>With a ReLU behind it, and the largest of windows of 2 × 2, in one pass.</summary>
    internal Tensor Joined(Tensor x, bool relu, bool pool)
    {
        CheckInput(x);
        var s = Settings;
        return x.Convolved(Weight, Bias, s.Stride, s.Padding, s.Options, relu, pool);
    }
}
