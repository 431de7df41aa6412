using System.Globalization;
using ChainRule.Diagnostics;
using ChainRule.Training;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;
using Spectre.Console;

namespace ChainRule.Cli;

/// <summary>
/// Shows training while it goes on: a live bar on a terminal, a line for each evaluation anywhere else.
/// </summary>
static class TrainingScreen
{
    /// <summary>Whether training was ended because nobody reads what it says.</summary>
    public static bool NobodyReads { get; private set; }

    public static TrainingEnd Show(TrainingRun run, TimeSpan? limit, CancellationToken cancellationToken)
    {
        if (run.Trainer.Workers is null && !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Interactive)
            return Live(progress => run.Train(progress, limit, cancellationToken));
        string validated = TrainingTask.Of(run.Data.Kind).ValidationName;
        // Who has nobody to tell stops, and saves first.
        using var unread = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        run.Trainer.Evaluated += point =>
        {
            // Of several workers the first one speaks.
            if (run.Folder.Settings.Steps == 0 || run.Trainer.Workers is { Rank: > 0 }) return;
            try
            {
                Console.WriteLine(Line(point, validated, run.Data.Describe(point)));
                if (run.Workers is { } workers && workers.Step == point.Step) Console.WriteLine($"  {workers}");
            }
            catch (NobodyReadsException)
            {
                NobodyReads = true;
                unread.Cancel();
            }
        };
        return run.Train(null, limit, unread.Token);
    }

    static TrainingEnd Live(Func<IProgress<TrainingProgress>?, TrainingEnd> train)
    {
        var end = TrainingEnd.Completed;
        AnsiConsole.Progress().Columns(new ProgressBarColumn { Width = 24 }, new PercentageColumn(),
            new TaskDescriptionColumn { Alignment = Justify.Left }).Start(screen =>
        {
            var bar = screen.AddTask("starting", maxValue: 1);
            end = train(new Bar(bar));
        });
        return end;
    }

    static string Line(HistoryPoint p, string validated, string found) => string.Create(CultureInfo.InvariantCulture,
        $"step {p.Step,7:N0}  loss "
        + $"{(double.IsNaN(p.TrainLoss) ? "      " : p.TrainLoss.ToString("0.0000", CultureInfo.InvariantCulture))}  "
        + $"{validated} {p.ValidationLoss:0.0000}  {found}  learning rate {LearningRate(p.LearningRate)}");

    static string LearningRate(double rate) =>
        rate.ToString(rate is > 0 and < 0.001 ? "0.0e-0" : "0.0000", CultureInfo.InvariantCulture);

    static string Text(TrainingProgress p) => string.Create(CultureInfo.InvariantCulture,
        $"step {p.Step:N0}/{p.Steps:N0}  loss {p.Loss:0.000}  validation {p.ValidationLoss:0.000}  "
            + $"{p.StepsPerSecond:N0} steps/s  {p.Remaining:mm\\:ss} left");

    /// <summary>Reports on the thread that trains: the latest number is the one shown.</summary>
    sealed class Bar(ProgressTask task) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            task.MaxValue = Math.Max(1, value.Steps);
            task.Value = value.Step;
            task.Description = Text(value);
        }
    }
}
