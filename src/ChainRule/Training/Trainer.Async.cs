using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace ChainRule.Training;

public sealed partial class Trainer<TX, TY>
{
    /// <summary>
    /// As <see cref="Fit"/>, on a thread of its own: gives the progress as it is made, without
    /// holding up whoever shows it.
    /// <code>
    /// await foreach (var progress in trainer.FitAsync(5000))
    ///     Console.WriteLine($"{progress.Step}: {progress.Loss:0.000}");
    /// </code>
    /// Leaving the loop cancels the training, and waits until it is saved. What the training throws comes out of the
    /// loop. Until the end the trainer and its model belong to that thread. <see cref="End"/> says how it ended.
    /// </summary>
    /// <param name="steps">How many steps there are to be in all.</param>
    /// <param name="cancellationToken">Ends the training, saved.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of steps is negative.</exception>
    public IAsyncEnumerable<TrainingProgress> FitAsync(int steps, CancellationToken cancellationToken = default)
    {
        CheckSteps(steps);
        CheckSettings();
        return Reported(steps, cancellationToken);
    }

    async IAsyncEnumerable<TrainingProgress> Reported(int steps,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reports = Channel.CreateUnbounded<TrainingProgress>(new() { SingleReader = true, SingleWriter = true });
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var training = Task.Run(Train, CancellationToken.None);
        try
        {
            await foreach (var report in reports.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
                yield return report;
        }
        finally
        {
            await left.CancelAsync().ConfigureAwait(false);
            await training.ConfigureAwait(false);
        }

        void Train()
        {
            try
            {
                Fit(steps, new Reports(reports.Writer), left.Token);
            }
            finally
            {
                reports.Writer.Complete();
            }
        }
    }

    sealed class Reports(ChannelWriter<TrainingProgress> writer) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => writer.TryWrite(value);
    }
}
