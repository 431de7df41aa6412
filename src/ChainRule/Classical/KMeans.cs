using System.Globalization;
using System.Numerics.Tensors;
using ChainRule.Randomness;

namespace ChainRule.Classical;

/// <summary>
/// k centres of the least Σ ‖x − nearest centre‖², as Lloyd's steps find them: each row goes to its nearest centre, and
/// each centre to the mean of its rows, until no row moves. The first centres are drawn by k-means++, each row with a
/// probability that grows with the square of its distance to the centres before it.
/// </summary>
/// <remarks>Lloyd, 1982; Arthur and Vassilvitskii, 2007.</remarks>
public sealed class KMeans
{
    const string Asked = "k-means";

    readonly double[] _centres;

    KMeans(double[] centres, int columns, int[] assignments, double inertia, int steps)
    {
        (_centres, Inertia, Steps) = (centres, inertia, steps);
        Centres = Tensor.From(centres, [centres.Length / columns, columns]);
        Assignments = Ids.From(assignments);
    }

    /// <summary>Finds the centres.</summary>
    /// <param name="x">[rows, columns], finite.</param>
    /// <param name="k">How many centres, no more than there are different rows.</param>
    /// <param name="seed">What decides the first centres.</param>
    /// <param name="maxSteps">When the search ends at the latest.</param>
    /// <exception cref="ArgumentException">x is no matrix, a number is not finite, or there are fewer different rows
    /// than centres.</exception>
    public static KMeans Fit(Tensor x, int k, ulong seed, int maxSteps = 300)
    {
        if (k < 1) Throw.OutOfRange($"{Asked}: {k} centres: give 1 or more", nameof(k));
        if (maxSteps < 1) Throw.OutOfRange($"{Asked}: {maxSteps} steps: give 1 or more", nameof(maxSteps));
        double[] numbers = Columns.Matrix(Asked, x);
        return Fit(numbers, x.Shape[1], FirstCentres(numbers, x.Shape[1], k, new(seed)), maxSteps);
    }

    /// <summary>The centres, [k, columns], float64.</summary>
    public Tensor Centres { get; }

    /// <summary>The centre of each training row.</summary>
    public Ids Assignments { get; }

    /// <summary>Σ ‖x − nearest centre‖² over the training rows.</summary>
    public double Inertia { get; }

    /// <summary>After how many steps no row moved.</summary>
    public int Steps { get; }

    /// <summary>The nearest centre of each row: [rows, columns] → [rows].</summary>
    /// <exception cref="ArgumentException">x is no matrix of as many columns, or a number is not finite.</exception>
    public Ids Nearest(Tensor x)
    {
        int columns = Centres.Shape[1];
        double[] numbers = Columns.Matrix($"{Asked}: nearest", x, columns);
        return Ids.From([.. Enumerable.Range(0, x.Shape[0])
            .Select(i => Nearest(numbers.AsSpan(i * columns, columns), _centres).Centre)]);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"k-means of {Centres.Shape[0]} centres in {Centres.Shape[1]} columns, "
            + $"inertia {Inertia:G6}, after {Steps} steps");

    /// <summary>The same from centres that are given.</summary>
    internal static KMeans Fit(double[] x, int columns, double[] centres, int maxSteps)
    {
        int rows = x.Length / columns, k = centres.Length / columns, step = 0;
        int[] assignments = [.. Enumerable.Repeat(-1, rows)];
        for (bool moved = true; moved && step < maxSteps; step++)
        {
            moved = false;
            var (sums, counts) = (new double[centres.Length], new int[k]);
            for (int i = 0; i < rows; i++)
            {
                var row = x.AsSpan(i * columns, columns);
                int nearest = Nearest(row, centres).Centre;
                moved |= nearest != assignments[i];
                assignments[i] = nearest;
                counts[nearest]++;
                TensorPrimitives.Add(row, sums.AsSpan(nearest * columns, columns),
                    sums.AsSpan(nearest * columns, columns));
            }
            // A centre that no row is nearest to stays where it is.
            for (int c = 0; c < k; c++)
                if (counts[c] > 0)
                    TensorPrimitives.Divide(sums.AsSpan(c * columns, columns), counts[c],
                        centres.AsSpan(c * columns, columns));
        }
        double inertia = 0;
        for (int i = 0; i < rows; i++) inertia += Nearest(x.AsSpan(i * columns, columns), centres).Distance;
        return new(centres, columns, assignments, inertia, step);
    }

    static double[] FirstCentres(double[] x, int columns, int k, TorchRandom rng)
    {
        int rows = x.Length / columns;
        List<double> centres = [.. x.AsSpan((int)(rng.NextDouble() * rows) * columns, columns)];
        double[] distances = new double[rows];
        Array.Fill(distances, double.PositiveInfinity);
        for (int c = 1; c < k; c++)
        {
            double sum = 0;
            double[] last = [.. centres.Skip((c - 1) * columns)];
            for (int i = 0; i < rows; i++)
            {
                distances[i] = Math.Min(distances[i], Nearest(x.AsSpan(i * columns, columns), last).Distance);
                sum += distances[i];
            }
            if (!(sum > 0))
                Throw.Argument($"{Asked}: {k} centres of {c} different rows: give fewer centres", nameof(k));
            double at = rng.NextDouble() * sum;
            int chosen = -1;
            for (int i = 0; i < rows && at >= 0; i++)
            {
                // Rounding may carry past the end: the last row that could be drawn is drawn then.
                if (distances[i] > 0) chosen = i;
                at -= distances[i];
            }
            centres.AddRange(x.AsSpan(chosen * columns, columns));
        }
        return [.. centres];
    }

    static (int Centre, double Distance) Nearest(ReadOnlySpan<double> row, ReadOnlySpan<double> centres)
    {
        var best = (Centre: 0, Distance: double.PositiveInfinity);
        for (int c = 0; c < centres.Length / row.Length; c++)
        {
            double sum = 0;
            for (int j = 0; j < row.Length; j++)
            {
                double off = row[j] - centres[c * row.Length + j];
                sum += off * off;
            }
            if (sum < best.Distance) best = (c, sum);
        }
        return best;
    }
}
