using System.Globalization;

namespace ChainRule.Diagnostics;

/// <summary>
/// Is the gradient right? Compares what backward computed with the central difference (L(w + h) − L(w − h)) / 2h in
/// float64, number by number.
/// </summary>
public static class GradCheck
{
    /// <summary>The relative error that a right gradient stays below.</summary>
    public const double Threshold = 1e-7;

    // h balances the two errors of a central difference in float64: h² of the formula, 1e-16 / h of the rounding.
    const double Step = 1e-5;

    // A gradient below this is compared as if it were this large: the difference quotient has no more digits. It has
    // fewer for a large L, whose own last digit, divided by 2h, is an error that no right gradient can escape: about
    // 1e-11 L, and ten times that where L is a long sum.
    const double Floor = 1e-2, FloorPerLoss = 1e-3;

    /// <summary>Checks dL/dx for every number of every input.</summary>
    /// <param name="name">What is checked, for the report.</param>
    /// <param name="loss">Computes L anew from the inputs, always the same for the same numbers: no
    /// dropout, no drawing.</param>
    /// <param name="inputs">What L depends on, by name: float64 leaves that require a gradient. They are nudged and put
    /// back, and so is all else that the loss writes.</param>
    /// <returns>The worst number found; <see cref="GradCheckResult.Passed"/> says whether it is good enough.</returns>
    /// <exception cref="ArgumentException">An input is no float64 leaf that requires a gradient, there is none, or L is
    /// not one finite number.</exception>
    public static GradCheckResult Run(string name, Func<Tensor> loss, IEnumerable<KeyValuePair<string, Tensor>> inputs)
    {
        Throw.IfNull(loss, "gradient check");
        Throw.IfNull(inputs, "gradient check");
        var named = inputs.ToArray();
        // Running statistics and whatever else the loss writes are put back: it is computed many times.
        using var journal = Journal.Begin();
        foreach (var (key, x) in named)
        {
            if (x.DType != DType.Float64 || !x.IsLeaf || !x.RequiresGrad)
                Throw.Argument(
                    $"gradient check of {name}: '{key}' is {x.DType}{(x.RequiresGrad ? "" : ", requires no gradient")}"
                             + $"{(x.IsLeaf ? "" : ", not a leaf")}: give float64 leaves that require a gradient",
                                 nameof(name));
            x.ZeroGrad();
        }

        var l = loss();
        if (l.Count != 1)
            Throw.Argument($"gradient check of {name}: the loss is of {l.Shape}: it must be one finite number",
                nameof(loss));
        double height = l.Item();
        if (!double.IsFinite(height))
            Throw.Argument($"gradient check of {name}: the loss is {height}: it must be one finite number",
                nameof(name));
        if (named.All(static input => input.Value.Count == 0))
            Throw.Argument($"gradient check of {name}: there is no number to check: give an input that holds one",
                nameof(inputs));
        if (l.RequiresGrad) l.Backward();

        double floor = Math.Max(Floor, FloorPerLoss * Math.Abs(height));
        var worst = new GradCheckResult(name, "", [], 0, 0, Error: -1, 0);
        int numbers = 0;
        foreach (var (key, x) in named)
        {
            double[] got = x.HasGrad ? x.Grad.ToArray<double>() : new double[x.Count];
            double scale = Math.Max(floor, Typical(got));
            for (int i = 0; i < got.Length; i++, numbers++)
            {
                double expected = NumericalDerivative(loss, x, i);
                double error = Math.Abs(got[i] - expected)
                    / Math.Max(scale, Math.Max(Math.Abs(got[i]), Math.Abs(expected)));
                if (double.IsNaN(error)) error = double.PositiveInfinity;
                if (error > worst.Error) worst = new(name, key, Places.Index(x.Shape, i), got[i], expected, error, 0);
            }
        }
        return worst with { Numbers = numbers };
    }

    /// <summary>As <see cref="Run"/>, and throws where a gradient is wrong.</summary>
    /// <exception cref="InvalidOperationException">A gradient is wrong: the message names what, where, got
    /// and expected.</exception>
    public static void Require(string name, Func<Tensor> loss, IEnumerable<KeyValuePair<string, Tensor>> inputs)
    {
        var result = Run(name, loss, inputs);
        if (!result.Passed) throw new InvalidOperationException(result.ToString());
    }

    static double NumericalDerivative(Func<Tensor> loss, Tensor x, int i)
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

    /// <summary>The root mean square of the finite ones: a NaN must not make the others' errors unreadable.</summary>
    static double Typical(double[] gradient)
    {
        double square = 0;
        int finite = 0;
        foreach (double g in gradient)
        {
            if (!double.IsFinite(g)) continue;
            square += g * g;
            finite++;
        }
        return finite == 0 ? 0 : Math.Sqrt(square / finite);
    }
}

/// <summary>The worst number of a gradient check.</summary>
/// <param name="Name">What was checked.</param>
/// <param name="Input">The input it belongs to.</param>
/// <param name="Index">Where in that input.</param>
/// <param name="Actual">What backward computed.</param>
/// <param name="Expected">The central difference.</param>
/// <param name="Error">|got − expected| over the larger of both, and of the input's typical gradient.</param>
/// <param name="Numbers">How many numbers were checked.</param>
public sealed record GradCheckResult(string Name, string Input, IReadOnlyList<int> Index, double Actual,
    double Expected, double Error, int Numbers)
{
    /// <summary>Whether every gradient is right.</summary>
    public bool Passed => Error <= GradCheck.Threshold;

    public override string ToString() => Passed
        ? string.Create(CultureInfo.InvariantCulture,
            $"gradient check of {Name}: {Numbers} gradients agree, the worst to {Error:0.0e+00}")
        : string.Create(CultureInfo.InvariantCulture,
            $"gradient check of {Name}: input '{Input}' at [{string.Join(", ", Index)}]: " +
            $"backward says {Actual:G12}, the central difference {Expected:G12}: relative error {Error:0.0e+00}, above "
            + $"{GradCheck.Threshold:0e+00}");
}
