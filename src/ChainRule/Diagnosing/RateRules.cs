using ChainRule.Training;

namespace ChainRule.Diagnosing;

sealed class LearningRateTooHigh() : Rule("learning rate too high")
{
    // log₁₀ of the relative size of an update; -3 is usual.
    const double Fast = -1.7, Slow = -2.5, Least = 0.1;

    public override Finding? Look(Evidence e)
    {
        if (e.Base is not { Losses.Count: > 0 } branch || branch.BrokeAt == 0) return null;
        double update = Rate.Update(e, e.AtLargestRate ?? branch);
        if (!e.AtStart && Curve.Ruined(e) is { } ruined && !(update < Slow)) return OfRuined(e, ruined, update);
        update = Rate.Update(e, branch);
        // What is left of a loss at its end goes up and down by nature.
        double least = e.AtStart ? double.NegativeInfinity : Least * Curve.Start(e);
        bool rises = branch.BrokeAt is not null || branch.Last > 1.1 * branch.First && branch.Last > least
            || e.AtStart && branch.Last > 1.02 * branch.Losses[0]
            || branch.Losses.Max() > 3 * Math.Max(branch.First, branch.Losses[0]) && branch.Losses.Max() > least;
        if (!rises && !(update > Fast)) return null;
        return Found("steps are so long that they overshoot",
            $"the loss goes from {Figures.Text(branch.Losses[0])} to {Figures.Text(branch.Last)} in "
                + $"{branch.Losses.Count} steps{Rate.Moves(update)}",
            "a lower learning rate, or a warm-up",
            new Variation("learning rate × 0.1") { LearningRate = 0.1 },
            new Variation("learning rate × 0.01") { LearningRate = 0.01 }) with { MustGain = 0.1 };
    }

    // What a rate has ruined is not mended by a lower one from there on: training is begun anew beside it.
    Finding OfRuined(Evidence e, (double Start, double Most, HistoryPoint Last) ruined, double update)
    {
        return Found("steps were so long that they overshot: the loss is no better than before training",
            $"the loss was {Figures.Text(ruined.Start)} at first and up to {Figures.Text(ruined.Most)} later, and is "
                + $"{Figures.Text(ruined.Last.TrainLoss)} at step {ruined.Last.Step}; the largest learning rate was "
                + $"{Figures.Text(e.LargestRate)}{Rate.Moves(update)}",
            "begin anew with a lower learning rate, or a warm-up",
            [.. ((double[])[0.1, 0.01, 0.001]).Select(part =>
                new Variation($"begun anew with a learning rate of {Figures.Text(e.LargestRate * part)}")
                    { LearningRate = e.LargestFactor * part, Initialised = true })]);
    }
}

sealed class LearningRateTooLow() : Rule("learning rate too low")
{
    const double Slow = -3.3;

    public override Finding? Look(Evidence e)
    {
        // Where a schedule has ended, or a warm-up has only begun, its largest learning rate is judged.
        var branch = e.AtLargestRate ?? e.Base;
        if (branch is not { BrokeAt: null } || branch.Last < 0.85 * branch.First) return null;
        if (e.Ended && (e.AtLargestRate is null || e.History[^1].TrainLoss < 0.85 * Curve.First(e.History).TrainLoss))
            return null;
        double update = Rate.Update(e, branch);
        if (!(update < Slow)) return null;
        string all = double.IsNegativeInfinity(update) ? "; no step changes a weight" : Rate.Moves(update);
        var finding = Found("steps are so short that training crawls",
            $"the loss goes from {Figures.Text(branch.First)} to {Figures.Text(branch.Last)} in {branch.Losses.Count} "
                + $"steps at a learning rate of {Figures.Text(e.LargestRate)}{all}",
            "a higher learning rate",
            [.. Factors(update).Select(factor => new Variation(e.AtLargestRate is null
                ? $"learning rate × {Figures.Text(factor)}"
                : $"a learning rate of {Figures.Text(e.LargestRate * factor)}")
                    { LearningRate = factor * e.LargestFactor })]);
        return e.LearningRate > 0 ? finding with { MustGain = 0.04 }
            : finding with { Variations = [], WhyUntried = "no: the learning rate is 0, and no factor changes that" };
    }

    // To an update of a thousandth, and a factor of ten around it; one that rounds to nothing may be any.
    static double[] Factors(double update) => update >= -6 ? [10, 100, 1000, 1e4]
        : double.IsNegativeInfinity(update) ? [1e4, 1e5, 1e6, 1e7, 1e8]
        : [.. Enumerable.Range((int)Math.Floor(-4 - update), 4).Select(power => Math.Pow(10, power))];
}

/// <summary>How far steps move the weights.</summary>
static class Rate
{
    /// <summary>log₁₀ of the relative size of an update, the median over steps and weights that have a gradient; −∞
    /// where most are not moved, NaN where nothing is known.</summary>
    public static double Update(Evidence e, Branch branch) => Parameters.Median(e.Weights
        .Where(p => p is { LearningRateFactor: > 0, Gradient: null or { Reached: true } }
            && branch.Updates[p.Place].Count > 0)
        .Select(p => Parameters.Median(branch.Updates[p.Place])));

    /// <summary>The end of a sentence; nothing where it is not known.</summary>
    public static string Moves(double update) => !double.IsFinite(update) ? ""
        : $"; the median update moves a weight by {Figures.Part(update)} of its size (usual: 0.1 %)";
}
