using ChainRule.Layers;
using ChainRule.Optim;

namespace ChainRule.Training;

/// <summary>
/// A <see cref="Trainer{TX, TY}"/> whose batches may be of any type: what keeps runs or shows progress needs no more.
/// </summary>
public interface ITrainer
{
    /// <summary>What is trained.</summary>
    Module Model { get; }

    /// <summary>What updates the parameters.</summary>
    Optimizer Optimizer { get; }

    /// <summary>How many steps have been made, before and after a resume.</summary>
    int Step { get; }

    /// <summary>One point for each evaluation.</summary>
    History History { get; }

    /// <summary>How long the steps of this trainer took, evaluations not counted.</summary>
    TimeSpan TrainingTime { get; }

    /// <summary>Where training is saved; null if nowhere.</summary>
    Checkpoint? Checkpoint { get; }

    /// <summary>Called after every step with its number and its loss.</summary>
    event Action<int, double>? Stepped;

    /// <summary>Called after every evaluation.</summary>
    event Action<HistoryPoint>? Evaluated;

    /// <summary>Trains until that many steps have been made in all.</summary>
    TrainingEnd Fit(int steps, IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default);

    /// <summary>Goes on from what its checkpoint saved last.</summary>
    /// <exception cref="InvalidOperationException">It has no checkpoint.</exception>
    void Resume();

    /// <summary>Saves where training stands.</summary>
    /// <exception cref="InvalidOperationException">It has no checkpoint.</exception>
    void SaveLast();
}
