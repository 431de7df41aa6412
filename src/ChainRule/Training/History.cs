namespace ChainRule.Training;

/// <summary>How training stood at one evaluation.</summary>
/// <param name="Step">How many steps had been made.</param>
/// <param name="TrainLoss">The mean loss of the batches since the evaluation before.</param>
/// <param name="ValidationLoss">The loss on data that training never sees; NaN where none is measured.</param>
/// <param name="Rate">The learning rate.</param>
public readonly record struct HistoryPoint(int Step, double TrainLoss, double ValidationLoss, double Rate);

/// <summary>How training went: one point for each evaluation, and the best of them.</summary>
public sealed class History
{
    readonly List<HistoryPoint> _points = [];

    /// <summary>All evaluations, oldest first.</summary>
    public IReadOnlyList<HistoryPoint> Points => _points;

    /// <summary>The evaluation with the lowest validation loss, or the lowest training loss where no validation loss is measured; null before the first.</summary>
    public HistoryPoint? Best { get; private set; }

    /// <summary>What is compared: lower is better.</summary>
    internal static double Score(HistoryPoint p) => double.IsNaN(p.ValidationLoss) ? p.TrainLoss : p.ValidationLoss;

    /// <summary>Adds an evaluation; says whether it is the best so far.</summary>
    internal bool Add(HistoryPoint point)
    {
        _points.Add(point);
        if (Best is { } best && !(Score(point) < Score(best))) return false;
        Best = point;
        return true;
    }

    internal void Clear()
    {
        _points.Clear();
        Best = null;
    }
}
