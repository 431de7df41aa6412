namespace ChainRule.Diagnosing;

/// <summary>
/// Do targets follow from inputs at all? Each row is given the target of the row whose inputs are nearest, itself left
/// out. Where inputs say something, this agrees more often than chance.
/// </summary>
/// <param name="Agreement">The fraction of rows whose class agrees, or the correlation of the numbers.</param>
/// <param name="Chance">What chance would give.</param>
/// <param name="Score">How many standard deviations lie between.</param>
readonly record struct Neighbours(double Agreement, double Chance, double Score)
{
    // Comparisons of two numbers; more rows would take seconds.
    const long Work = 150_000_000;

    public static int[] Nearest(DataEvidence data)
    {
        long width = Math.Max(1, data.Width);
        int rows = (int)Math.Min(data.Rows, Math.Sqrt(Work / (double)width));
        double[][] x = data.InputsAreIds ? data.Inputs[..rows] : Standardised(data, rows);
        int[] nearest = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            double best = double.PositiveInfinity;
            for (int j = 0; j < rows; j++)
            {
                if (i == j) continue;
                double d = data.InputsAreIds ? Differing(x[i], x[j]) : Squared(x[i], x[j], best);
                // Of equally near ones a later is as good: always the first would favour rows in the order of classes.
                if (d < best || (d == best && (i + j) % 2 == 0)) (best, nearest[i]) = (d, j);
            }
        }
        return nearest;
    }

    /// <summary>The test by all columns but one.</summary>
    public static Neighbours Without(DataEvidence data, int column)
    {
        var others = new DataEvidence
        {
            Inputs = [.. data.Inputs.Select(row => (double[])[.. row[..column], .. row[(column + 1)..]])],
            Labels = data.Labels, Targets = data.Targets, Block = data.Block,
        };
        return Of(others, Nearest(others));
    }

    /// <summary>The test, where the target of row i is that of row i + shift within its block.</summary>
    public static Neighbours Of(DataEvidence data, int[] nearest, int shift = 0)
    {
        (int Row, int Near)[] pairs = [.. from i in Enumerable.Range(0, nearest.Length)
            let a = Moved(data, i, shift) let b = Moved(data, nearest[i], shift)
            where a >= 0 && b >= 0 && a != b select (a, b)];
        if (pairs.Length < 10) return new(double.NaN, double.NaN, double.NaN);
        return data.Labels is { } labels ? OfLabels(labels, pairs) : OfNumbers(data.Targets!, pairs);
    }

    static Neighbours OfLabels(int[] labels, (int Row, int Near)[] pairs)
    {
        double n = pairs.Length;
        double agreement = pairs.Count(p => labels[p.Row] == labels[p.Near]) / n;
        double chance = pairs.GroupBy(p => labels[p.Row])
            .Sum(own => own.Count() / n * (pairs.Count(p => labels[p.Near] == own.Key) / n));
        return new(agreement, chance, (agreement - chance) / Math.Sqrt(Math.Max(1e-9, chance * (1 - chance) / n)));
    }

    static Neighbours OfNumbers(double[][] targets, (int Row, int Near)[] pairs)
    {
        var a = DataEvidence.Of([.. pairs.Select(p => targets[p.Row][0])]);
        var b = DataEvidence.Of([.. pairs.Select(p => targets[p.Near][0])]);
        double both = pairs.Average(p => (targets[p.Row][0] - a.Mean) * (targets[p.Near][0] - b.Mean));
        double r = both / Math.Max(1e-300, a.Std * b.Std);
        return new(r, 0, r * Math.Sqrt(pairs.Length));
    }

    static int Moved(DataEvidence data, int row, int shift)
    {
        int to = row + shift;
        return to >= 0 && to < data.Rows && to / data.Block == row / data.Block ? to : -1;
    }

    static double[][] Standardised(DataEvidence data, int rows)
    {
        var columns = data.Columns;
        return [.. data.Inputs.Take(rows).Select(row => row.Select((x, j) => columns[j].Std > 0 && double.IsFinite(x)
            ? (x - columns[j].Mean) / columns[j].Std : 0).ToArray())];
    }

    static double Squared(double[] a, double[] b, double most)
    {
        double sum = 0;
        for (int k = 0; k < a.Length; k++)
        {
            sum += (a[k] - b[k]) * (a[k] - b[k]);
            if (sum > most) return sum;
        }
        return sum;
    }

    // Of contexts, the last ids matter most: agreement at the end counts before agreement at the beginning.
    static double Differing(double[] a, double[] b)
    {
        double sum = 0;
        for (int k = 0; k < a.Length; k++) if (a[k] != b[k]) sum += 1 + (double)k / a.Length;
        return sum;
    }
}
