using ChainRule.Randomness;

namespace ChainRule.Layers;

/// <summary>
/// y[n, o, r, s] = b[o] + Σ W[o, c, i, j] · x[n, c, r · stride + i − padding, s · stride + j − padding], with zeros around x, or max(y, 0):
/// [N, inputs, H, W] → [N, outputs, (H + 2 padding − kernel) / stride + 1, (W + 2 padding − kernel) / stride + 1].
/// New weights and biases are uniform within ±1/√(inputs · kernel²): torch's nn.Conv2d, draw for draw.
/// </summary>
/// <remarks>LeCun et al., 1989.</remarks>
public sealed class Conv2d : Module
{
    readonly int _inputs, _stride, _padding;
    readonly bool _relu;

    /// <param name="inputs">How many channels go in.</param>
    /// <param name="outputs">How many channels come out.</param>
    /// <param name="kernel">How high and wide the window is.</param>
    /// <param name="rng">Where the first weights are drawn from.</param>
    /// <param name="stride">How far the window moves.</param>
    /// <param name="padding">How many zeros stand around each image; half of an odd kernel keeps the size.</param>
    /// <param name="bias">Whether b is there; before a batch norm it would do nothing.</param>
    /// <param name="relu">Whether the layer is its own ReLU: the same numbers as a layer behind it, without a pass of its own.</param>
    public Conv2d(int inputs, int outputs, int kernel, TorchRandom rng, int stride = 1, int padding = 0, bool bias = true, bool relu = false)
    {
        (_inputs, _stride, _padding, _relu) = (inputs, stride, padding, relu);
        Throw.IfNull(rng, $"Conv2d({inputs}, {outputs}, {kernel})");
        if (inputs < 1 || outputs < 1 || kernel < 1) Throw.Argument($"Conv2d({inputs}, {outputs}, {kernel}): channels and kernel must be 1 or more");
        if (stride < 1 || padding < 0)
            Throw.Argument($"Conv2d({inputs}, {outputs}, {kernel}): a stride of {stride} with a padding of {padding}: "
                         + "give a stride of 1 or more and a padding of 0 or more");
        Weight = Parameter([outputs, inputs, kernel, kernel]);
        // √5 for the slope makes the bound 1/√fan in, rounded the way torch rounds it.
        Init.KaimingUniform(Weight, rng, Nonlinearity.LeakyRelu, Math.Sqrt(5));
        if (!bias) return;
        double bound = 1 / Math.Sqrt(Init.Fan(Weight.Shape).In);
        var b = Parameter([outputs]);
        Init.Uniform(b, -bound, bound, rng);
        Bias = b;
    }

    /// <summary>W, [outputs, inputs, kernel, kernel].</summary>
    public Tensor Weight { get; }

    /// <summary>b, [outputs]; null for none.</summary>
    public Tensor? Bias { get; }

    protected override Tensor Compute(Tensor x)
    {
        if (x.Rank != 4 || x.Shape[1] != _inputs) Throw.Argument($"{Describe()}: the input is {x.Shape}: give [images, {_inputs}, height, width]");
        return x.Conv2d(Weight, Bias, _stride, _padding, _relu);
    }

    protected internal override string Describe() =>
        $"Conv2d({_inputs}, {Weight.Shape[0]}, {Weight.Shape[2]}{(_stride == 1 ? "" : $", stride: {_stride}")}"
      + $"{(_padding == 0 ? "" : $", padding: {_padding}")}{(Bias is null ? ", bias: false" : "")}{(_relu ? ", relu: true" : "")})";
}
