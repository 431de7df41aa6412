namespace ChainRule.Training;

/// <summary>
/// Ends training when the validation loss has not improved for a number of evaluations in a row: more steps would only
/// overfit. A loss of NaN is no improvement.
/// </summary>
/// <param name="Patience">How many evaluations without improvement are waited for.</param>
/// <param name="MinDelta">By how much the loss must fall to count as improved.</param>
public sealed record EarlyStopping(int Patience, double MinDelta = 0)
{
    /// <summary>
    /// Whether a history says to stop. It depends on the history alone, so that a resumed run decides as
    /// an unbroken one.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The patience is below 1, or the change wanted is negative or
    /// not a number.</exception>
    public bool ShouldStop(History history)
    {
        Throw.IfNull(history, "early stopping");
        if (Patience < 1) Throw.OutOfRange($"early stopping: patience {Patience}: wait for 1 evaluation or more");
        if (!(MinDelta >= 0 && double.IsFinite(MinDelta)))
            Throw.OutOfRange($"early stopping: a change of {MinDelta}: give 0 or more");
        double best = double.PositiveInfinity;
        int waited = 0;
        foreach (var point in history.Points)
        {
            if (point.Score < best - MinDelta) (best, waited) = (point.Score, 0);
            else waited++;
        }
        return waited >= Patience;
    }
}
