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

    /// <summary>Σ wⱼ xⱼ + b.</summary>
    /// <exception cref="ArgumentException">There are not as many inputs as weights.</exception>
    public double WeightedSum(params ReadOnlySpan<double> x)
    {
        if (x.Length != _weights.Length)
            Throw.Argument($"{Asked}: {x.Length} inputs for {_weights.Length} weights: give one for each",
                nameof(x));
        return TensorPrimitives.Dot<double>(_weights, x) + Bias;
    }

    /// <summary>1 where the weighted sum reaches the threshold, else 0.</summary>
    /// <exception cref="ArgumentException">There are not as many inputs as weights.</exception>
    public int Output(params ReadOnlySpan<double> x) => WeightedSum(x) >= 0 ? 1 : 0;

    /// <summary>
    /// Learns by Rosenblatt's rule, from weights of 0: after each mistake w ← w + (y − ŷ) x and b ← b + (y − ŷ), the
    /// rows in their order again and again, until a pass makes no mistake. It does so if, and only if, a line (a plane,
    /// a hyperplane) separates the classes. That none does is proven in one of two ways, and the rows that prove it
    /// are named (<see cref="PerceptronConflict"/>): the weights come back to what they were and go round for ever; or,
    /// when all passes are made, the convex hulls of the classes turn out to have a point in common.
    /// </summary>
    /// <param name="x">[rows, inputs], finite.</param>
    /// <param name="y">[rows], of 0 and 1.</param>
    /// <param name="maxPasses">When it gives up.</param>
    /// <exception cref="ArgumentException">x is no matrix, a number is not finite, or y has another length or other
    /// numbers than 0 and 1.</exception>
    public static PerceptronFit Fit(Tensor x, Ids y, int maxPasses = 10_000)
    {
        if (maxPasses < 1) Throw.OutOfRange($"{Asked}: {maxPasses} passes: give 1 or more", nameof(maxPasses));
        double[] numbers = Columns.Matrix(Asked, x);
        int[] classes = Columns.Targets(Asked, y, x.Shape[0]);
        if (Array.FindIndex(classes, one => one > 1) is >= 0 and var wrong)
            Throw.Argument($"{Asked}: row {wrong} is of class {classes[wrong]}: give 0 or 1", nameof(y));

        double[] state = new double[x.Shape[1] + 1]; // the weights, then the bias
        // Brent's search for a cycle: one state is remembered, that of the last pass whose number is a power of 2.
        double[] remembered = [], best = [];
        int fewest = int.MaxValue;
        for (int pass = 1, mistakes = 0; ; pass++)
        {
            int made = Pass(numbers, classes, state, null);
            mistakes += made;
            int errors = made == 0 ? 0 : Errors(numbers, classes, state);
            if (errors < fewest) (best, fewest) = ([.. state], errors);
            PerceptronFit Found(bool? separates, double? bound, PerceptronConflict? conflict) =>
                new(Of(state), mistakes, pass, separates, bound, conflict) { Best = Of(best), BestErrors = fewest };
            if (made == 0 || errors == 0 && pass == maxPasses)
                return Found(true, Of(state).Bound(numbers, classes), null);
            if (state.AsSpan().SequenceEqual(remembered)) return Found(false, null, Conflict(numbers, classes, state));
            if (int.IsPow2(pass)) remembered = [.. state];
            if (pass < maxPasses) continue;
            if (!classes.Contains(0) || !classes.Contains(1))
                return Found(null, Of(state).Bound(numbers, classes), null);
            var nearest = new NearestPoints(numbers, classes);
            double bound = new Perceptron(nearest.Difference, 0).Bound(numbers, classes);
            return nearest.Touch ? Found(false, null, nearest.Conflict())
                : Found(null, double.IsFinite(bound) ? bound : null, null);
        }
    }

    static Perceptron Of(double[] state) => new(state[..^1], state[^1]);

    /// <summary>How many rows are answered wrongly.</summary>
    static int Errors(double[] x, int[] y, double[] state)
    {
        int columns = state.Length - 1, errors = 0;
        for (int i = 0; i < y.Length; i++)
            if (Output(x.AsSpan(i * columns, columns), state) != y[i]) errors++;
        return errors;
    }

    static int Output(ReadOnlySpan<double> row, double[] state) =>
        TensorPrimitives.Dot(state.AsSpan(0, row.Length), row) + state[^1] >= 0 ? 1 : 0;

    /// <summary>Goes through all rows once, and counts its mistakes.</summary>
    static int Pass(double[] x, int[] y, double[] state, int[]? mistakes)
    {
        int made = 0, columns = state.Length - 1;
        for (int i = 0; i < y.Length; i++)
        {
            var row = x.AsSpan(i * columns, columns);
            int error = y[i] - Output(row, state);
            if (error == 0) continue;
            made++;
            if (mistakes is not null) mistakes[i]++;
            state[^1] += error;
            for (int j = 0; j < columns; j++) state[j] += error * row[j];
        }
        return made;
    }

    /// <summary>One round more, from the state that came again: its changes sum to 0, so that the rows of one class
    /// have the same weighted mean as those of the other.</summary>
    static PerceptronConflict Conflict(double[] x, int[] y, double[] state)
    {
        int columns = state.Length - 1;
        int[] mistakes = new int[y.Length];
        double[] first = [.. state];
        do Pass(x, y, state, mistakes); while (!state.AsSpan().SequenceEqual(first));
        int[] Of(int label) => [.. Enumerable.Range(0, y.Length).Where(i => mistakes[i] > 0 && y[i] == label)];
        double[] mean = new double[columns];
        int[] ones = Of(1);
        double times = ones.Sum(i => mistakes[i]);
        foreach (int i in ones)
            for (int j = 0; j < columns; j++) mean[j] += mistakes[i] / times * x[i * columns + j];
        return new(ones, Of(0), mean);
    }

    /// <summary>(R / γ)²: R the length of the longest row with a 1 for the bias, γ the distance of the nearest row from
    /// the separating line, once the line is moved to the middle between the classes; infinite where it does not
    /// separate them.</summary>
    double Bound(double[] x, int[] y)
    {
        double longest = 0, low = double.NegativeInfinity, high = double.PositiveInfinity;
        for (int i = 0; i < y.Length; i++)
        {
            var row = x.AsSpan(i * _weights.Length, _weights.Length);
            longest = Math.Max(longest, TensorPrimitives.SumOfSquares<double>(row) + 1);
            double sum = TensorPrimitives.Dot<double>(_weights, row);
            if (y[i] == 1) high = Math.Min(high, sum);
            else low = Math.Max(low, sum);
        }
        // Of one class alone, the bias alone answers all rows, with a distance of 1.
        if (!double.IsFinite(low) || !double.IsFinite(high)) return longest;
        double middle = (low + high) / 2, margin = (high - low) / 2;
        if (margin <= 0) return double.PositiveInfinity;
        return longest * (TensorPrimitives.SumOfSquares<double>(_weights) + middle * middle) / (margin * margin);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"perceptron: 1 if {string.Join(" + ", _weights.Select((w, j) => $"{w:G4} x{j + 1}"))} ≥ {Threshold:G4}");
}
