using System.Globalization;
using System.Numerics.Tensors;
using ChainRule.Randomness;

namespace ChainRule.Classical;

/// <summary>How a <see cref="SelfOrganizingMap"/> is made and learns.</summary>
public sealed record SelfOrganizingMapOptions
{
    /// <summary>Rows of units.</summary>
    public int Rows { get; init; } = 10;

    /// <summary>Columns of units.</summary>
    public int Columns { get; init; } = 10;

    /// <summary>How the units are laid out.</summary>
    public GridShape Grid { get; init; } = GridShape.Hexagonal;

    /// <summary>Whether the right edge joins the left, and the bottom the top: then no unit lies at an edge.</summary>
    public bool Toroidal { get; init; }

    /// <summary>Whether each pass moves all units once, to weighted means of rows; else each row moves them by
    /// itself.</summary>
    public bool Batch { get; init; } = true;

    /// <summary>How often all rows are gone through.</summary>
    public int Passes { get; init; } = 50;

    /// <summary>η, the learning rate at first, of the online form alone: it falls to a third.</summary>
    public double LearningRate { get; init; } = 0.5;

    /// <summary>σ at first, in units of the grid; if null, half of the longer side in the batch form, and a quarter in
    /// the online form, whose σ falls less.</summary>
    public double? Radius { get; init; }

    /// <summary>σ in the last pass of the batch form, not above the first; of the online form it falls to a third of
    /// the first.</summary>
    public double FinalRadius { get; init; } = 0.5;

    /// <summary>Decides the first weights, drawn evenly between the least and the greatest number of each column, and
    /// the order of rows in the online form.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>
/// Kohonen's map: units on a grid, each with a weight vector w among the rows of the data. The unit nearest to a row is
/// its best unit b; it and its neighbours on the grid move towards the row, so that rows that are alike come to lie
/// near each other on the map:
/// <code lang="math">
/// hₖ = exp(−‖place of k − place of b‖² / (2 σ²))
/// online, at step t of T:   wₖ ← wₖ + η hₖ (x − wₖ),   η and σ divided by 1 + 2 t / T
/// batch, at each pass:      wₖ ← Σ hₖ x / Σ hₖ over all rows,   σ falls geometrically
/// </code>
/// </summary>
/// <remarks>Kohonen, "Self-organized formation of topologically correct feature maps", 1982; the batch form and the
/// errors: Kohonen, "Self-organizing maps", 2001. Scale the columns: the map goes by distances.</remarks>
public sealed partial class SelfOrganizingMap
{
    const string Asked = "self-organising map";

    readonly MapGrid _grid;
    readonly double[] _weights;

    SelfOrganizingMap(MapGrid grid, double[] weights) => (_grid, _weights) = (grid, weights);

    /// <summary>A map of weights that are known.</summary>
    /// <param name="weights">[units, inputs]; unit k stands in row k / columns.</param>
    /// <param name="options">Its grid; of the rest nothing is asked.</param>
    /// <exception cref="ArgumentException">They are no matrix, a number is not finite, there is not a row for each
    /// unit, or a setting is outside of its range.</exception>
    public SelfOrganizingMap(Tensor weights, SelfOrganizingMapOptions options)
    {
        Throw.IfNull(options, Asked);
        Check(options);
        _weights = ChainRule.Classical.Columns.Matrix(Asked, weights);
        if (weights.Shape[0] != options.Rows * options.Columns)
            Throw.Argument($"{Asked}: weights {weights.Shape} for {options.Rows} × {options.Columns} units: give a row "
                + "for each unit", nameof(weights));
        _grid = new(options.Rows, options.Columns, options.Grid, options.Toroidal);
    }

    /// <summary>Learns a map of rows.</summary>
    /// <param name="x">[rows, inputs], finite.</param>
    /// <param name="options">If null, those that <see cref="SelfOrganizingMapOptions"/> begins with.</param>
    /// <exception cref="ArgumentException">x is no matrix, a number is not finite, or a setting is outside of its
    /// range.</exception>
    public static SelfOrganizingMap Fit(Tensor x, SelfOrganizingMapOptions? options = null)
    {
        options ??= new();
        Check(options);
        double[] numbers = ChainRule.Classical.Columns.Matrix(Asked, x);
        int rows = x.Shape[0], inputs = x.Shape[1];
        var rng = new TorchRandom(options.Seed);
        CheckSize(options, rows, inputs);
        double[] weights = new double[options.Rows * options.Columns * inputs];
        rng.Uniform(weights);
        for (int j = 0; j < inputs; j++)
        {
            double low = numbers[j], high = numbers[j];
            for (int i = j; i < numbers.Length; i += inputs)
                (low, high) = (Math.Min(low, numbers[i]), Math.Max(high, numbers[i]));
            // Of each by itself: their difference may be larger than the largest number.
            for (int k = j; k < weights.Length; k += inputs) weights[k] = (1 - weights[k]) * low + weights[k] * high;
        }
        int[] order = new int[rows];
        return Fit(numbers, inputs, options, weights, step =>
        {
            if (step % rows == 0) rng.Permutation(order);
            return order[step % rows];
        });
    }

