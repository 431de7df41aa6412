using System.Numerics.Tensors;

namespace ChainRule.Classical;

/// <summary>
/// The nearest points of two convex hulls: of the weighted means of the rows of one class, and of those of the other.
/// Where the hulls have a point in common, no line separates the classes; else the difference of the nearest points
/// is the normal of the line with the largest margin.
/// <code lang="math">
/// min ‖Σ aᵢ xᵢ − Σ bⱼ zⱼ‖,  aᵢ, bⱼ ≥ 0,  Σ aᵢ = Σ bⱼ = 1
/// </code>
/// </summary>
/// <remarks>Wolfe, "Finding the nearest point in a polytope", 1976. Its polytope holds all differences of a row of the
/// one class and a row of the other; few of them are kept at a time, at most one more than there are
/// columns.</remarks>
sealed class NearestPoints
{
    // What rounding leaves of 0, as a part of the longest difference.
    const double Zero = 1e-9, NoNearer = 1e-12;

    readonly double[] _x;
    readonly int _columns;
    readonly int[] _ones, _zeros;
    readonly List<(int One, int Other)> _pairs = [];
    readonly List<double[]> _differences = [];
    double[] _weights = [1];
    double _longest;

    /// <param name="x">Row by row.</param>
    /// <param name="y">0 or 1 of each row; both occur.</param>
    public NearestPoints(double[] x, int[] y)
    {
        (_x, _columns) = (x, x.Length / y.Length);
        _ones = [.. Enumerable.Range(0, y.Length).Where(i => y[i] == 1)];
        _zeros = [.. Enumerable.Range(0, y.Length).Where(i => y[i] == 0)];
        Add(_ones[0], _zeros[0]);
        Difference = [.. _differences[0]];
        // Each round brings the points nearer, so that no set of pairs comes twice: it ends, as a rule soon.
        for (int rounds = 50 * (_columns + 10); rounds > 0 && !Touch && AddNearer(); rounds--) Minimise();
    }

    /// <summary>From the nearest point of the zeros to that of the ones.</summary>
    public double[] Difference { get; private set; }

    /// <summary>Whether they are the same point, up to rounding.</summary>
    public bool Touch => TensorPrimitives.Norm<double>(Difference) <= Zero * _longest;

    /// <summary>The pairs of rows whose differences have the nearest point as a weighted mean.</summary>
    public IReadOnlyList<(int One, int Other)> Pairs => _pairs;

    /// <summary>The rows whose weighted means the points are, and the point of the ones.</summary>
    /// <param name="x">The rows as they were given, in other units perhaps.</param>
    public PerceptronConflict Conflict(double[] x)
    {
        double[] point = new double[_columns];
        foreach (var (k, pair) in _pairs.Index())
            for (int j = 0; j < _columns; j++) point[j] += _weights[k] * x[pair.One * _columns + j];
        return new([.. _pairs.Select(pair => pair.One).Distinct().Order()],
            [.. _pairs.Select(pair => pair.Other).Distinct().Order()], point);
    }

    ReadOnlySpan<double> Row(int i) => _x.AsSpan(i * _columns, _columns);

    void Add(int one, int other)
    {
        double[] difference = new double[_columns];
        TensorPrimitives.Subtract(Row(one), Row(other), difference);
        _pairs.Add((one, other));
        _differences.Add(difference);
        _longest = Math.Max(_longest, TensorPrimitives.Norm<double>(difference));
    }

    /// <summary>Adds the pair that lies furthest in the direction of 0; false if none lies nearer to it.</summary>
    bool AddNearer()
    {
        int one = _ones.MinBy(i => TensorPrimitives.Dot(Row(i), Difference)),
            other = _zeros.MaxBy(i => TensorPrimitives.Dot(Row(i), Difference));
        double reached = TensorPrimitives.Dot(Row(one), Difference) - TensorPrimitives.Dot(Row(other), Difference);
        if (_pairs.Contains((one, other))
            || reached > TensorPrimitives.SumOfSquares<double>(Difference) - NoNearer * _longest * _longest)
            return false;
        Add(one, other);
        _weights = [.. _weights, 0];
        return true;
    }

    /// <summary>The mean of the pairs that lies nearest to 0. Where it would need negative weights, it goes as far
    /// towards it as weights stay positive, and drops the pairs whose weights became 0.</summary>
    void Minimise()
    {
        while (true)
        {
            double[] wanted = Nearest();
            if (Array.TrueForAll(wanted, weight => weight > NoNearer))
            {
                _weights = wanted;
                break;
            }
            double step = 1;
            for (int k = 0; k < wanted.Length; k++)
                if (wanted[k] <= NoNearer && _weights[k] > wanted[k])
                    step = Math.Min(step, _weights[k] / (_weights[k] - wanted[k]));
            for (int k = 0; k < wanted.Length; k++) _weights[k] += step * (wanted[k] - _weights[k]);
            int[] kept = [.. Enumerable.Range(0, wanted.Length).Where(k => _weights[k] > NoNearer)];
            // Nothing to drop is left by rounding alone.
            if (kept.Length == wanted.Length) kept = [.. kept.Where(k => wanted[k] > NoNearer)];
            (int, int)[] pairs = [.. _pairs];
            double[][] differences = [.. _differences];
            double total = kept.Sum(k => _weights[k]);
            _weights = [.. kept.Select(k => _weights[k] / total)];
            _pairs.Clear();
            _differences.Clear();
            foreach (int k in kept)
            {
                _pairs.Add(pairs[k]);
                _differences.Add(differences[k]);
            }
        }
        Difference = new double[_columns];
        foreach (var (k, difference) in _differences.Index())
            TensorPrimitives.MultiplyAdd(difference, _weights[k], Difference, Difference);
    }

    /// <summary>Weights of sum 1, some of them negative perhaps, whose mean is nearest to 0: least squares of a row of
    /// ones, for the sum, over the differences.</summary>
    double[] Nearest()
    {
        double[][] columns = [.. _differences.Select(difference => (double[])[_longest, .. difference])];
        double[] target = new double[_columns + 1];
        target[0] = _longest;
        double[] found = new LeastSquares(columns, target, 1e-14).Weights;
        double sum = found.Sum();
        return [.. found.Select(weight => weight / sum)];
    }
}
