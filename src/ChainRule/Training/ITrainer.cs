using ChainRule.Distributed;
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

    /// <summary>What clipping multiplied the last step's gradients by: 1 where it left them as they were.</summary>
    double ClipFactor { get; }

    /// <summary>One point for each evaluation.</summary>
    History History { get; }

    /// <summary>How long the steps of this trainer took, evaluations not counted.</summary>
    TimeSpan TrainingTime { get; }

    /// <summary>Where training is saved; null if nowhere.</summary>
    Checkpoint? Checkpoint { get; }

    /// <summary>Into how many shards a batch is cut; 0 where it is computed as a whole.</summary>
    int Shards { get; }

    /// <summary>The workers that train the model together; null for this one alone.</summary>
    Transport? Workers { get; set; }

    /// <summary>Of the last step: how long each worker computed and waited.</summary>
    IReadOnlyList<WorkerStatus> WorkerTimes { get; }

    /// <summary>Called after a worker was lost and the others joined in a new group.</summary>
    event Action<WorkerException>? Regrouped;

    /// <summary>Called where <see cref="Fit"/> begins, after its checks.</summary>
    event Action? Began;

    /// <summary>Called where <see cref="Fit"/> comes back, after everything is saved; not where it throws.</summary>
    event Action<TrainingEnd>? Ended;

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

    /// <summary>Writes where training stands to a stream, which is neither flushed nor closed.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="metadata">Text that goes with it.</param>
    void SaveLast(Stream stream, IReadOnlyDictionary<string, string>? metadata = null);

    /// <summary>Goes on from what was written to a stream, which is read to its end.</summary>
    /// <param name="stream">Where from.</param>
    /// <param name="branch">Whether this trainer's own settings stand over those of the saved one: its learning rate,
    /// and its batches, which begin anew where they are of another size.</param>
    void Resume(Stream stream, bool branch = false);

    /// <summary>The loss of the batch that the next step will see, with its graph; nothing is changed by it.</summary>
    /// <param name="batch">Which batch: 0 is the next one.</param>
    BatchLoss NextLoss(int batch = 0);

    /// <summary>Makes steps again that were made before, from an earlier state of the same training.</summary>
    /// <param name="step">The step to go to.</param>
    /// <param name="recorded">The evaluations that were made then, which are not measured again.</param>
    void Replay(int step, IEnumerable<HistoryPoint> recorded);
}
