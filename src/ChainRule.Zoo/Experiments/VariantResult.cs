using ChainRule.Metrics;

namespace ChainRule.Zoo.Experiments;

/// <summary>What came of one variant.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Values">The metric of each seed; NaN where the run diverged, or did not measure it.</param>
/// <param name="Diverged">How many runs diverged.</param>
/// <param name="Seconds">The mean time of training.</param>
/// <param name="Test">The paired test against the base; null of the base itself, of a variant with another problem, and
/// where fewer than two pairs have a value.</param>
/// <param name="P">The p-value of the test after Holm's correction for all variants; NaN where there is no
/// test.</param>
public sealed record VariantResult(string Name, IReadOnlyList<double> Values, int Diverged, double Seconds,
    PairedTTest? Test, double P)
{
    /// <summary>The mean over the seeds that have a value; NaN if none has.</summary>
    public double Mean => Finite.Length == 0 ? double.NaN : Finite.Average();

    /// <summary>The standard deviation over them, s = √(Σ (x − mean)² / (n − 1)); NaN of fewer than two.</summary>
    public double StandardDeviation => Finite.Length < 2 ? double.NaN
        : Math.Sqrt(Finite.Sum(one => (one - Mean) * (one - Mean)) / (Finite.Length - 1));

    /// <summary>How many runs ended well and have no value: it was not measured, or it is not finite.</summary>
    public int NotMeasured => Values.Count - Finite.Length - Diverged;

    /// <summary>Whether it differs from the base by more than chance, at a level of 5 %.</summary>
    public bool Differs => P < 0.05;

    double[] Finite => [.. Values.Where(double.IsFinite)];
}
