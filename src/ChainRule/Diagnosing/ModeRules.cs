using System.Globalization;

namespace ChainRule.Diagnosing;

sealed class EvaluationInTrainingMode() : Rule("evaluation in training mode")
{
    public override Finding? Look(Evidence e)
    {
        if (e.Modes is not { } modes || modes.Random is null && !(modes.OfOthers > 1e-3)) return null;
        var invariant = CultureInfo.InvariantCulture;
        string seen = modes.Random is not { } two
            ? string.Create(invariant, $"beside other rows the first row's output changes by {modes.OfOthers:0.0%}")
            : double.IsNaN(two.Second) ? "the validation of the trainer's own leaves the model in training mode"
            : $"the same rows give {Figures.Text(two.First)} and then {Figures.Text(two.Second)}";
        return Found("the model is evaluated as it trains: dropout drops, or batch norm takes the batch's own "
            + "statistics",
            $"{seen}", "evaluate inside model.InEvaluation(), and let layers of your own look at Training")
            with { WhyUntried = "no: training is as it was, and the evaluation is what must change" };
    }
}

sealed class TrainingInEvaluationMode() : Rule("training in evaluation mode")
{
    public override Finding? Look(Evidence e)
    {
        if (e.Modes is not { NotTraining: { Count: > 0 } layers }) return null;
        return Found("layers stay in evaluation mode while the model trains: nothing is dropped, or running statistics "
                + "are never learnt",
            $"{(layers.Count == 1 ? "layer" : "layers")} {string.Join(", ", layers)}",
            e.Modes.ByForward ? "take Eval() out of the forward pass, and call it around evaluations alone"
                : "call model.Train() before training",
            e.Modes.ByForward ? [] : [new Variation("model.Train()") { Train = true }])
            with { WhyUntried = e.Modes.ByForward ? "no: the forward pass itself calls Eval()" : null };
    }
}

sealed class BatchTooSmall() : Rule("batch too small for batch norm")
{
    const int Few = 8, Enough = 32;

    public override Finding? Look(Evidence e)
    {
        if (e.Modes is not { BatchNorm: true } || e.BatchSize is 0 or >= Few || (e.Layers.Any(l => l.Kind == "Conv2d"))
            && e.BatchSize >= Few / 2) return null;
        return Found("batch norm estimates mean and variance from too few rows, and its noise stands in every output",
            $"{e.BatchSize} rows in a batch", "larger batches, or LayerNorm or GroupNorm, which look at one row",
            new Variation($"batches of {Enough}") { BatchSize = Enough });
    }
}

sealed class DropoutTooStrong() : Rule("dropout too strong")
{
    const double Strong = 0.6;

    public override Finding? Look(Evidence e)
    {
        if (e.Modes is not { Dropout: >= Strong } modes) return null;
        return Found("dropout drops so much that little is left to learn from",
            $"p = {Figures.Text(modes.Dropout)}; the last training losses are {Figures.Text(modes.Losses.Training)}, "
            + $"and the loss in evaluation mode {Figures.Text(modes.Losses.Evaluation)}",
            "p of 0.1 to 0.5",
            new Variation("p × 0.3")
            {
                Before = static model => Scale(model, 0.3), After = static model => Scale(model, 1 / 0.3),
            }) with { MustGain = TriedCure.LeastGain };
    }

    static void Scale(Layers.Module model, double factor)
    {
        foreach (var (_, module) in model.NamedModules())
            if (module is Layers.Dropout dropout) dropout.Probability *= factor;
    }
}
