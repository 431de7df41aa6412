namespace ChainRule.Diagnosing;

sealed class UpdateTooSmall() : Rule("updates of a layer too small")
{
    const double Apart = 2;

    public override Finding? Look(Evidence e)
    {
        double[] all = [.. e.Weights.Select(p => p.Update).Where(double.IsFinite)];
        if (all.Length < 3) return null;
        double usual = all.Max();
        var small = e.Weights.Where(p => double.IsFinite(p.Update) && p.Update < usual - Apart && p.Update < -4.5)
            .ToArray();
        if (small.Length == 0) return null;
        var least = small.MinBy(p => p.Update)!;
        return Found("one layer is hardly moved while others learn: its learning-rate factor is small, or its "
            + "gradient is",
            $"{Names(small)}: {least.Name} moves by {Figures.Part(least.Update)} of its size a step, others by up to "
                + $"{Figures.Part(usual)}; its learning-rate factor is {least.LearningRateFactor:G3}",
            "a factor of 1 for its group; if it is 1, a norm layer or Adam",
            new Variation($"learning rate of {least.Name} × 1000") { OneParameter = (least.Place, 1000) },
            new Variation($"learning rate of {least.Name} × 100") { OneParameter = (least.Place, 100) });
    }
}

sealed class UpdateTooLarge() : Rule("updates of a layer too large")
{
    const double Apart = 1.5, Fast = -1.5;

    public override Finding? Look(Evidence e)
    {
        double[] all = [.. e.Weights.Select(p => p.FirstUpdate).Where(double.IsFinite).Order()];
        if (all.Length < 3) return null;
        double usual = all[(all.Length - 1) / 2];
        var large = e.Weights.Where(p => p.FirstUpdate > usual + Apart && p.FirstUpdate > Fast).ToArray();
        if (large.Length == 0) return null;
        var most = large.MaxBy(p => p.FirstUpdate)!;
        return Found("one layer is moved far more than others: its learning-rate factor is large, or its weights "
            + "are small",
            $"{most.Name} moves by {Figures.Part(most.FirstUpdate)} of its size in the first step, the median "
                + $"weight by {Figures.Part(usual)}; its learning-rate factor is {most.LearningRateFactor:G3}",
            "a factor of 1 for its group, or a larger initialisation",
            new Variation($"learning rate of {most.Name} × 0.01") { OneParameter = (most.Place, 0.01) })
            with { MustGain = most.LearningRateFactor > 10 ? null : TriedCure.LeastGain };
    }
}

sealed class UnchangedParameter() : Rule("unchanged parameter")
{
    const double Rounds = -5;

    public override Finding? Look(Evidence e)
    {
        var still = e.Parameters.Where(p => p is { Trains: true, Moved: false }
            && p.Gradient is { Reached: true, OfLargest: > 1e-4 }).ToArray();
        if (e.Ended || still.Length == 0 || e.Base is not { BrokeAt: null } branch) return null;
        // Where all steps are tiny, one that is lost in rounding is no fault of the parameter.
        if (Array.TrueForAll(still, p => p.LearningRateFactor > 0) && Rate.Update(e, branch) < Rounds) return null;
        return Found("a gradient comes to a parameter, and no step changes it: its learning rate is 0, or a step is "
            + "too small for its number type",
            $"{Names(still)}: not one number changed in {branch.Losses.Count} steps; learning-rate factor "
                + $"{still[0].LearningRateFactor:G3}",
            "a learning-rate factor of 1 for its group",
            still[0].LearningRateFactor == 0
                ? [new Variation("a learning-rate factor of 1") { OneParameter = (still[0].Place, 1) }] : []);
    }
}

sealed class Uphill() : Rule("steps go uphill")
{
    public override Finding? Look(Evidence e)
    {
        double[] directions = [.. (e.Base?.Directions ?? []).Where(double.IsFinite)];
        if (directions.Length < 4 || directions.Count(d => d > 0) < 0.9 * directions.Length) return null;
        return Found("parameters move along the gradient and not against it: the optimiser's or the loss's sign is "
            + "wrong",
            $"{directions.Count(d => d > 0)} of {directions.Length} steps go uphill; the cosine between step and "
                + $"gradient has a median of {Parameters.Median(directions):0.00}",
            "subtract the gradient",
            new Variation("steps the other way") { Reversed = true });
    }
}

sealed class WeightDecayTooStrong() : Rule("weight decay too strong")
{
    const double Strong = 0.1;

    public override Finding? Look(Evidence e)
    {
        double most = e.Parameters.Where(p => p.Trains).Select(p => p.WeightDecay).DefaultIfEmpty().Max();
        if (most < Strong) return null;
        return Found("weights are pulled to 0 more strongly than the loss moves them",
            $"the weight decay is {most:G3} at a learning rate of {e.LearningRate:G3}", "a weaker weight decay",
            new Variation("no weight decay") { WeightDecay = 0 }) with { MustGain = TriedCure.LeastGain };
    }
}

sealed class WeightDecayOnNorms() : Rule("weight decay on norms")
{
    const double Some = 0.05;

    public override Finding? Look(Evidence e)
    {
        var decayed = e.Parameters
            .Where(p => p.WeightDecay >= Some && e.Modes?.Norms.Contains(p.Name) == true).ToArray();
        if (decayed.Length == 0) return null;
        return Found("gains and shifts of norm layers are pulled to 0, which changes what the layers compute and "
                + "regularises nothing",
            $"{Names(decayed)}: weight decay {decayed[0].WeightDecay:G3}",
            "decay matrices alone: Decays = p => p.Rank >= 2",
            new Variation("no decay of vectors") { DecayOfVectors = 0 });
    }
}
