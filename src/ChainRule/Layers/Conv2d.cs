using ChainRule.Randomness;

namespace ChainRule.Layers;

/// <summary>
/// y[n, o, r, s] = b[o] + Σ W[o, c, i, j] · x[n, c, r · stride + i · dilation − padding, …], with zeros around x, or what the padding mode says, or max(y, 0):
/// [N, inChannels, H, W] → [N, outChannels, (H + 2 padding − dilation (kernelSize − 1) − 1) / stride + 1, … of W].
/// New weights and biases are uniform within ±1/√(inChannels / groups · kernel height · kernel width): torch's nn.Conv2d, draw for draw.
/// </summary>
/// <remarks>LeCun et al., 1989.</remarks>
public sealed class Conv2d : ConvolutionLayer
{
    /// <param name="inChannels">How many channels go in.</param>
    /// <param name="outChannels">How many channels come out.</param>
    /// <param name="kernelSize">How high and wide the window is.</param>
    /// <param name="rng">Where the first weights are drawn from.</param>
    /// <param name="stride">How far the window moves; 1 if null. This and the next take one number, or two: (down, to the right).</param>
    /// <param name="padding">How many places are added around each image; half of an odd kernel keeps the size. 0 if null.</param>
    /// <param name="bias">Whether b is there; before a batch norm it would do nothing.</param>
    /// <param name="relu">Whether the layer is its own ReLU: the same numbers as a layer behind it, without a pass of its own.</param>
    /// <param name="dilation">How far apart the numbers are that neighbours of a kernel see; 1 if null.</param>
    /// <param name="groups">Into how many groups channels and outputs are divided, each convolved by itself.</param>
    /// <param name="paddingMode">What the places around an image hold.</param>
    public Conv2d(int inChannels, int outChannels, PerAxis kernelSize, TorchRandom rng, PerAxis? stride = null, PerAxis? padding = null, bool bias = true, bool relu = false,
        PerAxis? dilation = null, int groups = 1, PaddingMode paddingMode = PaddingMode.Zeros)
        : base(new(false, inChannels, outChannels, kernelSize, stride ?? 1, padding ?? 0, dilation ?? 1, groups, bias) { Relu = relu, Mode = paddingMode }, rng)
    {
    }

    protected override Tensor Compute(Tensor x)
    {
        CheckInput(x);
        var s = Settings;
        return Padded(x).Conv2d(Weight, Bias, s.Stride, s.Zeros, s.Relu, s.Dilation, s.Groups);
    }
}
