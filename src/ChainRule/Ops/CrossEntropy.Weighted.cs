using System.Numerics;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>
/// y = −b a, where a is a log-probability and b a probability, and 0 where b is 0; da = −dy b, db = −dy a.
/// </summary>
readonly struct SoftError : IBinaryFormula
{
    FormulaText IBinaryFormula.Text => new("-b * a", "-b", "-a");
    V IBinaryFormula.Of<V>(V a, V b) => V.Select(V.Equal(b, 0), Piecewise.OrNaN(a, 0), -b * a);
    V IBinaryFormula.DerivativeA<V>(V a, V b) => -b;
    V IBinaryFormula.DerivativeB<V>(V a, V b) => -a;
}

public readonly partial struct Tensor
{
    /// <summary>
    /// Cross-entropy of logits against probabilities, such as soft labels: −Σ t[c] ln softmax(x)[c] of each row,
    /// reduced. Both have the shape [.., classes].
    /// </summary>
    /// <param name="probabilities">The target of each row; its numbers should add up to 1.</param>
    /// <param name="reduction">Mean is over the rows.</param>
    /// <param name="labelSmoothing">The part of the target probability that is given to all classes
    /// alike, 0 to 1.</param>
    /// <param name="weights">[classes]: what the loss of each class is multiplied by. All 1 if null.</param>
    public Tensor CrossEntropy(Tensor probabilities, Reduction reduction = Reduction.Mean, double labelSmoothing = 0,
        Tensor? weights = null)
    {
        const string Asked = "cross-entropy";
        CheckSmoothing(labelSmoothing);
        if (Rank == 0 || probabilities.Shape != Shape)
            Throw.Argument($"{Asked}: logits {Shape} and probabilities {probabilities.Shape}: give one probability for "
                + "each class of each row",
                nameof(probabilities));
        CheckProbabilities(Asked, probabilities);
        int classes = Shape[^1];
        var target = labelSmoothing == 0 ? probabilities
            : probabilities * (1 - labelSmoothing) + labelSmoothing / classes;
        var errors = Zip(new SoftError(), LogSoftmax(), target, nameof(probabilities));
        if (weights is { } given) errors *= CheckWeights(Asked, given);
        return errors.Sum(-1).Reduced(Asked, reduction, classes == 0 ? 0 : Count / classes);
    }

    static void CheckSmoothing(double labelSmoothing)
    {
        if (labelSmoothing is not (>= 0 and <= 1))
            Throw.Argument($"cross-entropy: smoothing {labelSmoothing}: it must lie between 0 and 1",
                nameof(labelSmoothing));
    }

    /// <summary>
    /// (1 − s) w[t] (−ln p[t]) + s Σ w[c] (−ln p[c]) / classes of each row, over the weights of the
    /// targets for the mean.
    /// </summary>
    Tensor WeightedCrossEntropy(Ids targets, Reduction reduction, int ignoreIndex, double labelSmoothing,
        Tensor weights)
    {
        const string Asked = "cross-entropy";
        var logs = LogSoftmax();
        var losses = logs.WeightedNll(Asked, targets, ignoreIndex, weights, out var own);
        if (labelSmoothing != 0)
        {
            var all = (logs * weights).Sum(-1) * (-labelSmoothing / Shape[^1]);
            losses = losses * (1 - labelSmoothing) + all.MaskedFill(Ignored(targets, ignoreIndex), 0);
        }
        return losses.Weighed(Asked, reduction, own);
    }

    /// <summary>−w[t] x[t] of each row, and w[t], both 0 where the target is ignored.</summary>
    Tensor WeightedNll(string asked, Ids targets, int ignoreIndex, Tensor weights, out Tensor own)
    {
        CheckTargets(asked, targets, ignoreIndex);
        int[] classes = [.. targets.Span];
        for (int i = 0; i < classes.Length; i++) if (classes[i] == ignoreIndex) classes[i] = 0;
        own = CheckWeights(asked, weights).Detach().Rows(Ids.From(classes, targets.Shape))
            .MaskedFill(Ignored(targets, ignoreIndex), 0);
        return Gather(Ids.From(classes, With(targets.Shape, targets.Shape.Rank, 1))).Squeeze(-1)
            .MaskedFill(Ignored(targets, ignoreIndex), 0) * -own;
    }

    Tensor Weighed(string asked, Reduction reduction, Tensor own)
    {
        if (reduction is not Reduction.Mean) return Reduced(asked, reduction, 0);
        double sum = own.Count == 0 ? 0 : own.Sum().Item();
        if (sum == 0)
            Throw.Argument($"{asked}: there is no example to average over: every target is ignored or weighs nothing, "
                + "or the batch is empty",
                "targets");
        return Sum() / sum;
    }

    /// <summary>1 where a target does not count, 0 elsewhere.</summary>
    Tensor Ignored(Ids targets, int ignoreIndex)
    {
        var mask = Zeros(targets.Shape, DType);
        for (int i = 0; i < targets.Count; i++) if (targets.Span[i] == ignoreIndex) DTypes.Write(mask.Slot, i, 1);
        return mask;
    }

    Tensor CheckWeights(string asked, Tensor weights)
    {
        if (weights.Shape != [Shape[^1]])
            Throw.Argument($"{asked}: weights {weights.Shape} for logits {Shape}: give one for each class, "
                + $"[{Shape[^1]}]", nameof(weights));
        if (weights.DType != DType) Throw.Mixed(asked, DType, weights.DType, nameof(weights));
        if (weights.Count > 0 && weights.Min().Item() < 0)
            Throw.Argument($"{asked}: a weight of {weights.Min().Item()}: give weights of 0 or more", nameof(weights));
        return weights;
    }
}
