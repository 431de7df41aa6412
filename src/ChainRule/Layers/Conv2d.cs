using ChainRule.Randomness;

namespace ChainRule.Layers;

/// <summary>
/// y[n, o, r, s] = b[o] + Σ W[o, c, i, j] · x[n, c, r · stride + i · dilation − padding, …], with zeros around x, or max(y, 0):
/// [N, inputs, H, W] → [N, outputs, (H + 2 padding − dilation (kernel − 1) − 1) / stride + 1, … of W].
/// New weights and biases are uniform within ±1/√(inputs / groups · kernel height · kernel width): torch's nn.Conv2d, draw for draw.
/// </summary>
/// <remarks>LeCun et al., 1989.</remarks>
public sealed class Conv2d : Module
{
    readonly int _inputs, _groups;
    readonly PerAxis _stride, _padding, _dilation;
    readonly bool _relu;

    /// <param name="inputs">How many channels go in.</param>
    /// <param name="outputs">How many channels come out.</param>
    /// <param name="kernel">How high and wide the window is.</param>
    /// <param name="rng">Where the first weights are drawn from.</param>
    /// <param name="stride">How far the window moves; 1 if null. This and the next take one number, or two: (down, to the right).</param>
    /// <param name="padding">How many zeros stand around each image; half of an odd kernel keeps the size. 0 if null.</param>
    /// <param name="bias">Whether b is there; before a batch norm it would do nothing.</param>
    /// <param name="relu">Whether the layer is its own ReLU: the same numbers as a layer behind it, without a pass of its own.</param>
    /// <param name="dilation">How far apart the numbers are that neighbours of a kernel see; 1 if null.</param>
    /// <param name="groups">Into how many groups channels and outputs are divided, each convolved by itself.</param>
    public Conv2d(int inputs, int outputs, PerAxis kernel, TorchRandom rng, PerAxis? stride = null, PerAxis? padding = null, bool bias = true, bool relu = false,
        PerAxis? dilation = null, int groups = 1)
    {
        (_inputs, _stride, _padding, _dilation, _groups, _relu) = (inputs, stride ?? 1, padding ?? 0, dilation ?? 1, groups, relu);
        Throw.IfNull(rng, $"Conv2d({inputs}, {outputs}, {kernel})");
        if (inputs < 1 || outputs < 1 || kernel.Y < 1 || kernel.X < 1) Throw.Argument($"Conv2d({inputs}, {outputs}, {kernel}): channels and kernel must be 1 or more");
        if (_stride.Y < 1 || _stride.X < 1 || _padding.Y < 0 || _padding.X < 0)
            Throw.Argument($"Conv2d({inputs}, {outputs}, {kernel}): a stride of {_stride} with a padding of {_padding}: "
                         + "give a stride of 1 or more and a padding of 0 or more");
        if (_dilation.Y < 1 || _dilation.X < 1) Throw.Argument($"Conv2d({inputs}, {outputs}, {kernel}): a dilation of {_dilation}: give 1 or more");
        if (groups < 1 || inputs % groups != 0 || outputs % groups != 0)
            Throw.Argument($"Conv2d({inputs}, {outputs}, {kernel}): inputs and outputs do not divide into {groups} groups: give a number that divides both");
        Weight = Parameter([outputs, inputs / groups, kernel.Y, kernel.X]);
        // √5 for the slope makes the bound 1/√fan in, rounded the way torch rounds it.
        Init.KaimingUniform(Weight, rng, Nonlinearity.LeakyRelu, Math.Sqrt(5));
        if (!bias) return;
        double bound = 1 / Math.Sqrt(Init.Fan(Weight.Shape).In);
        var b = Parameter([outputs]);
        Init.Uniform(b, -bound, bound, rng);
        Bias = b;
    }

    /// <summary>W, [outputs, inputs / groups, kernel height, kernel width].</summary>
    public Tensor Weight { get; }

    /// <summary>b, [outputs]; null for none.</summary>
    public Tensor? Bias { get; }

    protected override Tensor Compute(Tensor x)
    {
        if (x.Rank != 4 || x.Shape[1] != _inputs) Throw.Argument($"{Describe()}: the input is {x.Shape}: give [images, {_inputs}, height, width]");
        return x.Conv2d(Weight, Bias, _stride, _padding, _relu, _dilation, _groups);
    }

    protected internal override string Describe() =>
        $"Conv2d({_inputs}, {Weight.Shape[0]}, {new PerAxis(Weight.Shape[2], Weight.Shape[3])}{(_stride == 1 ? "" : $", stride: {_stride}")}"
      + $"{(_padding == 0 ? "" : $", padding: {_padding}")}{(_dilation == 1 ? "" : $", dilation: {_dilation}")}{(_groups == 1 ? "" : $", groups: {_groups}")}"
      + $"{(Bias is null ? ", bias: false" : "")}{(_relu ? ", relu: true" : "")})";
}
