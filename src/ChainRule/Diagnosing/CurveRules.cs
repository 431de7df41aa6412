using ChainRule.Training;

namespace ChainRule.Diagnosing;

sealed class Overfitting() : Rule("overfitting")
{
    public override Finding? Look(Evidence e)
    {
        if (Curve.Diverged(e)) return null;
        if (Curve.Gap(e.History) is { } gap)
            return Found("the model memorises the training data: the training loss is near 0 and the validation "
                + "loss is not",
                $"at step {gap.Step} the training loss is {Figures.Text(gap.TrainLoss)} and the validation loss "
                    + $"{Figures.Text(gap.ValidationLoss)}",
                "more data, weight decay, dropout, or a smaller model",
                new Variation("weight decay × 100") { WeightDecay = 100 });
        if (Curve.Worse(e.History) is not { } turn || !(turn.Last.TrainLoss < 0.7 * turn.Last.ValidationLoss)
            || !(turn.Last.TrainLoss < turn.Best.TrainLoss || turn.Best.Step == 0)) return null;
        return Found("the model memorises the training data: the training loss falls and the validation loss rises",
            $"at step {turn.Last.Step} the training loss is {Figures.Text(turn.Last.TrainLoss)} and the validation "
                + $"loss {Figures.Text(turn.Last.ValidationLoss)}; at step {turn.Best.Step} the latter was "
                + $"{Figures.Text(turn.Best.ValidationLoss)}",
            "more data, weight decay, dropout, a smaller model, or early stopping")
            with { Tried = turn.Stopped };
    }
}

sealed class Overtraining() : Rule("overtraining")
{
    public override Finding? Look(Evidence e)
    {
        if (Curve.Diverged(e)) return null;
        if ((Curve.Worse(e.History) ?? Curve.NoBetter(e)) is not { } turn
            || turn.Best.Step > 0.6 * turn.Last.Step) return null;
        return Found("training went on long after the validation loss was best",
            $"the best validation loss, {Figures.Text(turn.Best.ValidationLoss)}, is of step {turn.Best.Step} of "
                + $"{turn.Last.Step}, and the last {Figures.Text(turn.Last.ValidationLoss)}; the training loss went "
                + $"from {Figures.Text(turn.Best.TrainLoss)} to {Figures.Text(turn.Last.TrainLoss)} meanwhile",
            "early stopping, or fewer steps; the best model is what the checkpoint keeps")
            with { Tried = turn.Stopped };
    }
}

sealed class Underfitting() : Rule("underfitting")
{
    // What is left of the loss of a few rows that the model was trained on alone: trainings of the corpus with models
    // large enough leave 0.17 of it or less, those with a single hidden unit 0.49 or more.
    const double Unlearned = 0.3;

    public override Finding? Look(Evidence e)
    {
        if (e.Ended || Curve.Diverged(e) || !Curve.HardlyFalls(e.History)) return null;
        bool flat = Curve.StaysHigh(e.History);
        double left = e.Memorised?.Invoke() ?? double.NaN;
        bool small = left > Unlearned, falls = Curve.StillFalls(e.History);
        if (!flat && !small) return null;
        var last = e.History[^1];
        string tried = double.IsNaN(left) ? ""
            : FormattableString.Invariant($"; of a few rows, trained on alone, {100 * left:0} % of the loss are left");
        string still = falls ? "; the validation loss was still falling" : "";
        var finding = Found("the loss stays high on the training data too: " + (small
                ? "the model is too small for the task, or dropout or weight decay hold it back: it does not even "
                    + "memorise a few rows"
                : double.IsNaN(left) ? "the model is too small for the task, or the inputs say no more about the "
                    + "targets"
                : "the model memorises a few rows and is large enough, but the inputs say no more about the targets"),
            $"training loss {Figures.Text(last.TrainLoss)}, validation loss {Figures.Text(last.ValidationLoss)} "
                + $"at step {last.Step}; at step {Curve.First(e.History).Step} the training loss was "
                + $"{Figures.Text(Curve.First(e.History).TrainLoss)}{tried}{still}",
            (falls ? "more steps first; then " : "") + (small ? "a larger model, or less dropout and weight decay"
                : double.IsNaN(left) ? "a larger model or better inputs" : "better inputs, or another learning rate"));
        return small ? finding with { WhyUntried = "no: a larger model is another one" }
            : finding with { Variations = Curve.Rates, MostGain = Curve.Gain };
    }
}

