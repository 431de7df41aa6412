using System.Globalization;
using ChainRule.Errors;
using ChainRule.Randomness;

namespace ChainRule.Layers;

/// <summary>What a layer's outputs go through next, for the gain that its weights need.</summary>
public enum Nonlinearity
{
    /// <summary>Nothing: gain 1.</summary>
    Linear,

    /// <summary>σ: gain 1.</summary>
    Sigmoid,

    /// <summary>tanh: gain 5/3.</summary>
    Tanh,

    /// <summary>max(x, 0): gain √2.</summary>
    Relu,

    /// <summary>x where positive, negativeSlope · x elsewhere: gain √(2 / (1 + negativeSlope²)).</summary>
    LeakyRelu,

    /// <summary>SELU: gain 3/4.</summary>
    Selu,
}

/// <summary>Which way numbers should keep their size.</summary>
public enum FanMode
{
    /// <summary>Forward: outputs vary as much as inputs.</summary>
    In,

    /// <summary>Backward: gradients of inputs vary as much as gradients of outputs.</summary>
    Out,
}

/// <summary>
/// First numbers for weights, written in place: torch.nn.init, draw for draw. Weights are [outputs, inputs, …]; axes
/// after the second are a kernel's.
/// </summary>
public static class Init
{
    /// <summary>All 0.</summary>
    public static void Zeros(Tensor w) => w.FillInPlace(0);

    /// <summary>All 1.</summary>
    public static void Ones(Tensor w) => w.FillInPlace(1);

    /// <summary>All the same number.</summary>
    public static void Constant(Tensor w, double value)
    {
        Throw.IfNotFinite(value, "init", "constant");
        w.FillInPlace(value);
    }

    /// <summary>Uniform in [low, high).</summary>
    public static void Uniform(Tensor w, double low, double high, RandomSource rng)
    {
        Throw.IfNull(rng, "init");
        DTypes.FillUniform(w.WritableSlot("init"), low, high, rng);
    }

    /// <summary>Normal.</summary>
    public static void Normal(Tensor w, double mean, double std, RandomSource rng)
    {
        Throw.IfNull(rng, "init");
        DTypes.FillNormal(w.WritableSlot("init"), mean, std, rng);
    }

    /// <summary>Uniform within ±gain √(6 / (fan in + fan out)): a compromise between forward and backward.</summary>
    /// <remarks>Glorot and Bengio, 2010.</remarks>
    public static void XavierUniform(Tensor w, RandomSource rng, double gain = 1)
    {
        double bound = Math.Sqrt(3) * XavierStd(w, gain);
        Uniform(w, -bound, bound, rng);
    }

    /// <summary>Normal with standard deviation gain √(2 / (fan in + fan out)).</summary>
    /// <remarks>Glorot and Bengio, 2010.</remarks>
    public static void XavierNormal(Tensor w, RandomSource rng, double gain = 1) =>
        Normal(w, 0, XavierStd(w, gain), rng);

    /// <summary>
    /// Uniform within ±gain √(3 / fan): numbers keep their size through any number of layers of that nonlinearity.
    /// </summary>
    /// <param name="w">The weights.</param>
    /// <param name="rng">Where they are drawn from.</param>
    /// <param name="nonlinearity">What the outputs go through next.</param>
    /// <param name="negativeSlope">The negative slope of a leaky ReLU; at 0 it is a ReLU.</param>
    /// <param name="mode">Which way numbers should keep their size.</param>
    /// <remarks>He, Zhang, Ren and Sun, 2015.</remarks>
    public static void KaimingUniform(
        Tensor w, RandomSource rng, Nonlinearity nonlinearity = Nonlinearity.LeakyRelu, double negativeSlope = 0,
        FanMode mode = FanMode.In)
    {
        double bound = Math.Sqrt(3) * KaimingStd(w, nonlinearity, negativeSlope, mode);
        Uniform(w, -bound, bound, rng);
    }

    /// <summary>
    /// Normal with standard deviation gain / √fan: numbers keep their size through any number of layers of
    /// that nonlinearity.
    /// </summary>
    /// <inheritdoc cref="KaimingUniform"/>
    public static void KaimingNormal(
        Tensor w, RandomSource rng, Nonlinearity nonlinearity = Nonlinearity.LeakyRelu, double negativeSlope = 0,
        FanMode mode = FanMode.In) =>
        Normal(w, 0, KaimingStd(w, nonlinearity, negativeSlope, mode), rng);

    /// <summary>
    /// Normal, but never outside of [low, high]: numbers out there are drawn anew, by way of the inverse of the
    /// distribution. torch's trunc_normal_, draw for draw. Where both ends lie more than 3 standard deviations to one
    /// side of the mean, the inverse has no digits left, and numbers are drawn from the tail itself.
    /// </summary>
    /// <param name="w">The weights.</param>
    /// <param name="mean">The mean before the ends are cut off.</param>
    /// <param name="std">The standard deviation before that.</param>
    /// <param name="low">The least number, in units of the weights.</param>
    /// <param name="high">The greatest number.</param>
    /// <param name="rng">Where they are drawn from.</param>
    public static void TruncatedNormal(Tensor w, double mean, double std, double low, double high, RandomSource rng)
    {
        if (!(std > 0 && double.IsFinite(std)) || !(low < high) || !double.IsFinite(mean))
            Throw.Argument(string.Create(CultureInfo.InvariantCulture,
                $"truncated normal of mean {mean} and standard deviation {std} from {low} to {high}: give a deviation "
                    + $"above 0, and ends that rise"),
                    nameof(std));
        Throw.IfNull(rng, "truncated normal");
        const double Tail = 3;
        double a = (low - mean) / std, b = (high - mean) / std;
        if (a > Tail || b < -Tail)
        {
            var tail = w.WritableSlot("init");
            for (int i = 0; i < tail.Count; i++)
                DTypes.Write(tail, i,
                    Math.Clamp(a > 0 ? mean + std * FromTail(a, b, rng) : mean - std * FromTail(-b, -a, rng), low,
                        high));
            return;
        }
        Uniform(w, 2 * NormalDistribution.Below(a) - 1, 2 * NormalDistribution.Below(b) - 1, rng);
        var slot = w.Slot;
        for (int i = 0; i < slot.Count; i++)
            DTypes.Write(slot, i,
                Math.Clamp(mean + std * Math.Sqrt(2) * NormalDistribution.InverseErf(DTypes.Read(slot, i)), low, high));
    }

