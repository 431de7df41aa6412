using System.Globalization;
using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Randomness;

namespace ChainRule.Classical;

/// <summary>How alike two rows are to a support vector machine.</summary>
public enum Kernel
{
    /// <summary>K(x, z) = x · z: the model is a line.</summary>
    Linear,

    /// <summary>K(x, z) = exp(−γ ‖x − z‖²): the model is a sum of bumps.</summary>
    Rbf,
}

/// <summary>
/// Support vector regression: ŷ = Σ βᵢ K(xᵢ, x) + b, of the least ½ ‖w‖² + C Σ max(0, |y − ŷ| − ε). An error below ε
/// costs nothing, and one above it its size, so that a few large ones do not decide. Rows within ε have β = 0; the
/// others are the support vectors.
/// </summary>
/// <remarks>Solved by sequential minimal optimisation, two β at a time (Fan, Chen and Lin, 2005, as in LIBSVM). Time
/// grows with the square of the rows and more.</remarks>
public sealed class SupportVectorRegression
{
    const string Asked = "support vector regression";

    readonly double[] _vectors, _betas;
    readonly int _columns;

    SupportVectorRegression(Kernel kernel, double gamma, double[] vectors, double[] betas, double intercept,
        int columns, bool converged)
    {
        (Kernel, Gamma, _vectors, _betas, Intercept, _columns, Converged) = (kernel, gamma, vectors, betas, intercept,
            columns, converged);
    }

    /// <summary>Fits it.</summary>
    /// <param name="x">[rows, columns], finite; columns of like size count alike, so scale them first.</param>
    /// <param name="y">[rows] or [rows, 1], finite.</param>
    /// <param name="kernel">How alike two rows are.</param>
    /// <param name="c">C, above 0: what errors cost. The larger, the closer the model comes to the training
    /// rows.</param>
    /// <param name="epsilon">ε, 0 or more, in units of the target: which errors cost nothing.</param>
    /// <param name="gamma">γ of the RBF kernel, above 0; if null, 1 / (columns · variance of all numbers of x).</param>
    /// <param name="tolerance">How far from the minimum the search may end, above 0.</param>
    /// <param name="maxSteps">When the search ends at the latest.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, a number is not finite, or a setting is out of its
    /// range.</exception>
    public static SupportVectorRegression Fit(Tensor x, Tensor y, Kernel kernel = Kernel.Rbf, double c = 1,
        double epsilon = 0.1, double? gamma = null,
        double tolerance = 1e-3, int maxSteps = 10_000_000)
    {
        if (!Enum.IsDefined(kernel))
            Throw.OutOfRange($"{Asked}: kernel {(int)kernel}: give Kernel.Linear or Rbf", nameof(kernel));
        Throw.IfNotPositive(c, Asked, "C");
        Throw.IfNegative(epsilon, Asked, "epsilon");
        Throw.IfNotPositive(tolerance, Asked, "tolerance");
        if (gamma is { } given) Throw.IfNotPositive(given, Asked, "gamma", nameof(gamma));
        if (maxSteps < 1) Throw.OutOfRange($"{Asked}: {maxSteps} steps: give 1 or more", nameof(maxSteps));
        double[] numbers = Columns.Matrix(Asked, x), targets = Columns.Targets(Asked, y, x.Shape[0]);
        int columns = x.Shape[1];
        double width = gamma ?? Scale(numbers, columns);
        var rows = new KernelRows(Columns.Of(Asked, x).X, kernel, width);
        var (betas, intercept, converged) = new SequentialMinimalOptimization(rows, targets, c, epsilon)
            .Solve(tolerance, maxSteps);
        int[] support = [.. Enumerable.Range(0, betas.Length).Where(i => betas[i] != 0)];
        double[] vectors = [.. support.SelectMany(i => numbers.AsSpan(i * columns, columns).ToArray())];
        return new(kernel, width, vectors, [.. support.Select(i => betas[i])], intercept, columns, converged);
    }

    /// <summary>How alike two rows are.</summary>
    public Kernel Kernel { get; }

    /// <summary>γ of the RBF kernel.</summary>
    public double Gamma { get; }

    /// <summary>b.</summary>
    public double Intercept { get; }

    /// <summary>How many training rows the model is made of.</summary>
    public int SupportVectors => _betas.Length;

    /// <summary>Whether the search came to its end.</summary>
    public bool Converged { get; }

    /// <summary>ŷ of each row: [rows, columns] → [rows].</summary>
    /// <exception cref="ArgumentException">x is no matrix of as many columns as the model was fitted to, or a number is
    /// not finite.</exception>
    public Tensor Predict(Tensor x)
    {
        double[] numbers = Columns.Matrix($"{Asked}: predict", x, _columns), predicted = new double[x.Shape[0]];
        for (int i = 0; i < predicted.Length; i++)
        {
            var row = numbers.AsSpan(i * _columns, _columns);
            predicted[i] = Intercept;
            for (int s = 0; s < _betas.Length; s++)
                predicted[i] += _betas[s] * KernelRows.Of(Kernel, Gamma, row, _vectors.AsSpan(s * _columns, _columns));
        }
        return Tensor.From(predicted, [predicted.Length]).To(x.DType);
    }

    /// <summary>
    /// The same as a network [rows, columns] → [rows, 1], in float32: a linear layer, or bumps at the support vectors
    /// and a linear layer. To be saved, explained or trained further as any network is.
    /// </summary>
    /// <exception cref="InvalidOperationException">There are no support vectors: all targets lie within ε of one
    /// number.</exception>
    public Module ToNetwork()
    {
        if (Kernel == Kernel.Linear)
        {
            double[] weights = new double[_columns];
            for (int s = 0; s < _betas.Length; s++)
                TensorPrimitives.MultiplyAdd(_vectors.AsSpan(s * _columns, _columns), _betas[s], weights, weights);
            return Layer(weights);
        }
        if (_betas.Length == 0)
            Throw.Invalid($"{Asked}: there are no support vectors, since all targets lie within epsilon of one "
                + "number: give a smaller epsilon");
        var centres = Tensor.From(_vectors, [_betas.Length, _columns]).To(DType.Float32);
        return new Sequential(new RadialBasis(centres, 1 / Math.Sqrt(2 * Gamma)), Layer(_betas));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"support vector regression of {_columns} columns, {Kernel.ToString().ToLowerInvariant()} kernel, "
            + $"{SupportVectors} support vectors{(Converged ? "" : ", not converged")}");

    Linear Layer(double[] weights)
    {
        var layer = new Linear(weights.Length, 1, new TorchRandom(0));
        for (int i = 0; i < weights.Length; i++) layer.Weight.Write<float>()[i] = (float)weights[i];
        layer.Bias!.Value.Write<float>()[0] = (float)Intercept;
        return layer;
    }

    static double Scale(double[] x, int columns)
    {
        double mean = TensorPrimitives.Sum<double>(x) / x.Length, variance = 0;
        foreach (double one in x) variance += (one - mean) * (one - mean) / x.Length;
        return variance > 0 ? 1 / (columns * variance) : 1;
    }
}
