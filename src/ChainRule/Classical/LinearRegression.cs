using System.Globalization;
using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Randomness;

namespace ChainRule.Classical;

/// <summary>
/// ŷ = x w + b with the least squared error over the rows, found at once and not step by step; with ridge λ, the least
/// Σ (y − ŷ)² + λ ‖w‖². What every network that predicts a number must be better than.
/// </summary>
public sealed class LinearRegression
{
    const string Asked = "linear regression";

    LinearRegression(double[] weights, double intercept, int[] dropped) => (Weights, Intercept, Dropped) = (weights,
        intercept, dropped);

    /// <summary>Fits it, by Householder's QR in double.</summary>
    /// <param name="x">[rows, columns], finite.</param>
    /// <param name="y">[rows] or [rows, 1], finite.</param>
    /// <param name="ridge">λ, 0 or more. The intercept is not penalised. Above 0, columns may depend on each
    /// other.</param>
    /// <param name="names">The names of the columns, for messages; if null, they are numbered.</param>
    /// <param name="dropDependent">Whether a column that is constant or a linear combination of those before it has the
    /// weight 0, in place of an error.</param>
    /// <exception cref="ArgumentException">
    /// The shapes do not fit, a number is not finite, or a column is constant or a linear combination of others, which
    /// it names: then no weights are the right ones.
    /// </exception>
    public static LinearRegression Fit(Tensor x, Tensor y, double ridge = 0, IReadOnlyList<string>? names = null,
        bool dropDependent = false)
    {
        Throw.IfNegative(ridge, Asked, "ridge");
        var columns = Columns.Of(Asked, x, names);
        double[] targets = Columns.Targets(Asked, y, columns.Rows), means = new double[columns.X.Length];
        // Numbers in float32 are combinations of others to their own rounding.
        double tolerance = Math.Pow(10, -DTypes.Digits(x.DType));
        double mean = Centre(targets, 0);
        for (int c = 0; c < means.Length; c++) means[c] = Centre(columns.X[c], tolerance);
        bool wide = ridge > 0 && means.Length > columns.Rows;
        double[][] basis = wide ? RowSpace(columns) : [], a = wide ? Coordinates(columns, basis) : columns.X;
        if (ridge > 0)
        {
            // Rows √λ I with targets 0 add λ ‖w‖² to the squared error.
            targets = [.. targets, .. new double[a.Length]];
            for (int c = 0; c < a.Length; c++)
            {
                a[c] = [.. a[c], .. new double[a.Length]];
                a[c][columns.Rows + c] = Math.Sqrt(ridge);
            }
        }
        var solved = new LeastSquares(a, targets, tolerance);
        if (wide)
        {
            double[] weights = new double[means.Length];
            for (int k = 0; k < basis.Length; k++)
                TensorPrimitives.MultiplyAdd(basis[k], solved.Weights[k], weights, weights);
            return new(weights, mean - TensorPrimitives.Dot<double>(means, weights), []);
        }
        if (solved.Dependencies.Count > 0 && !dropDependent) Refuse(solved.Dependencies[0], columns);
        return new(solved.Weights, mean - TensorPrimitives.Dot<double>(means, solved.Weights),
            [.. solved.Dependencies.Select(one => one.Column)]);
    }

    /// <summary>w, one for each column.</summary>
    public IReadOnlyList<double> Weights { get; }

    /// <summary>b.</summary>
    public double Intercept { get; }

    /// <summary>The columns that were left out, since they are constant or combinations of others.</summary>
    public IReadOnlyList<int> Dropped { get; }

    /// <summary>ŷ = x w + b: [rows, columns] → [rows].</summary>
    /// <exception cref="ArgumentException">x is no matrix of as many columns as the model was fitted to, or a number is
    /// not finite.</exception>
    public Tensor Predict(Tensor x)
    {
        double[] numbers = Columns.Matrix($"{Asked}: predict", x, Weights.Count), weights = [.. Weights],
            predicted = new double[x.Shape[0]];
        for (int i = 0; i < predicted.Length; i++)
            predicted[i] = Intercept + TensorPrimitives.Dot(numbers.AsSpan(i * weights.Length, weights.Length),
                weights);
        return Tensor.From(predicted, [predicted.Length]).To(x.DType);
    }

    /// <summary>The same as a layer [rows, columns] → [rows, 1], in float32: to be saved, explained or trained further
    /// as any network is.</summary>
    public Linear ToLayer()
    {
        var layer = new Linear(Weights.Count, 1, new TorchRandom(0));
        for (int c = 0; c < Weights.Count; c++) layer.Weight.Write<float>()[c] = (float)Weights[c];
        layer.Bias!.Value.Write<float>()[0] = (float)Intercept;
        return layer;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"linear regression of {Weights.Count} columns, intercept {Intercept:G6}{LeftOut}");

    string LeftOut => Dropped.Count > 0 ? $", {Dropped.Count} of them left out" : "";

    // With ridge, w is a sum of rows of x: what is orthogonal to all of them changes no ŷ and adds to ‖w‖. Of more
    // columns than rows, w is sought in an orthonormal basis of the rows (Gram and Schmidt, each projection twice).
    static double[][] RowSpace(Columns columns)
    {
        List<double[]> basis = [];
        for (int i = 0; i < columns.Rows; i++)
        {
            double[] row = [.. columns.X.Select(column => column[i])];
            double length = TensorPrimitives.Norm<double>(row);
            for (int pass = 0; pass < 2; pass++)
                foreach (double[] q in basis)
                    TensorPrimitives.MultiplyAdd(q, -TensorPrimitives.Dot<double>(q, row), row, row);
            double left = TensorPrimitives.Norm<double>(row);
            if (left <= 1e-12 * length) continue;
            TensorPrimitives.Divide(row, left, row);
            basis.Add(row);
        }
        return [.. basis];
    }

    // x in that basis, a column for each vector of it.
    static double[][] Coordinates(Columns columns, double[][] basis)
    {
        double[][] found = [.. basis.Select(_ => new double[columns.Rows])];
        for (int c = 0; c < columns.X.Length; c++)
            for (int k = 0; k < basis.Length; k++)
                TensorPrimitives.MultiplyAdd(columns.X[c], basis[k][c], found[k], found[k]);
        return found;
    }

    // x − mean, and zeros where nothing but rounding is left.
    static double Centre(double[] x, double tolerance)
    {
        double mean = TensorPrimitives.Sum<double>(x) / x.Length, length = TensorPrimitives.Norm<double>(x);
        TensorPrimitives.Subtract(x, mean, x);
        if (TensorPrimitives.Norm<double>(x) <= tolerance * length) Array.Clear(x);
        return mean;
    }

    static void Refuse((int Column, int[] Of) dependency, Columns columns)
    {
        string Name(int c) => $"'{Printable.Of(columns.Names[c], 40)}'";
        string cure = "leave it out, give ridge above 0, or set dropDependent";
        if (dependency.Of.Length == 0 && Array.TrueForAll(columns.X[dependency.Column], one => one == 0))
            Throw.Argument($"{Asked}: column {Name(dependency.Column)} is constant, and any weight of it is as good "
                + $"as another: {cure}", "x");
        if (dependency.Column >= columns.Rows - 1)
            Throw.Argument($"{Asked}: {columns.Rows} rows do not decide {columns.X.Length} weights and an intercept: "
                + "give more rows, or ridge above 0", "x");
        Throw.Argument($"{Asked}: column {Name(dependency.Column)} is a linear combination of "
            + $"{Printable.List([.. dependency.Of.Select(Name)], 8)}, "
            + $"and any weight of it is as good as another: {cure}", "x");
    }
}
