using System.Globalization;
using System.Numerics.Tensors;

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
    readonly double[] _weights;

    /// <param name="weights">w, one of each input.</param>
    /// <param name="bias">b.</param>
    /// <exception cref="ArgumentException">There are no weights, or a number is not finite.</exception>
    public Perceptron(IReadOnlyList<double> weights, double bias)
    {
        if (weights.Count == 0)
            Throw.Argument("perceptron: there are no weights: give one for each input", nameof(weights));
        foreach (double w in weights) Throw.IfNotFinite(w, "perceptron", "weight", nameof(weights));
        (_weights, Bias) = ([.. weights], Throw.IfNotFinite(bias, "perceptron", "bias"));
    }

    /// <summary>The form with a threshold.</summary>
    /// <exception cref="ArgumentException">There are no weights, or a number is not finite.</exception>
    public static Perceptron WithThreshold(IReadOnlyList<double> weights, double threshold) =>
        new(weights, -Throw.IfNotFinite(threshold, "perceptron", "threshold"));

    /// <summary>w.</summary>
    public IReadOnlyList<double> Weights => _weights;

    /// <summary>b.</summary>
    public double Bias { get; }

    /// <summary>−b.</summary>
    public double Threshold => -Bias;

    /// <summary>Σ wⱼ xⱼ + b.</summary>
    /// <exception cref="ArgumentException">There are not as many inputs as weights.</exception>
    public double WeightedSum(params ReadOnlySpan<double> x)
    {
        if (x.Length != _weights.Length)
            Throw.Argument($"perceptron: {x.Length} inputs for {_weights.Length} weights: give one for each",
                nameof(x));
        return TensorPrimitives.Dot<double>(_weights, x) + Bias;
    }

    /// <summary>1 where the weighted sum reaches the threshold, else 0.</summary>
    /// <exception cref="ArgumentException">There are not as many inputs as weights.</exception>
    public int Output(params ReadOnlySpan<double> x) => WeightedSum(x) >= 0 ? 1 : 0;

    /// <summary>
    /// Learns by Rosenblatt's rule, from weights of 0: after each mistake w ← w + (y − ŷ) x and b ← b + (y − ŷ), the
    /// rows in their order again and again, until a pass makes no mistake. It does so if, and only if, a line (a plane,
    /// a hyperplane) separates the classes. Where the weights come back to what they were, they go round for ever: then
    /// it is proven that none does.
    /// </summary>
    /// <param name="x">[rows, inputs], finite.</param>
    /// <param name="y">[rows], of 0 and 1.</param>
    /// <param name="maxPasses">When it gives up.</param>
    /// <exception cref="ArgumentException">x is no matrix, a number is not finite, or y has another length or other
    /// numbers than 0 and 1.</exception>
    public static PerceptronFit Fit(Tensor x, Ids y, int maxPasses = 10_000)
    {
        const string Asked = "perceptron";
        if (maxPasses < 1) Throw.OutOfRange($"{Asked}: {maxPasses} passes: give 1 or more", nameof(maxPasses));
        double[] numbers = Columns.Matrix(Asked, x);
        int rows = x.Shape[0], columns = x.Shape[1];
        if (y.Count != rows)
            Throw.Argument($"{Asked}: {y.Count} classes for {rows} rows: give one for each", nameof(y));
        for (int i = 0; i < rows; i++)
            if (y[i] is not (0 or 1))
                Throw.Argument($"{Asked}: class {y[i]} in row {i}: give 0 or 1", nameof(y));

        double[] weights = new double[columns];
        double bias = 0;
        HashSet<string> seen = [];
        for (int pass = 1, mistakes = 0; ; pass++)
        {
            int before = mistakes;
            for (int i = 0; i < rows; i++)
            {
                var row = numbers.AsSpan(i * columns, columns);
                int error = y[i] - (TensorPrimitives.Dot<double>(weights, row) + bias >= 0 ? 1 : 0);
                if (error == 0) continue;
                mistakes++;
                bias += error;
                for (int j = 0; j < columns; j++) weights[j] += error * row[j];
            }
            var perceptron = new Perceptron(weights, bias);
            if (mistakes == before)
                return new(perceptron, mistakes, pass, Separates: true, Bound(numbers, y, weights, bias));
            // To the last bit: what is only near may still get there.
            bool again = !seen.Add(string.Join(' ', weights.Append(bias).Select(BitConverter.DoubleToInt64Bits)));
            if (again || pass == maxPasses) return new(perceptron, mistakes, pass, again ? false : null, null);
        }
    }

    /// <summary>(R / γ)²: R the length of the longest row with a 1 for the bias, γ the distance of the nearest row from
    /// the separating line.</summary>
    static double? Bound(double[] x, Ids y, double[] weights, double bias)
    {
        int columns = weights.Length;
        double longest = 0, margin = double.PositiveInfinity;
        double length = Math.Sqrt(TensorPrimitives.SumOfSquares<double>(weights) + bias * bias);
        for (int i = 0; i < y.Count; i++)
        {
            var row = x.AsSpan(i * columns, columns);
            longest = Math.Max(longest, TensorPrimitives.SumOfSquares<double>(row) + 1);
            double sum = TensorPrimitives.Dot<double>(weights, row) + bias;
            margin = Math.Min(margin, (y[i] == 1 ? sum : -sum) / length);
        }
        // A row on the line itself is answered rightly, and bounds nothing.
        return margin > 0 ? longest / (margin * margin) : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"perceptron: 1 if {string.Join(" + ", _weights.Select((w, j) => $"{w:G4} x{j + 1}"))} ≥ {Threshold:G4}");
}

/// <summary>What came of Rosenblatt's rule.</summary>
/// <param name="Perceptron">The last weights.</param>
/// <param name="Mistakes">How many mistakes it made, each of which changed the weights.</param>
/// <param name="Passes">How often it went through all rows.</param>
/// <param name="Separates">Whether it answers all rows rightly: false if it is proven that no weights do; null if it
/// was given up before either was known.</param>
/// <param name="MistakeBound">
/// No order of the rows can lead to more mistakes: (R / γ)², with R the length of the longest row (with a 1 for the
/// bias) and γ the distance of the nearest row from the separating line that was found. Null where no row is off the
/// line. Novikoff, "On convergence proofs on perceptrons", 1962.
/// </param>
public sealed record PerceptronFit(Perceptron Perceptron, int Mistakes, int Passes, bool? Separates,
    double? MistakeBound)
{
    /// <summary>What came of it, in a sentence.</summary>
    public override string ToString() => Separates switch
    {
        true => string.Create(CultureInfo.InvariantCulture,
            $"all rows are right after {Mistakes} mistakes in {Passes} passes (bound: {MistakeBound:0.#})"),
        false => $"no line separates the classes: after {Passes} passes the weights are what they were before, and "
            + "will go round for ever",
        null => $"after {Passes} passes and {Mistakes} mistakes it was given up: a line that separates the classes was "
            + "not found",
    };
}
