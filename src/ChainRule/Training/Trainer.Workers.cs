using ChainRule.Distributed;

namespace ChainRule.Training;

public sealed partial class Trainer<TX, TY>
{
    // Puts back what a step has changed that was not made to its end.
    Action? _putBack;
    bool _hasRegrouped;

    /// <summary>
    /// Of the last step: how long each worker computed and waited, in their order; empty where there are no
    /// <see cref="Workers"/>.
    /// </summary>
    public IReadOnlyList<WorkerStatus> WorkerTimes { get; private set; } = [];

    /// <summary>Called after a worker was lost and the others joined in a new group: which it was, and why.</summary>
    public event Action<WorkerException>? Regrouped;

    bool Saves => Workers is null or { Rank: 0 };

    // What fails on one worker ends all of them; one that is gone is done without, from the last whole step on.
    TrainingEnd RunTogether(int steps, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        CheckSteps(steps);
        CheckSettings();
        Began?.Invoke();
        while (true)
        {
            try
            {
                return Run(steps, progress, cancellationToken);
            }
            catch (WorkerException e) when (e.IsGone && Workers is not null)
            {
                Workers = Workers.Regroup() ?? throw new WorkerException(e.Rank, e.Message, e.IsGone);
                _putBack?.Invoke();
                (_putBack, _shards, _hasRegrouped) = (null, null, true);
                Regrouped?.Invoke(e);
            }
            catch (Exception e) when (Workers is not null && e is not WorkerException)
            {
                Workers.Fail(e.Message);
                throw;
            }
        }
    }

    // Some may have made a step, or an evaluation, that the others have not: all go on from the latest.
    void CatchUp()
    {
        if (!_hasRegrouped) return;
        if (_shards?.Group is { } group)
        {
            var stand = group.Gather((Step, Points: History.Points.Count));
            int latest = Array.IndexOf(stand, stand.Max());
            if (stand.Distinct().Count() > 1)
            {
                using var own = new MemoryStream();
                if (latest == group.Rank) Checkpoint.SaveLast(this, own);
                byte[] state = group.Broadcast(latest, own.ToArray());
                if (latest != group.Rank) Checkpoint.Resume(this, new MemoryStream(state));
            }
        }
        _hasRegrouped = false;
    }

    // A step that can be put back, where a worker may be lost in it.
    double StepTogether()
    {
        if (_shards?.Group is not { Size: > 1 }) return MeasuredStep();
        byte[] place = Batches.SaveState();
        var putBack = _shards.Remember();
        int step = Step;
        _putBack = () =>
        {
            if (Step > step) return;
            Batches.RestoreState(place);
            putBack();
        };
        double value = MeasuredStep();
        _putBack = null;
        return value;
    }
}