sealed class Stalled() : Rule("stalled")
{
    public override Finding? Look(Evidence e)
    {
        if (e.Ended || Curve.Diverged(e) || !Curve.IsFlat(e.History)) return null;
        if (e.Base is null && Curve.StillFalls(e.History)) return null;
        var last = e.History[^1];
        bool isLowered = last.LearningRate < 0.5 * e.History.Max(p => p.LearningRate);
        var finding = Found("training has come to a halt before its end: the learning rate is too high for what is "
            + "left, or "
                + "too low to get out",
            $"the training loss was {Figures.Text(Curve.Mean(e.History, 0.5, 0.75))} in the third quarter and is "
                + $"{Figures.Text(Curve.Mean(e.History, 0.75, 1))} in the last, at step {last.Step}",
            isLowered ? "a learning rate that stays high for longer, or more steps"
                : "a schedule that lowers the learning rate, or ReduceOnPlateau",
            Curve.Rates);
        // What has converged is flat as well: only a branch that gets on tells them apart, or a loss that stays high.
        if (e.Base is not null) return finding with { MustGain = Curve.Gain };
        return Curve.StaysHigh(e.History) ? finding : null;
    }
}

/// <summary>What curves of losses have in common.</summary>
static class Curve
{
    /// <summary>The gain of another learning rate that says that the model can learn more.</summary>
    public const double Gain = 0.05;

    // Of the loss before training: where targets are partly chance, as letters of names are, no model gets far below.
    const double High = 0.7;

    const int Few = 6;

    public static Variation[] Rates => [.. ((double[])[0.1, 10, 100, 1000]).Select(factor =>
        new Variation(FormattableString.Invariant($"learning rate × {factor}")) { LearningRate = factor })];

    /// <summary>
    /// Best and last evaluation, where the last two validation losses are a fifth worse than the best.
    /// </summary>
    public static Turn? Worse(IReadOnlyList<HistoryPoint> points)
    {
        HistoryPoint[] validated = [.. points.Where(p => p.Validated && double.IsFinite(p.ValidationLoss))];
        if (validated.Length < 4) return null;
        var best = validated.MinBy(p => p.ValidationLoss);
        // One evaluation may be bad by chance.
        double latest = Math.Min(validated[^1].ValidationLoss, validated[^2].ValidationLoss);
        return latest > 1.2 * best.ValidationLoss ? new(best, validated[^1]) : null;
    }

    /// <summary>
    /// Best and last evaluation, where the validation loss has not got better in the last two thirds of the steps while
    /// the training loss fell by a tenth. Near 0 both only go up and down.
    /// </summary>
    public static Turn? NoBetter(Evidence e)
    {
        const int Enough = 8;
        HistoryPoint[] validated = [.. e.History.Where(p => p.Validated && double.IsFinite(p.ValidationLoss))];
        if (validated.Length < Enough) return null;
        var (best, last) = (validated.MinBy(p => p.ValidationLoss), validated[^1]);
        return 3 * best.Step <= last.Step && best.ValidationLoss > 0.1 * Start(e)
            && last.TrainLoss < 0.9 * best.TrainLoss ? new(best, last) : null;
    }

    /// <summary>Whether the validation loss was best at the end, and fell in the last quarter.</summary>
    public static bool StillFalls(IReadOnlyList<HistoryPoint> points)
    {
        HistoryPoint[] validated = [.. points.Where(p => p.Validated && double.IsFinite(p.ValidationLoss))];
        return validated.Length >= Few && validated[^1].ValidationLoss <= validated.Min(p => p.ValidationLoss)
            && validated[^1].ValidationLoss < 0.997 * validated[validated.Length * 3 / 4].ValidationLoss;
    }

    /// <summary>
    /// The last evaluation, where the training loss is below a tenth of the validation loss, which has hardly fallen.
    /// </summary>
    public static HistoryPoint? Gap(IReadOnlyList<HistoryPoint> points) => Worse(points) is null
        && points is [{ Step: 0, Validated: true } start, .., { Validated: true } last]
        && last.TrainLoss < 0.1 * last.ValidationLoss && last.ValidationLoss > 0.5 * start.ValidationLoss ? last : null;

