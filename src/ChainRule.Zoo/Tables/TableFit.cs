using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ChainRule.Data;
using ChainRule.Errors;
using ChainRule.Training;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tables;

/// <summary>
/// The whole way from a table to a model that is judged: chooses among models if asked, trains a run, and writes its
/// <see cref="TableReport"/>.
/// <code>
/// var config = ChainRule.Zoo.Runs.RunConfig.For(ChainRule.Zoo.Tasks.TaskKind.Table, "mlp") with
/// {
///     Data = "houses.csv", Options = new ChainRule.Zoo.Tables.TableOptions(Target: "price"),
/// };
/// var report = ChainRule.Zoo.Tables.TableFit.Run("runs/houses", config);
/// Console.WriteLine(string.Join('\n', report.Verdict));
/// </code>
/// </summary>
public static class TableFit
{
    /// <summary>The name that stands for the best of several models.</summary>
    public const string Auto = "auto";

    const string ChoiceFile = "choice.json";
    const long Longest = 1 << 24;

    /// <summary>Trains a model in a new folder, judges it, and writes the report.</summary>
    /// <param name="folder">The folder to make.</param>
    /// <param name="config">What it is trained with.</param>
    /// <param name="cancellationToken">Stops it; the run is saved and can be resumed.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="InvalidDataException">The table cannot be learned from: says why.</exception>
    public static TableReport Run(string folder, RunConfig config, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(config);
        var clock = Stopwatch.StartNew();
        var run = TrainingRun.Start(folder, WithSeed(config));
        run.Train(null, null, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        run.Finish();
        return Judge(run, clock.Elapsed, null, null, cancellationToken);
    }

    /// <summary>Tries several models in memory and says which is the best on the validation part; the report of a run
    /// that is started then tells of it.</summary>
    /// <param name="configs">What each is trained with, on one table, the simplest first.</param>
    /// <param name="limit">How long all may take; null if as long as they need.</param>
    /// <param name="tell">Is told what was found of each.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static ModelChoice Choose(IReadOnlyList<RunConfig> configs, TimeSpan? limit = null,
        Action<string>? tell = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(configs);
        if (configs.Count == 0)
            throw new RefusedArgumentException("fit: there is no model to choose from", nameof(configs));
        var data = (TableData)TrainingTask.Of(TaskKind.Table).Open(configs[0].Data, configs[0].Options);
        RunConfig[] fitting = [.. configs.Where(config => SolvedModels.WhyNot(config.Model, data.Table) is null)];
        return TableTrial.Choose(data, fitting, limit, tell, cancellationToken);
    }

    /// <summary>With the seed of the run for its split too, unless its options give one.</summary>
    public static RunConfig WithSeed(RunConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.Options is TableOptions { SplitSeed: null } options
            ? config with { Options = options with { SplitSeed = config.Seed } } : config;
    }

    /// <summary>What a run on a table predicts and why so, what was done with each column, and what should be known
    /// of the data.</summary>
    public static ((string Name, string Reason) Target, IReadOnlyList<TableColumn> Columns,
        IReadOnlyList<string> Warnings) Describe(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var data = (TableData)run.Data;
        var table = data.Table;
        string task = $"{table.Task.ToString().ToLowerInvariant()}, {table.TaskReason}"
            + PositiveClass.Said(table.Options.Positive, table.Classes, table.Labels);
        IEnumerable<string> lacking = table.RowsWithoutTarget == 0 ? []
            : [$"{Printable.Count(table.RowsWithoutTarget, "row")} "
                + $"{(table.RowsWithoutTarget == 1 ? "lacks the target and is" : "lack the target and are")} left out"];
        return ((table.Target, task), [.. TableColumns.Of(data)], [.. lacking, .. data.Warnings]);
    }

    /// <summary>Keeps a choice with the run that it led to.</summary>
    public static void Keep(RunFolder folder, ModelChoice choice)
    {
        ArgumentNullException.ThrowIfNull(folder);
        Write(Path.Combine(folder.FullPath, ChoiceFile), choice);
    }

    /// <summary>Judges a finished run on its test part, by folds if its options ask for them, and writes the
    /// report.</summary>
    /// <param name="run">The run, finished.</param>
    /// <param name="before">How long training took.</param>
    /// <param name="limit">How long folds may take; null if as long as they need.</param>
    /// <param name="tell">Is told what was found of each fold.</param>
    /// <param name="cancellationToken">Ends it without a report.</param>
    public static TableReport Judge(TrainingRun run, TimeSpan before, TimeSpan? limit, Action<string>? tell,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        var clock = Stopwatch.StartNew();
        var data = (TableData)run.Data;
        var config = RunConfig.Of(run.Folder);
        string choice = Path.Combine(run.Folder.FullPath, ChoiceFile);
        var chosen = RunFile.Exists(choice, RunFile.Anew)
            ? RunFile.Parse<ModelChoice>(choice, RunFile.Bytes(choice, Longest, RunFile.Anew), RunFile.Anew) : null;
        double? threshold = run.Folder.ReadSummary()?.Metrics.TryGetValue(TableModel.ThresholdName, out double found)
            == true ? found : null;
        using var mode = run.Model.InEvaluation();
        var report = new TableJudge(data, run.Model, config).Report(threshold, chosen);
        bool folded = data.Table.Options.Folds > 0, untrained = run.Trainer.History.Best?.Step == 0
            && TableTrial.LearnsByStepsAlone(config.Model);
        string? cutOff = run.End == TrainingEnd.Cancelled ? TableVerdict.CutOff(run.Trainer.Step, config.Steps) : null;
        // Of a network that learned nothing it cannot be said whether a trained one is worth it.
        report = report with { Verdict = [.. TableVerdict.Training(cutOff, untrained),
            .. report.Verdict.SkipLast(untrained && !folded ? 1 : 0)] };
        if (folded)
        {
            var (scores, verdict) = TableFolds.Judge(data, config, limit, tell, cancellationToken);
            report = report with { Folds = scores, Verdict = [.. report.Verdict, .. verdict] };
        }
        report = report with { Seconds = Math.Round((before + clock.Elapsed).TotalSeconds, 1) };
        Write(Path.Combine(run.Folder.FullPath, TableReport.FileName), report);
        return report;
    }

    static void Write<T>(string path, T content) => AtomicFile.Write("run", path,
        to => to.Write(Encoding.UTF8.GetBytes(RunFile.Text(content) + "\n")));
}
