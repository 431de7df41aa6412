using ChainRule.Diagnostics;

namespace ChainRule.Diagnosing;

sealed class RecordedNaN() : Rule("NaN or infinity")
{
    public override Finding? Look(Evidence e)
    {
        if (e.History.FirstOrDefault(p => p.IsNaN || p.Step > 0 && !double.IsFinite(p.TrainLoss)) is not
            { Step: > 0 } point) return null;
        return Found("numbers grew until they had no value: the learning rate is too high, or an op has no value where "
                + "training led",
            $"step {point.Step}: training loss {Figures.Text(point.TrainLoss)}, validation loss "
                + $"{Figures.Text(point.ValidationLoss)}",
            "a lower learning rate or clipping; NanWatch names the op");
    }
}

sealed class RecordedZeroTensor() : Rule("weights all zero")
{
    public override Finding? Look(Evidence e)
    {
        string[] zero = [.. Sizes.Names(e).Where(name => name.EndsWith("weight", StringComparison.Ordinal)
            && e.Recorded!.All(line => line.Weights.GetValueOrDefault(name) == 0))];
        return zero.Length == 0 ? null
            : Found("all weights of a layer are 0 and stay so", $"{string.Join(", ", zero)}",
                "draw the weights at random");
    }
}

sealed class RecordedUnchanged() : Rule("unchanged parameter")
{
    const double Rounds = -5;

    public override Finding? Look(Evidence e)
    {
        // Where all steps are tiny, one that is lost in rounding is no fault of the parameter.
        if (Sizes.Still(e) || Sizes.Usual(e) < Rounds || Curve.Diverged(e)) return null;
        string[] still = [.. Sizes.Names(e).Where(name => e.Recorded!.All(line =>
            line.Updates.GetValueOrDefault(name) == 0 && line.Weights.GetValueOrDefault(name) > 0))];
        return still.Length == 0 ? null
            : Found("no step changes a parameter: it is frozen, the optimiser does not hold it, or no gradient "
                + "reaches it",
                $"{string.Join(", ", still)}: updates of 0 in all {e.Recorded!.Count} measurements",
                "unfreeze it, give it to the optimiser, or look for what cuts the graph");
    }
}

sealed class RecordedVanishing() : Rule("vanishing gradients")
{
    public override Finding? Look(Evidence e)
    {
        if (Curve.Diverged(e)) return null;
        // One of 0 is frozen, or was not reached; what vanishes now and then does learn.
        var weak = Sizes.Names(e).Select(name => (Name: name, Fractions: Fractions(e, name)))
            .Where(one => 2 * one.Fractions.Length > e.Recorded!.Count)
            .Select(one => (one.Name, Fraction: Parameters.Median(one.Fractions)))
            .Where(one => one.Fraction < GradientFlow.Vanishing).ToArray();
        if (weak.Length == 0) return null;
        var least = weak.MinBy(one => one.Fraction);
        return Found("gradients shrink on their way to the first layers, which hardly learn",
            $"that of {least.Name} is {least.Fraction:0.0e+0} of the largest (median of the measurements)"
                + $"{(weak.Length == 1 ? "" : $", and {weak.Length - 1} more are below a ten-thousandth of it")}",
            "ReLU with Kaiming's initialisation, norm layers or skip connections");
    }

    static double[] Fractions(Evidence e, string name) => [.. e.Recorded!
        .Select(line => (Own: line.Gradients.GetValueOrDefault(name),
            Largest: line.Gradients.Values.DefaultIfEmpty().Max()))
        .Where(one => one.Own > 0 && double.IsFinite(one.Largest)).Select(one => one.Own / one.Largest)];
}

sealed class RecordedExploding() : Rule("exploding gradients")
{
    public override Finding? Look(Evidence e)
    {
        foreach (var line in e.Recorded!)
        {
            foreach (var (name, size) in line.Gradients)
            {
                if (!(size > GradientFlow.Exploding
                    && size > GradientFlow.Exploding * line.Weights.GetValueOrDefault(name))) continue;
                return Found("gradients are so long that a step along them throws the parameters away",
                    $"at step {line.Step} that of {name} has a root mean square of {size:0.0e+0}",
                    "clip the gradients, begin with smaller weights, or lower the learning rate");
            }
        }
        return null;
    }
}