    /// <summary>
    /// Rows, or columns where there are fewer, that are orthogonal to one another and of length gain: numbers keep
    /// their size through any number of linear layers. Axes after the first count as one. From the QR
    /// decomposition of normal numbers.
    /// </summary>
    /// <param name="w">The weights, of two axes or more.</param>
    /// <param name="rng">Where they are drawn from.</param>
    /// <param name="gain">The length of each row, or column.</param>
    /// <remarks>Saxe, McClelland and Ganguli, 2013 (arXiv:1312.6120).</remarks>
    public static void Orthogonal(Tensor w, RandomSource rng, double gain = 1)
    {
        Throw.IfNotFinite(gain, "init", "gain");
        Throw.IfNull(rng, "init");
        if (w.Rank < 2)
            Throw.Argument($"orthogonal weights of {w.Shape}: rows need columns: give two axes or more", nameof(w));
        int rows = w.Shape[0], columns = rows == 0 ? 0 : w.Count / rows;
        var drawn = Tensor.Randn([rows, columns], rng, w.DType);
        double[] a = [.. (rows < columns ? drawn.T : drawn).To(DType.Float64).Read<double>()];
        Orthonormal.Columns(a, Math.Max(rows, columns), Math.Min(rows, columns));
        var q = Tensor.From(a, [Math.Max(rows, columns), Math.Min(rows, columns)]) * gain;
        w.CopyInPlace((rows < columns ? q.T : q).Reshape(w.Shape.Span).To(w.DType));
    }

    /// <summary>
    /// What weights are multiplied by so that the outputs of a nonlinearity vary as much as its inputs.
    /// </summary>
    /// <param name="nonlinearity">The nonlinearity.</param>
    /// <param name="negativeSlope">The negative slope of a leaky ReLU; others have none.</param>
    public static double Gain(Nonlinearity nonlinearity, double negativeSlope = 0.01)
    {
        Throw.IfNotFinite(negativeSlope, "gain", "negativeSlope");
        return nonlinearity switch
        {
            Nonlinearity.Linear or Nonlinearity.Sigmoid => 1,
            Nonlinearity.Tanh => 5.0 / 3,
            Nonlinearity.Relu => Math.Sqrt(2),
            Nonlinearity.LeakyRelu => Math.Sqrt(2 / (1 + negativeSlope * negativeSlope)),
            Nonlinearity.Selu => 3.0 / 4,
            _ => throw new RefusedRangeException(
                $"gain: {(int)nonlinearity} is no nonlinearity: give one of Nonlinearity", nameof(nonlinearity)),
        };
    }

    /// <summary>How many inputs one output of such weights sums up, and how many outputs one input goes into.</summary>
    /// <exception cref="ArgumentException">Fewer than two axes.</exception>
    public static (int In, int Out) Fan(Shape shape)
    {
        if (shape.Rank < 2)
            Throw.Argument($"fan of {shape}: it needs outputs and inputs: give weights of two axes or more",
                nameof(shape));
        int kernel = 1;
        foreach (int size in shape.Span[2..]) kernel *= size;
        return (shape[1] * kernel, shape[0] * kernel);
    }

    // From the density x exp(−x²/2) on [a, b], each number being kept with probability a / x: then it is that of the
    // normal distribution there. Marsaglia, "Generating a variable from the tail of the normal distribution", 1964.
    static double FromTail(double a, double b, RandomSource rng)
    {
        double within = 1 - Math.Exp((a - b) * (a + b) / 2), x;
        do
        {
            // x² = a² + t, written so that what is added to a large a keeps its digits.
            double t = -2 * Math.Log(1 - rng.NextDouble() * within);
            x = a + t / (Math.Sqrt(a * a + t) + a);
        }
        while (rng.NextDouble() * x > a);
        return x;
    }

    static double XavierStd(Tensor w, double gain)
    {
        Throw.IfNegative(gain, "init", "gain");
        var (fanIn, fanOut) = Fan(w.Shape);
        return gain * Math.Sqrt(2.0 / (fanIn + fanOut));
    }

    static double KaimingStd(Tensor w, Nonlinearity nonlinearity, double negativeSlope, FanMode mode)
    {
        var (fanIn, fanOut) = Fan(w.Shape);
        if (!Enum.IsDefined(mode))
            Throw.OutOfRange($"init: {(int)mode} is no fan mode: give FanMode.In or FanMode.Out", nameof(mode));
        return Gain(nonlinearity, negativeSlope) / Math.Sqrt(mode == FanMode.In ? fanIn : fanOut);
    }
}
