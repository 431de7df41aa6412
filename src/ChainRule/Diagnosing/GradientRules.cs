namespace ChainRule.Diagnosing;

sealed class VanishingGradients() : Rule("vanishing gradients")
{
    public override Finding? Look(Evidence e)
    {
        var weak = e.Weights.Where(p => p.Gradient is { Vanishes: true }).ToArray();
        if (weak.Length == 0) return null;
        var least = weak.MinBy(p => p.Gradient!.OfLargest)!;
        return Found("gradients shrink on their way to the first layers, which hardly learn",
            $"{Names(weak)}: the gradient of {least.Name} is {least.Gradient!.OfLargest:0.0e+0} of the largest",
            "ReLU with Kaiming's initialisation, norm layers or skip connections",
            new Variation(Initialising) { Initialised = true });
    }
}

sealed class ExplodingGradients() : Rule("exploding gradients")
{
    const double Long = 1e3;

    public override Finding? Look(Evidence e)
    {
        var first = e.Parameters.Where(p => p.Gradient is { Explodes: true }).ToArray();
        double start = e.Base?.GradientNorms.FirstOrDefault() ?? 0;
        double most = e.Base?.GradientNorms.Where(double.IsFinite).DefaultIfEmpty().Max() ?? 0;
        if (first.Length == 0 && !(most > Long && most > Long * start)) return null;
        return Found("gradients are so long that a step along them throws the parameters away",
            $"the gradient has a length of {start:0.0e+0} at first and {most:0.0e+0} at "
                + $"most{(first.Length > 0 ? "; " + Names(first) : "")}",
            "clip the gradients, begin with smaller weights, or lower the learning rate",
            new Variation("gradients clipped to a length of 1") { ClipNorm = 1 },
            new Variation(Initialising) { Initialised = true });
    }
}

sealed class NotFinite() : Rule("NaN or infinity")
{
    public override Finding? Look(Evidence e)
    {
        if (e.Base?.BrokeAt is not { } step) return null;
        string op = e.Base.BrokeIn ?? "the gradient is not finite, though every op's result is";
        return Found(step == 0 ? "the very first step computes what has no value"
                : "numbers grow from step to step until they have no value: the learning rate is too high, or an op "
                    + "has no value where training leads",
            $"step {step}: {op}", step == 0 ? "what the first op's message says"
                : "what the first op's message says; else a lower learning rate or clipping",
            // Before the first step neither matters.
            step == 0 ? [new Variation(Initialising) { Initialised = true }] :
            [
                new Variation("learning rate × 0.1") { LearningRate = 0.1 },
                new Variation("gradients clipped to a length of 1") { ClipNorm = 1 },
                new Variation(Initialising) { Initialised = true },
            ]);
    }
}

sealed class NoGradient() : Rule("parameter without a gradient")
{
    public override Finding? Look(Evidence e)
    {
        if (e.Base is null) return null;
        var without = e.Parameters.Where(p => p.Trains && p.Gradient is { Reached: false }
            && !p.Moved).ToArray();
        // Where weights are all zero or units dead, that says it all.
        if (without.Length == 0 || e.Weights.Any(p => p.Largest == 0 || p.EqualRows)
            || e.Activations.Any(a => a.Dead > 0.99)) return null;
        return Found("no gradient reaches a parameter: the graph is cut before it (Detach, NoGrad, numbers taken "
            + "out and "
                + "put in again), or the forward pass does not use it",
            $"{Names(without)}: no number of the gradient differs from 0",
            "compute the loss from the parameter's own result, without Detach")
            with { WhyUntried = "no: the forward pass is the user's" };
    }
}

sealed class ClippedTooShort() : Rule("gradients clipped too short")
{
    const double Many = 20;

    public override Finding? Look(Evidence e)
    {
        if (e is not { ClipNorm: { } limit, Base: { } branch } || branch.GradientNorms.Count == 0) return null;
        double usual = Parameters.Median(branch.GradientNorms);
        if (!(usual > Many * limit)) return null;
        return Found("every gradient is clipped to a small fraction of its length, so that steps are too short",
            $"gradients have a median length of {usual:G3} and are clipped to {Figures.Text(limit)}",
            "clip at a length that only outliers have",
            new Variation("no clipping") { NoClipping = true },
            new Variation($"gradients clipped to a length of {usual:G2}") { ClipNorm = usual })
            // Adam's steps do not depend on the gradient's length.
            with { MustGain = e.Optimizer == nameof(Optim.Sgd) ? null : TriedCure.LeastGain };
    }
}

sealed class NotInOptimizer() : Rule("parameter not in the optimiser")
{
    public override Finding? Look(Evidence e)
    {
        var missing = e.Parameters.Where(p => !p.Frozen && p.Place < 0).ToArray();
        if (missing.Length == 0) return null;
        return Found("the optimiser does not hold all parameters: the others stay as they began",
            $"{Names(missing)}: {missing.Length} of {e.Parameters.Count} parameters",
            "make the optimiser from model.Parameters(), after the last change to its parts",
            new Variation("missing parameters trained too") { Also = [.. missing.Select(p => p.Tensor)] });
    }
}

sealed class Frozen() : Rule("parameter frozen")
{
    public override Finding? Look(Evidence e)
    {
        var frozen = e.Parameters.Where(p => p.Frozen).ToArray();
        if (frozen.Length == 0 || e.Base is null) return null;
        Tensor[] tensors = [.. frozen.Select(p => p.Tensor)], also =
            [.. frozen.Where(p => p.Place < 0).Select(p => p.Tensor)];
        return Found("parameters require no gradient: they were frozen by mistake, or on purpose after they were "
            + "trained",
            $"{Names(frozen)}: {frozen.Length} of {e.Parameters.Count} parameters",
            "Unfreeze() what has not been trained before",
            new Variation("frozen parameters trained too")
            {
                Also = also,
                Before = _ => Array.ForEach(tensors, w => w.RequireGrad()),
                After = _ => Array.ForEach(tensors, w => w.RequireGrad(false).Slot.DropGrad()),
            }) with { MustGain = TriedCure.LeastGain };
    }
}

sealed class ForgottenZeroGrad() : Rule("forgotten ZeroGrad")
{
    public override Finding? Look(Evidence e) => !e.MetOldGradients ? null
        : Found("backward passes add to the gradients of earlier steps, because nothing clears them",
            $"when a step's first backward pass began, parameters still held the gradient of the step before",
            "call optimizer.ZeroGrad() before Backward()",
            new Variation("ZeroGrad() before each step") { ZeroGrad = true });
}
