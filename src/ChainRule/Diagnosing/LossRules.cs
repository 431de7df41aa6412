using System.Globalization;

namespace ChainRule.Diagnosing;

sealed class DoubleSoftmax() : Rule("double softmax")
{
    public override Finding? Look(Evidence e)
    {
        if (e.Loss is not { OfProbabilities: true } loss) return null;
        return Found("the cross-entropy takes logits and was given probabilities: softmax is computed twice, and "
                + "gradients are weak",
            $"every row of what the cross-entropy gets is 0 or more and sums to 1, over {loss.Classes} classes",
            "give the cross-entropy what the last layer gives, without Softmax()",
            loss.KnowsOutput ? [new Variation("ln of the probabilities as "
                + "logits") { Loss = LossChange.OfLogarithm }] : []);
    }
}

sealed class WrongLoss() : Rule("wrong loss for the task")
{
    const int FewValues = 20;

    public override Finding? Look(Evidence e)
    {
        if (e.Loss is not { } loss || e.Data is not { } data) return null;
        if (loss.OfNoLogarithms)
            return Found("the negative log-likelihood takes log-probabilities and was given other numbers",
                $"numbers above 0 among what it gets: the first loss is {loss.Value:0.###}",
                "LogSoftmax before NllLoss, or CrossEntropy of the logits", ByCrossEntropy(loss));
        if (loss.Op is not ("squared error" or "absolute error" or "huber error")) return null;
        if (data.Labels is { } labels)
            return Found("classes are fitted as numbers, as if class 2 lay between 1 and 3 or outputs were no scores",
                $"targets are {labels.Distinct().Count()} classes, and the loss is the {loss.Op}",
                "the cross-entropy, of one output for each class", ByCrossEntropy(loss));
        if (data.Targets is not { Length: > 0 } targets) return null;
        double[] values = [.. targets.SelectMany(row => row).Distinct().Take(FewValues + 1)];
        bool whole = values.Length is >= 2 and <= FewValues
            && Array.TrueForAll(values, static v => v == Math.Floor(v) && v >= 0);
        if (!whole || data.Rows < 3 * values.Length) return null;
        bool oneHot = targets[0].Length > 1 && targets.All(row => row.Sum() == 1);
        return Found(oneHot ? "one-hot classes are fitted by a loss of numbers"
                : "targets look like classes and are fitted as numbers; if they are counts or grades, that is right",
            $"targets take {values.Length} whole values, from {values.Min()} to {values.Max()}, and the loss is the "
                + $"{loss.Op}",
            values.Length == 2 ? "the binary cross-entropy" : "the cross-entropy, of one output for each class")
            with { WhyUntried = "no: it needs other targets or another last layer" };
    }

    static Variation[] ByCrossEntropy(LossEvidence loss) =>
        loss is { KnowsOutput: true, Output: { Rank: 2 } output } && output[1] > 1
            ? [new Variation("cross-entropy of the outputs") { Loss = LossChange.CrossEntropy }] : [];
}

sealed class LossNotDecreasing() : Rule("loss not decreasing")
{
    public override Finding? Look(Evidence e)
    {
        if (e.Base is not { BrokeAt: null, Losses.Count: >= 8 } branch || !e.AtStart
            || branch.Last < 0.99 * branch.First) return null;
        return Found("training lowers the loss by nothing: the model is too small, the inputs say nothing about the "
                + "targets, or the loss is computed of something else",
            $"mean loss of the first quarter {branch.First:0.####}, of the last {branch.Last:0.####}, in "
                + $"{branch.Losses.Count} steps",
            "overfit a single batch first: Overfit.Run",
            new Variation("learning rate × 10") { LearningRate = 10 },
            new Variation("learning rate × 0.1") { LearningRate = 0.1 }) with { IsSymptom = true };
    }
}

sealed class EvaluationInTrainingMode() : Rule("evaluation in training mode")
{
    public override Finding? Look(Evidence e)
    {
        if (e.Modes is not { } modes || modes.Random is null && !(modes.OfOthers > 1e-3)) return null;
        var invariant = CultureInfo.InvariantCulture;
        string seen = modes.Random is not { } two
            ? string.Create(invariant, $"beside other rows the first row's output changes by {modes.OfOthers:0.0%}")
            : double.IsNaN(two.Second) ? "the validation of the trainer's own leaves the model in training mode"
            : string.Create(invariant, $"the same rows give {two.First:0.####} and then {two.Second:0.####}");
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
            $"{string.Join(", ", layers)}", "call model.Train() before training",
            new Variation("model.Train()") { Train = true });
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
            $"p = {modes.Dropout}; the last training losses are {modes.Losses.Training:0.###}, and the loss in "
                + $"evaluation mode {modes.Losses.Evaluation:0.###}",
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