    /// <summary>The loss before training: that of step 0, or of all classes being equally likely, or the first that is
    /// known. NaN if none is.</summary>
    public static double Start(Evidence e) => e.History is [{ Step: 0, Validated: true } zero, ..] ? zero.ValidationLoss
        : e.Loss is { Op: "cross entropy", Classes: > 1 } loss
            ? Diagnostics.InitialLoss.Expected(loss.Classes) * (double.IsNaN(loss.Factor) ? 1 : loss.Factor)
        : First(e.History).TrainLoss;

    /// <summary>
    /// Whether the loss has no value any more, or is a hundred times that before training: what else is seen follows
    /// from it.
    /// </summary>
    public static bool Diverged(Evidence e)
    {
        const double Lost = 100;
        if (e.History.Any(p => p.Step > 0 && (p.IsNaN || !double.IsFinite(p.TrainLoss)))) return true;
        return Start(e) is > 0 and var start && e.History is [.., { Step: > 0 } last] && last.TrainLoss > Lost * start;
    }

    /// <summary>
    /// Loss at the start, the most, and the last evaluation, where training has made the loss worse; null where not.
    /// </summary>
    public static (double Start, double Most, HistoryPoint Last)? Ruined(Evidence e)
    {
        var points = e.History;
        if (points.Count < 3 && !Diverged(e)) return null;
        double start = Start(e);
        double most = points.Select(p => p.TrainLoss).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Max();
        return start > 0 && (most > 1.3 * start && points[^1].TrainLoss > 0.5 * start
            || points[^1].TrainLoss > 1.02 * start) ? (start, most, points[^1]) : null;
    }

    /// <summary>Whether a learning rate is below a twentieth of the highest that was.</summary>
    public static bool HasEnded(IReadOnlyList<HistoryPoint> points, double learningRate) =>
        learningRate < 0.05 * points.Select(p => p.LearningRate).DefaultIfEmpty().Max();

    public static HistoryPoint First(IReadOnlyList<HistoryPoint> points) =>
        points.FirstOrDefault(p => double.IsFinite(p.TrainLoss));

    /// <summary>Whether training hardly lowers the loss, and validation is no worse.</summary>
    public static bool StaysHigh(IReadOnlyList<HistoryPoint> points) =>
        points.Count >= Few && IsFlat(points) && IsAbove(points, High);

    /// <summary>The same, where the loss may still fall by a tenth from quarter to quarter, and half of it is left.
    /// </summary>
    public static bool HardlyFalls(IReadOnlyList<HistoryPoint> points) => points.Count >= Few
        && Mean(points, 0.75, 1) > 0.9 * Mean(points, 0.5, 0.75) && IsAbove(points, 0.5);

    static bool IsAbove(IReadOnlyList<HistoryPoint> points, double fraction)
    {
        var (first, last) = (First(points), points[^1]);
        // The mean over the steps before the first evaluation is lower than the loss before any step.
        double start = points[0] is { Step: 0, Validated: true } zero ? zero.ValidationLoss : first.TrainLoss;
        return last.TrainLoss > fraction * start && !(last.ValidationLoss > 1.5 * last.TrainLoss);
    }

    /// <summary>Whether the last quarter of the points is hardly better than the one before.</summary>
    public static bool IsFlat(IReadOnlyList<HistoryPoint> points) =>
        points.Count >= Few && Mean(points, 0.75, 1) > 0.97 * Mean(points, 0.5, 0.75);

    public static double Mean(IReadOnlyList<HistoryPoint> points, double from, double to) =>
        points.Skip((int)(from * points.Count)).Take((int)(to * points.Count) - (int)(from * points.Count))
            .Where(p => double.IsFinite(p.TrainLoss)).Select(p => p.TrainLoss).DefaultIfEmpty(double.NaN).Average();
}

/// <summary>Where a validation loss turned.</summary>
sealed record Turn(HistoryPoint Best, HistoryPoint Last)
{
    /// <summary>What stopping at the best evaluation would have gained: it is in the history.</summary>
    public TriedCure Stopped => new($"stopping at step {Best.Step}, by the history", "validation loss", Last.Step,
        Last.ValidationLoss, Best.ValidationLoss, HigherIsBetter: false);
}
