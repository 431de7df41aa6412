using System.Numerics.Tensors;

namespace ChainRule.Classical;

/// <summary>The rows that a <see cref="Perceptron"/> learns from, and what is certain of their classes. Rows whose
/// squares would be beyond a double are kept divided by a power of 2, and so is the 1 that stands for the bias: this
/// changes no answer.</summary>
sealed class PerceptronRows
{
    const int LargestExponent = 400;

    // A sum of n products is wrong by at most n of it, of the sum of their sizes.
    const double Rounding = 2.3e-16;

    readonly double[] _given, _x;
    readonly int[] _y;
    readonly int _columns;
    readonly double _one;

    /// <param name="x">Row by row, finite.</param>
    /// <param name="y">0 or 1 of each row.</param>
    public PerceptronRows(double[] x, int[] y)
    {
        (_given, _y, _columns) = (x, y, x.Length / y.Length);
        int exponent = Math.ILogB(x.Max(Math.Abs));
        _one = exponent > LargestExponent ? Math.ScaleB(1, -exponent) : 1;
        _x = _one == 1 ? x : Array.ConvertAll(x, number => number * _one);
    }

    /// <summary>The perceptron of weights and a bias.</summary>
    public Perceptron Of(double[] state)
    {
        double[] own = Array.ConvertAll(state, number => number / _one);
        if (!Array.TrueForAll(own, double.IsFinite)) own = state;
        return new(own[..^1], own[^1]);
    }

    /// <summary>How many rows are answered wrongly.</summary>
    public int Errors(double[] state)
    {
        int errors = 0;
        for (int i = 0; i < _y.Length; i++)
            if (Output(Row(i), state) != _y[i]) errors++;
        return errors;
    }

    /// <summary>Goes through all rows once, and counts its mistakes.</summary>
    public int Pass(double[] state, int[]? mistakes)
    {
        int made = 0;
        for (int i = 0; i < _y.Length; i++)
        {
            var row = Row(i);
            int error = _y[i] - Output(row, state);
            if (error == 0) continue;
            made++;
            if (mistakes is not null) mistakes[i]++;
            state[^1] += error * _one;
            for (int j = 0; j < _columns; j++) state[j] += error * row[j];
        }
        return made;
    }

    /// <summary>One round more, from the state that came again: its changes sum to 0, so that the rows of one class
    /// have the same weighted mean as those of the other. Null where the sum is 0 by rounding alone.</summary>
    public PerceptronConflict? Cycle(double[] state)
    {
        int[] mistakes = new int[_y.Length];
        double[] first = [.. state];
        do Pass(state, mistakes); while (!state.AsSpan().SequenceEqual(first));
        int[] Made(int label) => [.. Enumerable.Range(0, _y.Length).Where(i => mistakes[i] > 0 && _y[i] == label)];
        int[] ones = Made(1), zeros = Made(0);
        double times = ones.Sum(i => (double)mistakes[i]);
        if (times == 0 || times != zeros.Sum(i => (double)mistakes[i])
            || !new ExactRows(_given, _columns).SumToZero([.. ones.Select(i => (i, mistakes[i])),
                .. zeros.Select(i => (i, -mistakes[i]))])) return null;
        double[] mean = new double[_columns];
        foreach (int i in ones)
            for (int j = 0; j < _columns; j++) mean[j] += mistakes[i] / times * _given[i * _columns + j];
        return new(ones, zeros, mean);
    }

    /// <summary>The bound of a line that certainly separates the classes, or why certainly none does; neither where
    /// rounding hides it. The largest margin is looked for with the columns as they are, and then with all of one
    /// size: a line for the one is a line for the other.</summary>
    public (double? Bound, PerceptronConflict? Conflict) Judge()
    {
        if (!_y.Contains(0) || !_y.Contains(1)) return (Bound(new double[_columns]), null);
        double[] sizes = new double[_columns];
        for (int j = 0; j < _columns; j++)
        {
            double low = _x[j], high = _x[j];
            for (int i = j; i < _x.Length; i += _columns) (low, high) = (Math.Min(low, _x[i]), Math.Max(high, _x[i]));
            sizes[j] = high > low ? Math.ScaleB(1, -Math.ILogB(high - low)) : 1;
            if (!double.IsFinite(sizes[j])) sizes[j] = 1;
        }
        PerceptronConflict? conflict = null;
        double[] same = new double[_columns];
        Array.Fill(same, 1);
        foreach (double[] scales in (double[][])[same, sizes])
        {
            double[] scaled = [.. _x.Select((number, at) => number * scales[at % _columns])];
            var nearest = new NearestPoints(scaled, _y);
            double[] normal = [.. nearest.Difference.Select((number, j) => number * scales[j])];
            if (Bound(normal) is { } bound) return (bound, null);
            if (conflict is null && new ExactRows(_given, _columns).HaveZeroBetween(nearest.Pairs))
                return (null, nearest.Conflict(_given));
        }
        return (null, conflict);
    }

    /// <summary>(R / γ)²: R the length of the longest row with a 1 for the bias, γ the distance of the nearest row from
    /// the separating line, once the line is moved to the middle between the classes; null where it is not certain that
    /// it separates them, or the bound is beyond a double.</summary>
    /// <param name="weights">The normal of the line.</param>
    public double? Bound(double[] weights)
    {
        double longest = 0, low = double.NegativeInfinity, high = double.PositiveInfinity;
        double greatest = weights.Max(Math.Abs);
        double[] w = greatest > 0 ? Array.ConvertAll(weights, weight => weight / greatest) : weights;
        for (int i = 0; i < _y.Length; i++)
        {
            var row = Row(i);
            longest = Math.Max(longest, TensorPrimitives.SumOfSquares(row) + _one * _one);
            double sum = TensorPrimitives.Dot(w, row), sizes = 0;
            for (int j = 0; j < _columns; j++) sizes += Math.Abs(w[j] * row[j]);
            double wrong = (_columns + 2) * Rounding * sizes;
            if (_y[i] == 1) high = Math.Min(high, sum - wrong);
            else low = Math.Max(low, sum + wrong);
        }
        // Of one class alone, the bias alone answers all rows, with a distance of 1.
        if (!double.IsFinite(low) || !double.IsFinite(high)) return Finite(longest / (_one * _one));
        double middle = (low + high) / 2 / _one, margin = (high - low) / 2;
        return margin > 0
            ? Finite(longest * (TensorPrimitives.SumOfSquares(w) + middle * middle) / (margin * margin)) : null;
    }

    static double? Finite(double bound) => double.IsFinite(bound) ? bound : null;

    ReadOnlySpan<double> Row(int i) => _x.AsSpan(i * _columns, _columns);

    int Output(ReadOnlySpan<double> row, double[] state) =>
        TensorPrimitives.Dot(state.AsSpan(0, row.Length), row) + state[^1] * _one >= 0 ? 1 : 0;
}
