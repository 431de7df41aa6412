using System.Globalization;

namespace ChainRule.Classical;

/// <summary>
/// A neuron that says yes or no: 1 where the weighted sum of its inputs reaches a threshold, and 0 below. The threshold
/// can be written as a bias, b = −threshold, which says how easily the neuron fires:
/// <code lang="math">
/// y = 1 if Σ wⱼ xⱼ ≥ threshold, else 0          y = 1 if Σ wⱼ xⱼ + b ≥ 0, else 0
/// </code>
/// </summary>
/// <remarks>Rosenblatt, "The perceptron: a probabilistic model for information storage and organization in the brain",
/// 1958.</remarks>
public sealed class Perceptron
{
    const string Asked = "perceptron";

    readonly double[] _weights;

    /// <param name="weights">w, one of each input.</param>
    /// <param name="bias">b.</param>
    /// <exception cref="ArgumentException">There are no weights, or a number is not finite.</exception>
    public Perceptron(IReadOnlyList<double> weights, double bias)
    {
        Throw.IfNull(weights, Asked);
        if (weights.Count == 0)
            Throw.Argument($"{Asked}: there are no weights: give one for each input", nameof(weights));
        foreach (double w in weights) Throw.IfNotFinite(w, Asked, "weight", nameof(weights));
        (_weights, Bias) = ([.. weights], Throw.IfNotFinite(bias, Asked, "bias"));
    }

    /// <summary>The form with a threshold.</summary>
    /// <exception cref="ArgumentException">There are no weights, or a number is not finite.</exception>
    public static Perceptron WithThreshold(IReadOnlyList<double> weights, double threshold) =>
        new(weights, -Throw.IfNotFinite(threshold, Asked, "threshold"));

    /// <summary>w.</summary>
    public IReadOnlyList<double> Weights => _weights;

    /// <summary>b.</summary>
    public double Bias { get; }

    /// <summary>−b.</summary>
    public double Threshold => -Bias;

    /// <summary>Σ wⱼ xⱼ + b; infinite, with its sign, where it is beyond what a double holds.</summary>
    /// <exception cref="ArgumentException">There are not as many inputs as weights, or one is not finite.</exception>
    public double WeightedSum(params ReadOnlySpan<double> x) => WeightedInputs.Sum(Asked, _weights, x, Bias);

    /// <summary>1 where the weighted sum reaches the threshold, else 0.</summary>
    /// <exception cref="ArgumentException">There are not as many inputs as weights, or one is not finite.</exception>
    public int Output(params ReadOnlySpan<double> x) => WeightedSum(x) >= 0 ? 1 : 0;

    /// <summary>
    /// Learns by Rosenblatt's rule, from weights of 0: after each mistake w ← w + (y − ŷ) x and b ← b + (y − ŷ), the
    /// rows in their order again and again, until a pass makes no mistake. It does so if, and only if, a line (a plane,
    /// a hyperplane) separates the classes. That none does is said only where it is proven without rounding, and the
    /// rows that prove it are named (<see cref="PerceptronConflict"/>): the weights come back to what they were and go
    /// round for ever; or, when all passes are made, the convex hulls of the classes have a point in common. Classes
    /// whose distance is lost in rounding, and proofs that would take long (of more than about 60 columns), are left
    /// open.
    /// </summary>
    /// <param name="x">[rows, inputs], finite.</param>
    /// <param name="y">[rows], of 0 and 1.</param>
    /// <param name="maxPasses">When it gives up.</param>
    /// <returns>Weights that would be beyond what a double holds are all multiplied by one power of 2, which changes no
    /// answer.</returns>
    /// <exception cref="ArgumentException">x is no matrix, a number is not finite, or y has another length or other
    /// numbers than 0 and 1.</exception>
    public static PerceptronFit Fit(Tensor x, Ids y, int maxPasses = 10_000)
    {
        if (maxPasses < 1) Throw.OutOfRange($"{Asked}: {maxPasses} passes: give 1 or more", nameof(maxPasses));
        double[] numbers = Columns.Matrix(Asked, x);
        int[] classes = Columns.Targets(Asked, y, x.Shape[0]);
        if (Array.FindIndex(classes, one => one > 1) is >= 0 and var wrong)
            Throw.Argument($"{Asked}: row {wrong} is of class {classes[wrong]}: give 0 or 1", nameof(y));
        var rows = new PerceptronRows(numbers, classes);

        double[] state = new double[x.Shape[1] + 1]; // the weights, then the bias
        // Brent's search for a cycle: one state is remembered, that of the last pass whose number is a power of 2.
        double[] remembered = [], best = [];
        int fewest = int.MaxValue;
        bool searched = false;
        for (int pass = 1, mistakes = 0; ; pass++)
        {
            int made = rows.Pass(state, null);
            mistakes += made;
            int errors = made == 0 ? 0 : rows.Errors(state);
            if (errors < fewest) (best, fewest) = ([.. state], errors);
            PerceptronFit Found(bool? separates, double? bound, PerceptronConflict? conflict) =>
                new(rows.Of(state), mistakes, pass, separates, bound, conflict)
                    { Best = rows.Of(best), BestErrors = fewest };
            if (made == 0 || errors == 0 && pass == maxPasses) return Found(true, rows.Bound(state[..^1]), null);
            if (!searched && state.AsSpan().SequenceEqual(remembered))
            {
                if (rows.Cycle(state) is { } conflict) return Found(false, null, conflict);
                searched = true; // a cycle that rounding made proves nothing
            }
            if (int.IsPow2(pass)) remembered = [.. state];
            if (pass < maxPasses) continue;
            var (bound, why) = rows.Judge();
            return Found(why is null ? null : false, bound, why);
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"perceptron: 1 if {string.Join(" + ", _weights.Select((w, j) => $"{w:G4} x{j + 1}"))} ≥ {Threshold:G4}");
}