sealed class RecordedLearningRateTooHigh() : Rule("learning rate too high")
{
    public override Finding? Look(Evidence e)
    {
        double update = Sizes.Usual(e);
        if (!(update >= -2.5 || double.IsNaN(update) && Curve.Diverged(e)) || Curve.Ruined(e) is not { } ruined)
            return null;
        return Found("steps are so long that they overshoot",
            $"the loss begins at {Figures.Text(ruined.Start)}, reaches {Figures.Text(ruined.Most)} and ends at "
                + $"{Figures.Text(ruined.Last.TrainLoss)}; the largest learning rate is "
                + $"{Figures.Text(e.LargestRate)}{(double.IsNaN(update) ? "" : Rate.Moves(update))}",
            "a lower learning rate, or a warm-up");
    }
}

sealed class RecordedLearningRateTooLow() : Rule("learning rate too low")
{
    public override Finding? Look(Evidence e)
    {
        double update = Sizes.Usual(e);
        bool still = Sizes.Still(e);
        if (e.History.Count < 3 || Curve.Diverged(e) || !still && !(update < -4)) return null;
        double first = Curve.First(e.History).TrainLoss, last = e.History[^1].TrainLoss;
        if (last < 0.85 * first) return null;
        return Found("steps are so short that training crawls",
            $"the training loss goes from {Figures.Text(first)} to {Figures.Text(last)}; the largest learning rate is "
                + $"{Figures.Text(e.LargestRate)}{(still ? "; no step changes a weight" : Rate.Moves(update))}",
            "a higher learning rate");
    }
}

sealed class RecordedUpdateTooSmall() : Rule("updates of a layer too small")
{
    public override Finding? Look(Evidence e)
    {
        var sizes = Sizes.Updates(e);
        if (sizes.Length < 3 || Curve.Diverged(e)) return null;
        var (least, usual) = (sizes.MinBy(one => one.Size), sizes.Max(one => one.Size));
        if (!(least.Size < usual - 3 && least.Size < -5)) return null;
        return Found("one layer is hardly moved while others learn: its learning-rate factor is small, or its "
            + "gradient is",
            $"{least.Name} moves by {Figures.Part(least.Size)} of its size a step, others by up to "
                + $"{Figures.Part(usual)}",
            "a factor of 1 for its group; if it is 1, a norm layer or Adam");
    }
}

sealed class RecordedUpdateTooLarge() : Rule("updates of a layer too large")
{
    public override Finding? Look(Evidence e)
    {
        var sizes = Sizes.Updates(e);
        if (sizes.Length < 3 || Curve.Diverged(e)) return null;
        var most = sizes.MaxBy(one => one.Size);
        double usual = sizes.Select(one => one.Size).Order().ElementAt((sizes.Length - 1) / 2);
        if (!(most.Size > usual + 2 && most.Size > -1)) return null;
        return Found("one layer is moved far more than others: its learning-rate factor is large, or its weights "
            + "are small",
            $"{most.Name} moves by {Figures.Part(most.Size)} of its size a step, the median weight by "
                + $"{Figures.Part(usual)}",
            "a factor of 1 for its group, or a larger initialisation");
    }
}

/// <summary>What recorded sizes have in common.</summary>
static class Sizes
{
    public static IEnumerable<string> Names(Evidence e) => e.Recorded!.SelectMany(line => line.Weights.Keys).Distinct();

    public static double Median(Evidence e, Func<LayerSizes, double> of) => Parameters.Median(e.Recorded!.Select(of));

    /// <summary>log₁₀ of the relative size of the updates of each weight: the median of its measurements.</summary>
    public static (string Name, double Size)[] Updates(Evidence e) => [.. Names(e)
        .Where(name => name.EndsWith("weight", StringComparison.Ordinal))
        .Select(name => (name, Median(e, line => line.Updates.GetValueOrDefault(name) is > 0 and var u
            ? Math.Log10(u) : double.NaN))).Where(one => double.IsFinite(one.Item2))];

    /// <summary>
    /// The median over the weights, at the measurement where it is largest: a schedule begins and ends low. NaN where
    /// none moves.
    /// </summary>
    public static double Usual(Evidence e) => e.Recorded!.Select(line => Parameters.Median(line.Updates
            .Where(one => one.Key.EndsWith("weight", StringComparison.Ordinal) && one.Value > 0)
            .Select(one => Math.Log10(one.Value))))
        .Where(double.IsFinite).DefaultIfEmpty(double.NaN).Max();

    /// <summary>Whether gradients come to parameters, and not one is ever moved.</summary>
    public static bool Still(Evidence e) => e.Recorded!.Any(line => line.Gradients.Values.Any(g => g > 0))
        && e.Recorded!.All(line => line.Updates.Values.All(u => u == 0));
}
