using System.Globalization;

namespace ChainRule.Training;

/// <summary>How training stood at one evaluation.</summary>
/// <param name="Step">How many steps had been made.</param>
/// <param name="TrainLoss">The mean loss of the batches since the evaluation before.</param>
/// <param name="ValidationLoss">The loss on data that training never sees; NaN where none is measured.</param>
/// <param name="LearningRate">The learning rate.</param>
public readonly record struct HistoryPoint(int Step, double TrainLoss, double ValidationLoss, double LearningRate)
{
    /// <summary>Whether a validation loss was measured: one that came out as NaN was, and is never the best.</summary>
    public bool Validated { get; init; } = !double.IsNaN(ValidationLoss);

    /// <summary>Whether validation came out as NaN: nothing is known of how good the model is.</summary>
    public bool IsNaN => Validated && double.IsNaN(ValidationLoss);

    /// <summary>What was measured beside the loss, by name; empty where nothing was.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get => field ?? NoMetrics; init; }

    internal static IReadOnlyDictionary<string, double> NoMetrics { get; } = new Dictionary<string, double>();

    /// <summary>
    /// What is compared, lower being better: the validation loss where one was measured, or else the training loss.
    /// </summary>
    internal double Score => Validated ? ValidationLoss : TrainLoss;

    /// <summary>Whether all numbers are the same; one NaN equals another.</summary>
    public bool Equals(HistoryPoint other)
    {
        bool same = Step == other.Step && TrainLoss.Equals(other.TrainLoss)
            && ValidationLoss.Equals(other.ValidationLoss) && LearningRate.Equals(other.LearningRate);
        return same && Validated == other.Validated && Metrics.Count == other.Metrics.Count
            && Metrics.All(one => other.Metrics.TryGetValue(one.Key, out double value) && value.Equals(one.Value));
    }

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Step, TrainLoss, ValidationLoss);

    /// <summary>
    /// The step and what was measured: <c>step 500: training loss 0.4, validation loss 0.5, accuracy 0.9</c>.
    /// </summary>
    public override string ToString()
    {
        List<string> parts = [];
        if (Step > 0) parts.Add(Said("training loss", TrainLoss));
        if (Validated) parts.Add(Said("validation loss", ValidationLoss));
        parts.AddRange(Metrics.Select(one => Said(one.Key, one.Value)));
        return string.Create(CultureInfo.InvariantCulture, $"step {Step}: {string.Join(", ", parts)}");

        static string Said(string name, double value) =>
            string.Create(CultureInfo.InvariantCulture, $"{name} {value:0.####}");
    }
}

/// <summary>How training went: one point for each evaluation, and the best of them.</summary>
public sealed class History
{
    readonly List<HistoryPoint> _points = [];

    /// <summary>All evaluations, oldest first.</summary>
    public IReadOnlyList<HistoryPoint> Points => _points;

    /// <summary>
    /// The evaluation with the lowest validation loss, or the lowest training loss where no validation loss is
    /// measured; null before the first. One whose loss is NaN is never the best: where all are NaN, there is none.
    /// </summary>
    public HistoryPoint? Best { get; private set; }

    /// <summary>How many evaluations there are, and the best.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"history of {_points.Count} "
            + $"evaluation{(_points.Count == 1 ? "" : "s")}"
            + $"{(Best is { } best ? $": best {best.Score} at step {best.Step}" : "")}");

    /// <summary>Adds an evaluation; says whether it is the best so far.</summary>
    internal bool Add(HistoryPoint point)
    {
        _points.Add(point);
        if (double.IsNaN(point.Score) || Best is { } best && !(point.Score < best.Score)) return false;
        Best = point;
        return true;
    }

    internal void Clear()
    {
        _points.Clear();
        Best = null;
    }
}
