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
            !loss.KnowsOutput ? [] : loss.OutputsAreProbabilities
                ? [new Variation("without the softmax") { Loss = LossChange.OfLogits }]
            : loss is { Output.Rank: 2, Op: "cross entropy" } && e.Data?.Labels is not null
                ? [new Variation("without the softmax") { Loss = LossChange.CrossEntropy }] : []);
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
                $"numbers above 0 among what it gets: the first loss is {Figures.Text(loss.Value)}",
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

sealed class LossNegated() : Rule("loss negated")
{
    public override Finding? Look(Evidence e)
    {
        if (e.Loss is not { Factor: < 0 } loss) return null;
        string never = loss.Op.Length > 0 ? $"and the {loss.Op} is never below 0"
            : "the negative of a mean that is never below 0";
        return Found("the loss has a minus before it: training makes the error larger, and the loss falls without end",
            $"the first loss is {Figures.Text(loss.Value)}, {never}",
            "leave the minus out", new Variation("the loss without the minus") { LossFactor = 1 / loss.Factor })
            with { IsAlone = true };
    }
}

sealed class LossScaled() : Rule("loss scaled")
{
    const double Large = 10, Small = 0.02;

    public override Finding? Look(Evidence e)
    {
        if (e.Loss is not { Factor: >= Large or (> 0 and <= Small) } loss) return null;
        string factor = Figures.Text(loss.Factor);
        return Found(
            "the loss is multiplied by a factor, as where it is summed over a batch: gradients have it too, and "
                + "clipping and the learning rate of SGD act on it",
            $"the first loss is {Figures.Text(loss.Value)}, {factor} times the mean over the batch",
            "take the mean, and let the learning rate say how long steps are",
            new Variation("the loss without the factor") { LossFactor = 1 / loss.Factor });
    }
}

sealed class LossOfAllPairs() : Rule("loss of all pairs")
{
    public override Finding? Look(Evidence e)
    {
        if (e.Loss is not { Broadcast: { } shapes } loss) return null;
        return Found("outputs and targets have different shapes, and are broadcast to a table: each output is compared "
                + "with the targets of all rows, and the best is their mean",
            $"the loss subtracts {shapes}, which gives all pairs",
            "give both the same shape: output.Reshape(targets.Shape), or a loss such as MseLoss, which refuses others",
            loss.KnowsOutput ? [new Variation("outputs in the shape of the targets") { Loss = LossChange.Reshaped }]
                : []);
    }
}

sealed class OutputOutOfReach() : Rule("targets out of the output's reach")
{
    const double Few = 0.01, Slack = 1e-6;

    public override Finding? Look(Evidence e)
    {
        if (e.Loss is not { KnowsOutput: true } loss || e.Data?.Targets is not { Length: > 0 } targets) return null;
        (double Low, double High)? range = loss.LastOp switch
        {
            "relu" or "softplus" or "exp" or "square" or "abs" => (0, double.PositiveInfinity),
            "sigmoid" or "softmax" => (0, 1),
            "tanh" or "softsign" => (-1, 1),
            _ => null,
        };
        if (range is not var (low, high)) return null;
        double[] all = [.. targets.SelectMany(row => row)];
        double outside = all.Count(y => y < low - Slack || y > high + Slack) / (double)all.Length;
        if (outside < Few) return null;
        return Found($"the output ends in {loss.LastOp}, which cannot give the targets",
            $"{100 * outside:0} % of the targets are "
            + $"{(double.IsFinite(high) ? $"outside of {low} to {high}" : "below 0")}: they go from "
            + $"{Figures.Text(all.Min())} to {Figures.Text(all.Max())}",
            $"a last layer without {loss.LastOp}",
            new Variation($"without the last {loss.LastOp}") { Loss = LossChange.Unactivated });
    }
}

sealed class LossNotDecreasing() : Rule("loss not decreasing")
{
    public override Finding? Look(Evidence e)
    {
        if (e.Base is not { BrokeAt: null, Losses.Count: >= 8 } branch || !e.AtStart
            || branch.Last < 0.99 * branch.First) return null;
        return Found("training lowers the loss by nothing: the model is too small, the inputs say nothing about the "
                + "targets, or the loss is computed of something else",
            $"mean loss of the first quarter {Figures.Text(branch.First)}, of the last {Figures.Text(branch.Last)}, in "
                + $"{branch.Losses.Count} steps",
            "overfit a single batch first: Overfit.Run",
            new Variation("learning rate × 10") { LearningRate = 10 },
            new Variation("learning rate × 0.1") { LearningRate = 0.1 }) with { IsSymptom = true };
    }
}
