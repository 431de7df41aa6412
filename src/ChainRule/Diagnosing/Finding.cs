using System.Globalization;

namespace ChainRule.Diagnosing;

/// <summary>What one rule found.</summary>
/// <param name="Rule">The rule: <c>learning rate too high</c>.</param>
/// <param name="Cause">What is wrong; where two causes look alike, both.</param>
/// <param name="Evidence">The numbers that say so.</param>
/// <param name="Cure">What to do about it.</param>
public sealed record Finding(string Rule, string Cause, string Evidence, string Cure)
{
    /// <summary>What came of the cure when it was tried; null where it was not.</summary>
    public TriedCure? Tried { get; init; }

    /// <summary>All cures that were tried, in the order of trying; <see cref="Tried"/> is the one that gained most.
    /// </summary>
    public IReadOnlyList<TriedCure> Trials { get; init; } = [];

    /// <summary>Whether it says what is seen, and not why: looked at only where no cause was found.</summary>
    public bool IsSymptom { get; init; }

    /// <summary>The branches to try, in this order.</summary>
    internal IReadOnlyList<Variation> Variations { get; init; } = [];

    /// <summary>By how much the cure must help, as a fraction, for the finding to stand; null if in any case.</summary>
    internal double? MustGain { get; init; }

    /// <summary>From which gain on another finding says more; null if from none.</summary>
    internal double? MostGain { get; init; }

    /// <summary>Whether all else that is seen follows from it, so that nothing else is named.</summary>
    internal bool IsAlone { get; init; }

    /// <summary>By how much the measure must be worse with the change, as a fraction, for the finding to stand; null if
    /// in any case.</summary>
    internal double? MustLose { get; init; }

    /// <summary>Why no branch was trained, where none can be.</summary>
    internal string? WhyUntried { get; init; }

    /// <summary>The finding in four lines.</summary>
    public override string ToString() => $"{Rule}\n  cause:    {Cause}\n  evidence: {Evidence}\n  cure:     {Cure}\n  "
        + $"tried:    {Tried?.ToString() ?? WhyUntried ?? "no"}";
}

/// <summary>A branch of the training with a cure, beside one without, from the same state and the same seed.</summary>
/// <param name="Change">What was changed.</param>
/// <param name="Measure">What was measured after the branch: <c>validation loss</c>, <c>accuracy</c>.</param>
/// <param name="Steps">How many steps each branch made.</param>
/// <param name="Without">The measure without the cure; ∞ where training ended in NaN.</param>
/// <param name="With">The measure with it.</param>
/// <param name="HigherIsBetter">Whether a high measure is good, as an accuracy is.</param>
public sealed record TriedCure(string Change, string Measure, int Steps, double Without, double With,
    bool HigherIsBetter)
{
    /// <summary>The loss of each step of the branch without the cure; empty where no branch was trained.</summary>
    public IReadOnlyList<double> LossesWithout { get; init; } = [];

    /// <summary>The loss of each step of the branch with it, in the units of its own loss.</summary>
    public IReadOnlyList<double> LossesWith { get; init; } = [];

    /// <summary>Least fraction of a loss, and least difference of an accuracy, that counts as a gain.</summary>
    internal const double LeastGain = 0.02;

    /// <summary>
    /// What the cure gained: the fraction by which a loss fell, or the difference of two accuracies. 1 where training
    /// ended in NaN without it.
    /// </summary>
    public double Gain => double.IsNaN(With) || double.IsInfinity(With) ? double.NegativeInfinity
        : !double.IsFinite(Without) ? 1
        : HigherIsBetter ? With - Without
        : (Without - With) / Math.Max(Math.Abs(Without), 1e-12);

    /// <summary>Whether it helped: a loss lower by 2 % or more, or an accuracy higher by 2 points or more.</summary>
    public bool Helped => Gain >= LeastGain;

    /// <summary>
    /// Whether the change shows what the model is worth without something that it should not have, such as a leak.
    /// </summary>
    public bool ShowsWorth { get; init; }

    /// <summary>What was changed, the measure without and with it, and the verdict.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Change}: {Measure} after {Steps} steps {Figures.Text(Without)} without, {Figures.Text(With)} with: "
            + $"{(ShowsWorth ? "this is what the model is worth" : Helped ? "it helped" : "it did not help")}");
}
