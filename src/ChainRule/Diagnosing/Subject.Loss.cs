using ChainRule.Data;

namespace ChainRule.Diagnosing;

sealed partial class Subject<TX, TY>
{
    Tensor LossOf(TX x, TY y, Variation v)
    {
        var given = Changed(x, v);
        if (v.Loss == LossChange.None && v.Targets is null) return Times(_trainer.BatchLoss(given, y), v);
        var output = Output(given, y, v);
        if (v.Targets is { } t && y is Tensor numbers)
            return _trainer.OutputLoss!(output, (TY)(object)((numbers - t.Mean) / t.Std));
        return OutputLoss(output, y, v);
    }

    Tensor Output(TX given, TY y, Variation v)
    {
        var output = _trainer.ForwardPass!(given);
        return v.Loss switch
        {
            LossChange.OfLogits when LastActivation(output) is not { Op: "softmax" } => (output + 1e-12).Log(),
            LossChange.OfLogits or LossChange.Unactivated when LastActivation(output) is { } op =>
                new Tensor(op.Inputs[0]).Reshape(output.Shape.Span),
            LossChange.Reshaped when y is Tensor t && t.Count == output.Count => output.Reshape(t.Shape.Span),
            _ => output,
        };
    }

    Tensor OutputLoss(Tensor output, TY y, Variation v) => Times(v.Loss == LossChange.CrossEntropy
        ? output.CrossEntropy((Ids)(object)y) : _trainer.OutputLoss!(output, y), v);

    static Tensor Times(Tensor loss, Variation v) => v.LossFactor == 1 ? loss : loss * v.LossFactor;

    /// <summary>The op of one input that made the output, behind any change of its shape; null if there is none.
    /// </summary>
    static Node? LastActivation(Tensor output)
    {
        var slot = output.Slot;
        while (slot.Producer is { Op: "reshape" or "view" } shaped) slot = shaped.Inputs[0];
        return slot.Producer is { Inputs.Length: 1 } op && op.Inputs[0].Count == output.Count ? op : null;
    }

    // The op before the output is known from its graph alone.
    Score Evaluate(Dataset<TX, TY> rows, Variation v)
    {
        if (v.Loss is LossChange.OfLogits or LossChange.Unactivated) return Evaluated(rows, v);
        using var quiet = NoGrad.Begin();
        return Evaluated(rows, v);
    }

    Score Evaluated(Dataset<TX, TY> rows, Variation v)
    {
        using var undisturbed = Model.Undisturbed();
        double sum = 0, reshaped = 0;
        var counts = new Dictionary<int, (int Right, int Of)>();
        foreach (var (x, y) in Batches.InOrder(rows, MeasuredAtOnce))
        {
            using var scope = Scope.Begin("diagnosis");
            if (_trainer.ForwardPass is null)
            {
                sum += LossOf(x, y, v).Item() * x.Shape[0];
                continue;
            }
            var output = Output(Changed(x, v), y, v);
            if (v.Targets is { } t) output = output * t.Std + t.Mean;
            sum += OutputLoss(output, y, v).Item() * x.Shape[0];
            if (v.Change.Length == 0 && y is Tensor own && own.Count == output.Count && own.Shape != output.Shape)
                reshaped += _trainer.OutputLoss!(output.Reshape(own.Shape.Span), y).Item() * x.Shape[0];
            if (y is Ids labels && labels.Shape.Rank == 1 && output.Rank == 2 && output.Shape[1] > 1)
                Count(output, labels, counts);
        }
        int of = counts.Values.Sum(c => c.Of);
        return new(sum / rows.Count, of == 0 ? double.NaN : counts.Values.Sum(c => c.Right) / (double)of,
            of == 0 ? double.NaN : counts.Values.Average(c => c.Right / (double)c.Of), reshaped / rows.Count);
    }

    static void Count(Tensor output, Ids labels, Dictionary<int, (int Right, int Of)> counts)
    {
        var chosen = output.ArgMax(1);
        for (int i = 0; i < labels.Count; i++)
        {
            var (right, of) = counts.GetValueOrDefault(labels[i]);
            counts[labels[i]] = (right + (chosen[i] == labels[i] ? 1 : 0), of + 1);
        }
    }

    /// <summary>What rows came to.</summary>
    /// <param name="Loss">The mean loss.</param>
    /// <param name="Accuracy">The fraction that was recognised; NaN where there are no classes.</param>
    /// <param name="Balanced">Its mean over the classes.</param>
    /// <param name="Reshaped">The loss with the outputs in the shape of the targets, where that differs.</param>
    readonly record struct Score(double Loss, double Accuracy, double Balanced, double Reshaped);
}
