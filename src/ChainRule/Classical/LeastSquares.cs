using System.Numerics.Tensors;

namespace ChainRule.Classical;

/// <summary>
/// Least squares by Householder's QR: A = Q R, of which each reflection takes one column below its diagonal to 0. A
/// column that is a linear combination of those before it has nothing left below the diagonal; it is left out, and R
/// says of which columns it is one.
/// </summary>
/// <remarks>Golub and Van Loan, Matrix Computations, 5.2 and 5.3. No normal equations AᵀA w = Aᵀb are formed: they
/// would square the condition number.</remarks>
sealed class LeastSquares
{
    readonly List<int> _pivots = [];
    readonly List<double[]> _r = [];

    /// <summary>Minimises ‖A w − b‖.</summary>
    /// <param name="columns">The columns of A, which are written over.</param>
    /// <param name="b">As long as each of them; written over.</param>
    /// <param name="tolerance">A column is dependent where less than this part of its length is left.</param>
    public LeastSquares(double[][] columns, double[] b, double tolerance)
    {
        Weights = new double[columns.Length];
        Dependencies = [];
        double[] lengths = [.. columns.Select(column => TensorPrimitives.Norm<double>(column))];
        for (int k = 0; k < columns.Length; k++)
        {
            int rank = _pivots.Count;
            double[] column = columns[k];
            double left = rank < b.Length ? TensorPrimitives.Norm<double>(column.AsSpan(rank)) : 0;
            if (!(left > tolerance * lengths[k]))
            {
                double[] combination = BackSubstituted(column);
                Dependencies.Add((k, [.. _pivots.Where((p, i) => Math.Abs(combination[i]) * lengths[p] > 1e-6
                    * lengths[k])]));
                continue;
            }
            double diagonal = column[rank] > 0 ? -left : left;
            double[] v = column.AsSpan(rank).ToArray();
            v[0] -= diagonal;
            double scale = 2 / TensorPrimitives.SumOfSquares<double>(v);
            for (int other = k + 1; other < columns.Length; other++) Reflect(v, scale, columns[other].AsSpan(rank));
            Reflect(v, scale, b.AsSpan(rank));
            _r.Add([.. column.AsSpan(0, rank), diagonal]);
            _pivots.Add(k);
        }
        double[] solved = BackSubstituted(b);
        for (int i = 0; i < solved.Length; i++) Weights[_pivots[i]] = solved[i];
    }

    /// <summary>w, of which those of dependent columns are 0.</summary>
    public double[] Weights { get; }

    /// <summary>The columns that are linear combinations of others, and of which.</summary>
    public List<(int Column, int[] Of)> Dependencies { get; }

    // R z = the upper part of a column.
    double[] BackSubstituted(double[] column)
    {
        double[] z = column[.._pivots.Count];
        for (int i = z.Length - 1; i >= 0; i--)
        {
            z[i] /= _r[i][i];
            for (int above = 0; above < i; above++) z[above] -= z[i] * _r[i][above];
        }
        return z;
    }

    // x −= v (2 vᵀx / vᵀv)
    static void Reflect(ReadOnlySpan<double> v, double scale, Span<double> x) =>
        TensorPrimitives.MultiplyAdd(v, -scale * TensorPrimitives.Dot(v, x), x, x);
}
