using System.CommandLine;
using System.Globalization;
using ChainRule.Cli.Pages;
using ChainRule.Kernels;
using ChainRule.Zoo.Experiments;
using ChainRule.Zoo.Runs;
using Spectre.Console;

namespace ChainRule.Cli.Commands;

/// <summary>
/// chainrule experiment: trains a base and changes of it with several seeds, and says what changed what.
/// </summary>
static class ExperimentCommand
{
    const int MostListed = 200;

    public static Command Create()
    {
        var file = new Argument<string>("FILE.json")
            { Description = "The experiment: a task, a base, and what is changed of it (see docs/experiments.md)" };
        var output = new Option<string?>("--out")
            { Description = "The folder of the runs; an experiment that was begun there goes on [default: "
                + "runs/experiment-NAME]", HelpName = "DIR" };
        var threads = new Option<int>("--threads")
            { Description = "Number of threads [default: all cores]; the results do not depend on it", HelpName = "N" }
            .AtLeast(1);
        var parallel = new Option<int>("--parallel")
            { Description = "How many runs are made at once [default: one for each thread]", HelpName = "N" }
            .AtLeast(1);
        var dryRun = new Option<bool>("--dry-run")
            { Description = "List the runs, estimate their time, and train nothing" };
        var open = new Option<bool>("--open") { Description = "Open the page of the result in a browser" };
        var command = new Command("experiment",
            "Train a base model and changes of it with several seeds, and say what changed what")
            { file, output, threads, parallel, dryRun, open };
        var cluster = new ClusterOptions();
        cluster.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Task.Run(() =>
        {
            if (parsed.GetResult(threads) is not null) Compute.Threads = parsed.GetValue(threads);
            cluster.Check(parsed);
            string path = parsed.GetRequiredValue(file);
            var experiment = Experiment.Read(path);
            string folder = parsed.GetValue(output) ?? Path.Combine(TrainCommand.Folder, experiment.FolderName);
            int workers = parsed.GetResult(parallel) is null ? Compute.Threads : parsed.GetValue(parallel);
            TimeSpan? patience = !parsed.GetValue(cluster.Claim) ? null : TimeSpan.FromSeconds(
                parsed.GetResult(cluster.StaleAfter) is null ? 60 : parsed.GetValue(cluster.StaleAfter));
            if (cluster.Write(parsed, experiment, path, folder)) return Tool.Done;
            return parsed.GetValue(dryRun) ? List(experiment, folder, workers, cancellationToken)
                : Run(experiment, path, folder, workers, patience, parsed.GetValue(open),
                    cancellationToken);
        }, CancellationToken.None));
        return command.WithExamples("chainrule experiment experiments/learning-rates.json --dry-run",
            "chainrule experiment experiments/learning-rates.json --open",
            "chainrule experiment mine.json --out runs/mine --threads 8",
            "chainrule experiment mine.json --out /shared/mine --claim",
            "chainrule experiment mine.json --out /shared/mine --slurm --job-file mine.sbatch");
    }

    static int List(Experiment experiment, string folder, int workers, CancellationToken cancellationToken)
    {
        experiment.Check();
        IReadOnlyList<ExperimentRun> first = experiment.PretrainingRuns, runs = [.. first, .. experiment.Runs];
        bool[] finished = [.. runs.Select(run => experiment.IsFinished(run, folder))];
        var (times, pretraining) = (experiment.Estimate(cancellationToken), experiment.EstimatePretraining());
        Introduce(experiment, folder);
        if (first.Count > 0)
            Say($"  first, {Experiment.Pretrained}: {first.Count:N0} runs of {
                experiment.Pretraining!.Steps:N0} steps, about {Duration(pretraining)} each, in {
                    Printable.Path(Path.Combine(folder, Experiment.Pretrained))}");
        foreach (var (i, variant) in experiment.Variants.Index().Take(MostListed))
        {
            string where = Path.GetDirectoryName(Path.Combine(folder, runs.First(run => run.Variant == i).Folder))!;
            Say($"  {Printable.Of(variant.Name, 60)}: {experiment.Seeds.Count:N0} runs of {
                variant.Config.Steps:N0} steps, about {Duration(times[i])} each, in {Printable.Path(where)}");
        }
        if (experiment.Variants.Count > MostListed)
            Say($"  and {experiment.Variants.Count - MostListed:N0} more variants");
        double left = runs.Index().Where(run => !finished[run.Index]).Sum(run =>
            (run.Item.Variant == ExperimentRun.IsPretraining ? pretraining : times[run.Item.Variant]).TotalSeconds);
        int done = finished.Count(one => one);
        string already = done == 0 ? "" : $"; {done:N0} of the runs are finished already";
        Say($"{runs.Count:N0} runs, about {Duration(TimeSpan.FromSeconds(left / Math.Min(workers, runs.Count)))} with {
            Math.Min(workers, runs.Count):N0} at once{already}. Nothing was trained.");
        return Tool.Done;
    }

    static int Run(Experiment experiment, string path, string folder, int workers, TimeSpan? patience, bool open,
        CancellationToken cancellationToken)
    {
        Introduce(experiment, folder);
        bool finished = experiment.PretrainingRuns.Concat(experiment.Runs).All(run =>
            experiment.IsFinished(run, folder));
        Func<IProgress<ExperimentProgress>?, ExperimentResult> make = progress => patience is { } time
            ? experiment.RunShared(folder, workers, time, progress, cancellationToken)
            : experiment.Run(folder, workers, progress, cancellationToken);
        ExperimentResult result;
        try
        {
            result = finished ? make(null) : !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Interactive
                ? Live(experiment, make)
                : make(new Lines(experiment));
        }
        catch (OperationCanceledException)
        {
            string again = $"{Shell.Tool} experiment {Shell.Path(path)} --out {Shell.Path(folder)}"
                + (patience is null ? "" : " --claim");
            Say($"Stopped, and saved. The same command goes on where it was: {again}");
            return Tool.Failed;
        }
        if (finished)
            Say($"All runs are finished already: nothing was trained. In another folder, by --out, they begin anew.");
        Say($"");
        foreach (string line in result.Table()) Say($"{line}");
        Say($"");
        foreach (string finding in result.Findings) Say($"{finding}");
        string page = ExperimentPage.Write(result);
        Say($"The page: {Printable.Path(page)}");
        if (open) Browser.Show(page);
        return Tool.Done;
    }

    static void Introduce(Experiment experiment, string folder) =>
        Say($"{Printable.Of(experiment.Name, 80)}: {experiment.Variants.Count:N0} variant{
            (experiment.Variants.Count == 1 ? "" : "s")} with {experiment.Seeds.Count:N0} seed{
                (experiment.Seeds.Count == 1 ? "" : "s")}, compared by {experiment.Metric.Name}; in {
                    Printable.Path(folder)}");

    static ExperimentResult Live(Experiment experiment, Func<IProgress<ExperimentProgress>, ExperimentResult> run)
    {
        ExperimentResult? result = null;
        var table = new LiveTable(experiment);
        AnsiConsole.Live(table.Table).AutoClear(true).Start(screen =>
        {
            table.Changed = screen.Refresh;
            result = run(table);
        });
        return result!;
    }

    static string Duration(TimeSpan time) => time.TotalSeconds < 1 ? "a second"
        : time.TotalMinutes < 2 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s")
        : time.TotalHours < 2 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} minutes")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.0} hours");

    static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    /// <summary>A line for each run that ends.</summary>
    sealed class Lines(Experiment experiment) : IProgress<ExperimentProgress>
    {
        public void Report(ExperimentProgress value)
        {
            string ended = value.Outcome.Why is { } why ? Printable.Message($"diverged ({Remedies.OfDivergence(why)})")
                : !double.IsFinite(value.Outcome.Value) ? $"{experiment.Metric.Name} not measured"
                : $"{experiment.Metric.Name} {ExperimentResult.Number(value.Outcome.Value)}";
            string left = value.Finished == value.Runs || value.Remaining == TimeSpan.Zero ? ""
                : $", {Duration(value.Remaining)} left";
            Say($"{value.Finished:N0} of {value.Runs:N0}: {Printable.Of(experiment.NameOf(value.Run), 60)
                }, seed {value.Run.Seed}: {ended} ({value.Outcome.Seconds:0.0} s{left})");
        }
    }

    /// <summary>A row for each variant: how many of its runs are finished, and their mean so far.</summary>
    sealed class LiveTable : IProgress<ExperimentProgress>
    {
        readonly Experiment _experiment;
        readonly List<double>[] _values;
        readonly int[] _finished, _diverged;

        public LiveTable(Experiment experiment)
        {
            _experiment = experiment;
            _values = [.. experiment.Variants.Select(_ => new List<double>())];
            (_finished, _diverged) = (new int[_values.Length], new int[_values.Length]);
            Table.AddColumns("variant", "runs", $"mean {experiment.Metric.Name}", "diverged");
            foreach (var variant in experiment.Variants.Take(Shown))
                Table.AddRow(Markup.Escape(Printable.Of(variant.Name, 40)), $"0/{experiment.Seeds.Count}", "", "");
            Table.Caption("starting");
        }

        public Table Table { get; } = new() { Border = TableBorder.Minimal };

        public Action? Changed { get; set; }

        // What does not fit a screen would scroll.
        static int Shown => Math.Max(1, AnsiConsole.Profile.Height - 8);

        public void Report(ExperimentProgress value)
        {
            int i = value.Run.Variant;
            Table.Caption(string.Create(CultureInfo.InvariantCulture, $"{value.Finished:N0} of {value.Runs:N0} runs, "
                + $"{Duration(value.Remaining)} left"));
            if (i == ExperimentRun.IsPretraining)
            {
                Changed?.Invoke();
                return;
            }
            if (double.IsFinite(value.Outcome.Value)) _values[i].Add(value.Outcome.Value);
            if (value.Outcome.Why is not null) _diverged[i]++;
            _finished[i]++;
            if (i < Table.Rows.Count)
            {
                Table.UpdateCell(i, 1, $"{_finished[i]}/{_experiment.Seeds.Count}");
                Table.UpdateCell(i, 2, _values[i].Count == 0 ? "" : ExperimentResult.Number(_values[i].Average()));
                Table.UpdateCell(i, 3, _diverged[i] > 0 ? $"{_diverged[i]}" : "");
            }
            Changed?.Invoke();
        }
    }
}