    /// <summary>The same from weights and an order of rows that are given: of the online form the row of each step,
    /// which is asked for once, in turn.</summary>
    internal static SelfOrganizingMap Fit(double[] x, int inputs, SelfOrganizingMapOptions options, double[] weights,
        Func<int, int> order)
    {
        var map = new SelfOrganizingMap(new(options.Rows, options.Columns, options.Grid, options.Toroidal), weights);
        double radius = FirstRadius(options);
        List<double> distances = [], torn = [];
        void Measure()
        {
            var (distance, fraction) = map.ErrorsOf(x);
            distances.Add(distance);
            torn.Add(fraction);
        }
        Measure();
        if (options.Batch)
        {
            for (int pass = 0; pass < options.Passes; pass++)
            {
                double done = options.Passes == 1 ? 1 : (double)pass / (options.Passes - 1);
                map.MoveAll(x, radius * Math.Pow(options.FinalRadius / radius, done));
                Measure();
            }
        }
        else
        {
            int rows = x.Length / inputs, steps = rows * options.Passes;
            for (int t = 0; t < steps; t++)
            {
                double decay = 1 + 2.0 * t / steps;
                map.Move(x.AsSpan(order(t) * inputs, inputs), options.LearningRate / decay, radius / decay);
                if ((t + 1) % rows == 0) Measure();
            }
        }
        (map.QuantizationErrors, map.TopographicErrors) = (distances, torn);
        return map;
    }

    /// <summary>Rows of units.</summary>
    public int Rows => _grid.Rows;

    /// <summary>Columns of units.</summary>
    public int Columns => _grid.Columns;

    /// <summary>How the units are laid out.</summary>
    public GridShape Grid => _grid.Shape;

    /// <summary>Whether opposite edges are joined.</summary>
    public bool Toroidal => _grid.Toroidal;

    /// <summary>w, [units, inputs]; unit k stands in row k / columns.</summary>
    public Tensor Weights => Tensor.From(_weights, [_grid.Units, Inputs]);

    /// <summary>The quantisation error on the training rows, at first and after each pass.</summary>
    public IReadOnlyList<double> QuantizationErrors { get; private set; } = [];

    /// <summary>The topographic error on the training rows, at first and after each pass.</summary>
    public IReadOnlyList<double> TopographicErrors { get; private set; } = [];

    /// <summary>How far two units lie apart on the grid; neighbours in a row are 1 apart.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such unit.</exception>
    public double GridDistance(int a, int b)
    {
        if (a < 0 || a >= _grid.Units) Throw.OutOfRange($"{Asked}: unit {a}: give 0 to {_grid.Units - 1}", nameof(a));
        if (b < 0 || b >= _grid.Units) Throw.OutOfRange($"{Asked}: unit {b}: give 0 to {_grid.Units - 1}", nameof(b));
        return _grid.Distance(a, b);
    }

    int Inputs => _weights.Length / _grid.Units;

    void Move(ReadOnlySpan<double> x, double learningRate, double radius)
    {
        int best = BestTwo(x).First;
        for (int k = 0; k < _grid.Units; k++)
        {
            double h = learningRate * Neighbourhood(best, k, radius);
            var w = _weights.AsSpan(k * Inputs, Inputs);
            for (int j = 0; j < w.Length; j++) w[j] += h * (x[j] - w[j]);
        }
    }

    /// <summary>Rows of one best unit count together: what moves the units is their sum.</summary>
    void MoveAll(double[] x, double radius)
    {
        double[] sums = new double[_weights.Length], counts = new double[_grid.Units];
        for (int i = 0; i < x.Length; i += Inputs)
        {
            var row = x.AsSpan(i, Inputs);
            int best = BestTwo(row).First;
            var sum = sums.AsSpan(best * Inputs, Inputs);
            TensorPrimitives.Add(sum, row, sum);
            counts[best]++;
        }
        double[] moved = new double[Inputs];
        for (int k = 0; k < _grid.Units; k++)
        {
            double total = 0;
            Array.Clear(moved);
            for (int b = 0; b < _grid.Units; b++)
            {
                if (counts[b] == 0) continue;
                double h = Neighbourhood(b, k, radius);
                total += h * counts[b];
                TensorPrimitives.MultiplyAdd(sums.AsSpan(b * Inputs, Inputs), h, moved, moved);
            }
            // So far from all rows that nothing is left of them: it stays where it is.
            if (total > 0) TensorPrimitives.Divide(moved, total, _weights.AsSpan(k * Inputs, Inputs));
        }
    }

    double Neighbourhood(int best, int unit, double radius)
    {
        double distance = _grid.Distance(best, unit) / radius;
        return Math.Exp(-distance * distance / 2);
    }

    /// <summary>The nearest unit and the next; of equally near ones the first.</summary>
    (int First, int Second) BestTwo(ReadOnlySpan<double> x)
    {
        (int first, int second) = (-1, -1);
        (double least, double next) = (double.PositiveInfinity, double.PositiveInfinity);
        for (int k = 0; k < _grid.Units; k++)
        {
            double distance = TensorPrimitives.Distance(x, _weights.AsSpan(k * Inputs, Inputs));
            // Where numbers are so large that all distances are infinite, the first two units are as good as any.
            if (distance < least || first < 0) (second, next, first, least) = (first, least, k, distance);
            else if (distance < next || second < 0) (second, next) = (k, distance);
        }
        return (first, second);
    }

    /// <summary>The mean distance of rows to their best units, and the fraction of rows whose two best units are no
    /// neighbours.</summary>
    (double Quantization, double Topographic) ErrorsOf(double[] x)
    {
        double sum = 0;
        int torn = 0, rows = x.Length / Inputs;
        for (int i = 0; i < rows; i++)
        {
            var row = x.AsSpan(i * Inputs, Inputs);
            (int first, int second) = BestTwo(row);
            sum += TensorPrimitives.Distance(row, _weights.AsSpan(first * Inputs, Inputs));
            if (!_grid.AreNeighbours(first, second)) torn++;
        }
        return (sum / rows, (double)torn / rows);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"self-organising map of {Rows} × {Columns} units, "
            + $"{(Grid == GridShape.Hexagonal ? "hexagonal" : "rectangular")}");
}
