namespace ChainRule.Lab.Playground;

/// <summary>The two directions in which standardised columns vary most, by power iteration on their correlations.
/// </summary>
static class PrincipalComponents
{
    const int Rounds = 500;

    /// <summary>The first two components of each row, each with standard deviation 1, or 0 where there is none.
    /// </summary>
    public static double[][] Of(IReadOnlyList<double[]> columns)
    {
        int n = columns.Count, rows = columns[0].Length;
        double[,] correlations = new double[n, n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                correlations[i, j] = columns[i].Zip(columns[j], (a, b) => a * b).Sum() / rows;
        double[][] components = new double[2][];
        for (int c = 0; c < components.Length; c++)
        {
            var (direction, variance) = Leading(correlations, n);
            double std = Math.Sqrt(Math.Max(variance, 0));
            components[c] = [.. Enumerable.Range(0, rows)
                .Select(r => std < 1e-9 ? 0 : direction.Select((weight, i) => weight * columns[i][r]).Sum() / std)];
            for (int i = 0; i < n; i++)
                for (int j = 0; j < n; j++) correlations[i, j] -= variance * direction[i] * direction[j];
        }
        return components;
    }

    static (double[] Direction, double Variance) Leading(double[,] matrix, int n)
    {
        // No direction that columns are likely to be orthogonal to; its sign decides that of the component.
        double[] v = [.. Enumerable.Range(0, n).Select(i => 1 + 0.1 * i)];
        double length = 0;
        for (int round = 0; round < Rounds; round++)
        {
            double[] next = [.. Enumerable.Range(0, n).Select(i => v.Select((x, j) => matrix[i, j] * x).Sum())];
            length = Math.Sqrt(next.Sum(x => x * x));
            if (length < 1e-12) return (v, 0);
            v = [.. next.Select(x => x / length)];
        }
        return (v, length);
    }
}
