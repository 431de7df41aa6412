namespace ChainRule.Metrics;

/// <summary>
/// Student's paired t-test: do two settings differ, when each was measured under the same circumstances, such as with
/// the same seeds? With differences dᵢ = bᵢ − aᵢ, t = mean(d) / (s / √n), s² = Σ (dᵢ − mean)² / (n − 1), and p is the
/// probability of a t at least as far from 0 where there is no difference but chance.
/// </summary>
/// <remarks>Student, The probable error of a mean, 1908. It takes the differences for normally distributed.</remarks>
public sealed record PairedTTest
{
    // What a measurement may be wrong by, relative to itself: four roundings of a double.
    const double Rounding = 4 * 2.220446049250313e-16;

    PairedTTest(double mean, double reach, double t, int degreesOfFreedom, double p) =>
        (Mean, Low, High, T, DegreesOfFreedom, P) = (mean, mean - reach, mean + reach, t, degreesOfFreedom, p);

    /// <summary>The mean difference, b − a; 0 where it is rounding alone.</summary>
    public double Mean { get; }

    /// <summary>The lower end of the 95 % confidence interval of the mean difference; NaN where there is no
    /// test.</summary>
    public double Low { get; }

    /// <summary>Its upper end.</summary>
    public double High { get; }

    /// <summary>t; 0 where all differences are 0, NaN where there is no test.</summary>
    public double T { get; }

    /// <summary>n − 1.</summary>
    public int DegreesOfFreedom { get; }

    /// <summary>The two-sided p-value; 1 where all differences are 0, NaN where there is no test.</summary>
    public double P { get; }

    /// <summary>
    /// Whether there is a test. There is none where all differences are the same number, up to rounding, and that is
    /// not 0: then s = 0, and nothing is known of how much they vary by chance.
    /// </summary>
    public bool CanBeTested => !double.IsNaN(P);

    /// <summary>Tests whether b differs from a.</summary>
    /// <param name="a">The measurements of one setting.</param>
    /// <param name="b">Those of the other, in the same order.</param>
    /// <exception cref="ArgumentException">There are not as many of each, or fewer than two, or one is not
    /// finite.</exception>
    public static PairedTTest Of(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        Throw.IfNull(a, "paired t-test");
        Throw.IfNull(b, "paired t-test");
        if (a.Count != b.Count)
            Throw.Argument($"paired t-test: {a.Count} numbers against {b.Count}: give as many of each, in pairs",
                nameof(b));
        if (a.Count < 2)
            Throw.Argument($"paired t-test: {a.Count} pair{(a.Count == 1 ? "" : "s")}: give 2 or more", nameof(a));
        double[] d = new double[a.Count];
        for (int i = 0; i < d.Length; i++)
        {
            d[i] = b[i] - a[i];
            if (!double.IsFinite(d[i]))
                Throw.Argument($"paired t-test: pair {i} is {a[i]} and {b[i]}: leave out what is not finite",
                    nameof(a));
        }
        // Scaled by a power of two, which rounds nothing, so that no square overflows or vanishes.
        double largest = d.Max(Math.Abs);
        int exponent = largest == 0 ? 0 : Math.ILogB(largest), n = d.Length, freedom = n - 1;
        double[] rounding = new double[n];
        for (int i = 0; i < n; i++)
        {
            d[i] = Scaled(d[i], -exponent);
            rounding[i] = Rounding * Scaled(Math.Max(Math.Abs(a[i]), Math.Abs(b[i])), -exponent);
        }
        double mean = d.Sum() / n, squares = 0, rounded = 0;
        foreach (double one in d) squares += (one - mean) * (one - mean);
        foreach (double one in rounding) rounded += one * one;
        if (Math.Abs(mean) <= rounding.Sum() / n) mean = 0;
        if (squares <= rounded)
            return mean == 0 ? new(0, 0, 0, freedom, 1)
                : new(Scaled(mean, exponent), double.NaN, double.NaN, freedom, double.NaN);
        double error = Math.Sqrt(squares / freedom / n), t = mean / error,
            reach = error * StudentT.Quantile(0.975, freedom);
        return new(Scaled(mean, exponent), Scaled(reach, exponent), t, freedom,
            2 * StudentT.UpperTail(Math.Abs(t), freedom));
    }

    // In two steps: 2^1074, which the smallest numbers need, is no double.
    static double Scaled(double x, int exponent) =>
        Math.ScaleB(Math.ScaleB(x, exponent / 2), exponent - exponent / 2);

    /// <summary>
    /// Holm's correction of several p-values, which belong to several tests on the same data: the k-th smallest of m is
    /// multiplied by m − k + 1, and none becomes smaller than one before it.
    /// </summary>
    /// <param name="p">The p-values; one that is NaN counts as no test, and stays NaN.</param>
    /// <remarks>Holm, A simple sequentially rejective multiple test procedure, 1979.</remarks>
    public static IReadOnlyList<double> Holm(IReadOnlyList<double> p)
    {
        Throw.IfNull(p, "Holm's correction");
        double[] corrected = [.. p];
        int[] order = [.. Enumerable.Range(0, p.Count).Where(i => !double.IsNaN(p[i])).OrderBy(i => p[i])];
        double least = 0;
        for (int k = 0; k < order.Length; k++)
        {
            least = Math.Max(least, Math.Min(1, p[order[k]] * (order.Length - k)));
            corrected[order[k]] = least;
        }
        return corrected;
    }
}
