using System.Globalization;

namespace ChainRule.Diagnostics;

/// <summary>
/// Is the gradient right? Compares what backward computed with the central difference (L(w + h) − L(w − h)) / 2h in float64, number by number.
/// </summary>
public static class GradCheck
{
    /// <summary>The relative error that a right gradient stays below.</summary>
    public const double Threshold = 1e-7;

    // h balances the two errors of a central difference in float64: h² of the formula, 1e-16 / h of the rounding.
    const double Step = 1e-5;

    // A gradient below this is compared as if it were this large: the difference quotient has no more digits.
    const double Floor = 1e-2;

    /// <summary>Checks dL/dx for every number of every input.</summary>
    /// <param name="name">What is checked, for the report.</param>
    /// <param name="loss">Computes L anew from the inputs, always the same for the same numbers: no dropout, no drawing.</param>
    /// <param name="inputs">What L depends on, by name: float64 leaves that want a gradient. They are nudged and put back.</param>
    /// <returns>The worst number found; <see cref="GradCheckResult.Passed"/> says whether it is good enough.</returns>
    /// <exception cref="ArgumentException">An input is not a float64 leaf that wants a gradient, or L is not a single finite number.</exception>
    public static GradCheckResult Run(string name, Func<Tensor> loss, IEnumerable<KeyValuePair<string, Tensor>> inputs)
    {
        var named = inputs.ToArray();
        foreach (var (key, x) in named)
        {
            if (x.DType != DType.Float64 || !x.IsLeaf || !x.WantsGrad)
                throw new ArgumentException($"gradient check of {name}: '{key}' is {x.DType}{(x.WantsGrad ? "" : ", wants no gradient")}{(x.IsLeaf ? "" : ", not a leaf")}: give float64 leaves that want one");
            x.ZeroGrad();
        }

        var l = loss();
        if (l.Count != 1 || !double.IsFinite(l.Item())) throw new ArgumentException($"gradient check of {name}: the loss is {l}: it must be one finite number");
        if (l.WantsGrad) l.Backward();

        var worst = new GradCheckResult(name, "", [], 0, 0, 0, 0);
        int numbers = 0;
        foreach (var (key, x) in named)
        {
            double[] got = x.HasGrad ? x.Grad.ToArray<double>() : new double[x.Count];
            double scale = Math.Max(Floor, Math.Sqrt(got.Sum(g => g * g) / Math.Max(1, got.Length)));
            for (int i = 0; i < got.Length; i++, numbers++)
            {
                double expected = Slope(loss, x, i);
                double error = Math.Abs(got[i] - expected) / Math.Max(scale, Math.Max(Math.Abs(got[i]), Math.Abs(expected)));
                if (double.IsNaN(error)) error = double.PositiveInfinity;
                if (error >= worst.Error) worst = new(name, key, Index(x.Shape, i), got[i], expected, error, 0);
            }
        }
        return worst with { Numbers = numbers };
    }

    /// <summary>As <see cref="Run"/>, and throws where a gradient is wrong.</summary>
    /// <exception cref="InvalidOperationException">A gradient is wrong: the message names what, where, got and expected.</exception>
    public static void Require(string name, Func<Tensor> loss, IEnumerable<KeyValuePair<string, Tensor>> inputs)
    {
        var result = Run(name, loss, inputs);
        if (!result.Passed) throw new InvalidOperationException(result.ToString());
    }

    static double Slope(Func<Tensor> loss, Tensor x, int i)
    {
        using var quiet = NoGrad.Begin();
        double home = x.Read<double>()[i];
        double h = Step * Math.Max(1, Math.Abs(home));
        double up = home + h, down = home - h;
        x.Write<double>()[i] = up;
        double above = loss().Item();
        x.Write<double>()[i] = down;
        double below = loss().Item();
        x.Write<double>()[i] = home;
        return (above - below) / (up - down);
    }

    static int[] Index(Shape shape, int flat)
    {
        var index = new int[shape.Rank];
        for (int axis = shape.Rank - 1; axis >= 0; axis--)
        {
            index[axis] = flat % shape[axis];
            flat /= shape[axis];
        }
        return index;
    }
}

/// <summary>The worst number of a gradient check.</summary>
/// <param name="Name">What was checked.</param>
/// <param name="Input">The input it belongs to.</param>
/// <param name="Index">Where in that input.</param>
/// <param name="Got">What backward computed.</param>
/// <param name="Expected">The central difference.</param>
/// <param name="Error">|got − expected| over the larger of both, and of the input's typical gradient.</param>
/// <param name="Numbers">How many numbers were checked.</param>
public sealed record GradCheckResult(string Name, string Input, IReadOnlyList<int> Index, double Got, double Expected, double Error, int Numbers)
{
    /// <summary>Whether every gradient is right.</summary>
    public bool Passed => Error <= GradCheck.Threshold;

    public override string ToString() => Passed
        ? string.Create(CultureInfo.InvariantCulture, $"gradient check of {Name}: {Numbers} gradients agree, the worst to {Error:0.0e+00}")
        : string.Create(CultureInfo.InvariantCulture,
            $"gradient check of {Name}: input '{Input}' at [{string.Join(", ", Index)}]: backward says {Got:G12}, the central difference {Expected:G12}: relative error {Error:0.0e+00}, above {GradCheck.Threshold:0e+00}");
}
