using System.CommandLine;
using System.Globalization;
using ChainRule.Cli.Pages;
using ChainRule.Distributed;
using ChainRule.Training;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Cli.Commands;

/// <summary>
/// chainrule train names, text, images, autoencoder, sequences, patterns: trains a recipe, shows progress,
/// saves it, and shows what it makes.
/// </summary>
static class TrainCommand
{
    internal const string Folder = "runs";

    public static Command Create() => new Command("train", "Train a model and save it")
    {
        Create(TrainingTask.Of(TaskKind.Names)).WithExamples("chainrule train names",
            "chainrule train names --data names.txt --seed 7 --out runs/mine",
            "chainrule train names --learning-rate 0.002 --set hidden=400 --set context=8",
            "chainrule train names --config mine.json --steps 5000", "chainrule train names --resume runs/mine"),
        Create(TrainingTask.Of(TaskKind.Text)).WithExamples("chainrule train text --data book.txt",
            "chainrule train text --model gru --steps 1000 --out runs/mine",
            "chainrule train text --data book.txt --vocabulary 1000",
            "chainrule train text --data book.txt --tokenizer tokenizer.json",
            "chainrule train text --resume runs/mine"),
        Create(TrainingTask.Of(TaskKind.Images)).WithExamples("chainrule train images",
            "chainrule train images photos --model resnet --size 32 --augment",
            "chainrule train images mnist --model cnn", "chainrule train images mnist --positive 9 --size 64",
            "chainrule train images --drawn surfaces --model cnn", "chainrule train images --resume runs/mine"),
        Create(TrainingTask.Of(TaskKind.Autoencoder)).WithExamples("chainrule train autoencoder",
            "chainrule train autoencoder photos --size 32 --set bottleneck=32",
            "chainrule train autoencoder mnist --set bottleneck=16 --set noise=0.5",
            "chainrule train autoencoder --resume runs/mine"),
        Create(TrainingTask.Of(TaskKind.Sequences)).WithExamples("chainrule train sequences",
            "chainrule train sequences --problem parity --model lstm --length 30",
            "chainrule train sequences --problem chirps --model conv",
            "chainrule train sequences --delay 5 --model context-1", "chainrule train sequences --resume runs/mine"),
        Create(TrainingTask.Of(TaskKind.Patterns), new TrainOptions(TrainingTask.Of(TaskKind.Patterns), byRule: true))
            .WithExamples("chainrule train patterns", "chainrule train patterns --flipped 0.2",
            "chainrule train patterns --drawn random --count 30 --side 12",
            "chainrule predict runs/patterns-hopfield letter.txt"),
    }.WithExamples("chainrule train names", "chainrule train names --help", "chainrule train text --help",
            "chainrule train images --help", "chainrule train sequences --help");

    /// <summary>The command that trains one task, which is called by the last word of the task's command.</summary>
    /// <param name="task">The task.</param>
    /// <param name="with">Its options; null for those of any task.</param>
    /// <param name="name">What a run's folder is called, numbered; null for the task and the model.</param>
    /// <param name="judge">What is done with a finished run before its last line.</param>
    public static Command Create(TrainingTask task, TrainOptions? with = null, Func<RunConfig, string>? name = null,
        Action<TrainingRun, ParseResult>? judge = null)
    {
        var data = new Option<string?>("--data")
            { Description = task.DataSummary + (task.DataArgument is null ? "; - for the standard input" : ""),
                HelpName = task.DataArgument ?? "FILE", Hidden = !task.TakesData };
        var options = with ?? new TrainOptions(task);
        string word = task.Name;
        var command = new Command(task.Command.Split(' ')[^1],
            $"{task.Summary}. What an option sets stands over the same setting of --config, "
            + "and that over the recipe of the model") { data };
        Argument<string[]>? place = null;
        if (task.DataArgument is { } files)
        {
            command.Arguments.Add(place = new(files)
                { Description = "The same as --data", Arity = ArgumentArity.ZeroOrMore });
        }
        foreach (var option in options.All) command.Options.Add(option);
        command.Validators.Add(r =>
        {
            if (place is not null && r.GetValue(place) is { } given && given.Length > task.DataFiles)
                r.AddError($"{given.Length} paths are given as {place.Name}: give "
                    + $"{(task.DataFiles == 1 ? "one" : $"at most {task.DataFiles}")}");
            if (place is not null && r.GetValue(place) is { Length: > 0 } && r.GetResult(data) is not null)
                r.AddError($"--data does not go with {place.Name}, which is the same: give one of them");
            options.Check(r);
        });
        command.SetAction((parsed, cancellationToken) =>
        {
            options.SetThreads(parsed);
            string? from = parsed.GetValue(data)
                ?? (place is not null && parsed.GetValue(place) is { Length: > 0 } paths
                    ? string.Join(Path.PathSeparator, paths) : null);
            if (parsed.GetValue(options.PrintConfig))
            {
                var shown = parsed.GetValue(options.Resume) is { } run ? RunConfig.Of(Open(task, run))
                    : options.Resolve(parsed, from);
                Console.WriteLine(shown.ToJson());
                return Task.FromResult(Tool.Done);
            }
            TrainingRun Begin(int? workers)
            {
                if (parsed.GetValue(options.Resume) is { } folder) return Resume(task, folder, from);
                var config = options.Resolve(parsed, from);
                TrainOptions.CheckShards(workers, config);
                return TrainingRun.Start(parsed.GetValue(options.Output)
                    ?? RunFolder.Free(Path.Combine(Folder, name?.Invoke(config) ?? $"{word}-{config.Model}")),
                    config);
            }
            // On a thread of its own: Ctrl-C is only heard once the action has returned its task.
            return Task.Run(() =>
            {
                if (Mpi.IsLaunched)
                {
                    return MpiWorkers.Train(command, () => options.Asked(parsed), size => Begin(size), from,
                        (run, token) => Train(run, null, judge is null ? null : () => judge(run, parsed), token),
                        cancellationToken);
                }
                var run = Begin(parsed.GetValue(options.Workers));
                return Train(run, null, judge is null ? null : () => judge(run, parsed), cancellationToken,
                    parsed.GetValue(options.Workers), from);
            }, CancellationToken.None);
        });
        return command;
    }

    internal static TrainingRun Resume(TrainingTask task, string folder, string? data)
    {
        Open(task, folder);
        return TrainingRun.Resume(folder, data);
    }

    internal static RunFolder Open(TrainingTask task, string folder)
    {
        var run = RunFolder.Open(folder);
        if (run.Settings.Kind == task.Kind) return run;
        throw new ArgumentException($"{task.Command}: {Printable.Path(folder)} is a run on "
            + $"{TrainingTask.Of(run.Settings.Kind).Name}: go on with it by: {run.ResumeCommand(folder)}");
    }

    /// <summary>Trains a run, shows it, and tells how it ended.</summary>
    /// <param name="run">The run.</param>
    /// <param name="limit">When training ends at the latest; null to make all steps.</param>
    /// <param name="judge">What is done with a finished run before its last line.</param>
    /// <param name="cancellationToken">Ends training, with all saved.</param>
    /// <param name="workers">How many processes train it; null for this one.</param>
    /// <param name="data">Where the data is, if it was moved.</param>
    internal static int Train(TrainingRun run, TimeSpan? limit, Action? judge, CancellationToken cancellationToken,
        int? workers = null, string? data = null)
    {
        var settings = run.Folder.Settings;
        string relative = Path.GetRelativePath(".", run.Folder.FullPath);
        string folder = relative.StartsWith("..", StringComparison.Ordinal) ? run.Folder.FullPath : relative;
        string resume = run.Folder.ResumeCommand(folder), shown = Printable.Path(folder);
        Say($"{run.Data.Describe(run.Model)}");
        var (count, steps) = (run.Model.ParameterCount, settings.Steps);
        string made = IsSolved(run) ? "solved at once"
            : string.Create(CultureInfo.InvariantCulture, $"{Printable.Count(steps, "step")}");
        Say($"model {settings.Model}: {Printable.Count(count, "parameter")}; seed {settings.Seed}; {made}; in {shown}");
        if (run.Transfer is { } transfer) Say($"{transfer}");
        if (run.Trainer.Step > 0) Say($"resumed at step {run.Trainer.Step:N0}");

        TrainingEnd end;
        try
        {
            end = workers is { } processes ? LocalWorkers.Train(run, processes, data, cancellationToken)
                : TrainingScreen.Show(run, limit, cancellationToken);
        }
        catch (IOException e) when (e is not WorkerException)
        {
            throw new IOException($"{e.Message}; what was saved before is whole, and to go on from there: {resume}", e);
        }
        if (end == TrainingEnd.Cancelled && !cancellationToken.IsCancellationRequested && !TrainingScreen.NobodyReads)
            Say($"the time is up at step {run.Trainer.Step:N0} of {steps:N0}; to train on: {resume}");
        else if (end is TrainingEnd.Cancelled or TrainingEnd.Stopped)
        {
            Say($"Stopped at step {run.Trainer.Step:N0}, and saved. To go on: {resume}");
            return Tool.Failed;
        }
        if (end == TrainingEnd.StoppedEarly)
            Say($"stopped early at step {run.Trainer.Step:N0}: the validation loss no longer falls");
        Tell(run, run.Finish(), folder, judge);
        return Tool.Done;
    }

    static void Tell(TrainingRun run, RunSummary summary, string folder, Action? judge)
    {
        var task = TrainingTask.Of(run.Data.Kind);
        string test = summary.TestLoss is { } loss
            ? string.Create(CultureInfo.InvariantCulture, $", {loss:0.0000} on test data") : "";
        string losses = string.Create(CultureInfo.InvariantCulture,
            $"{summary.TrainLoss:0.0000} on training, {summary.ValLoss:0.0000} on validation{test}");
        if (IsSolved(run)) Say($"solved at once: loss {losses}");
        else if (!task.HoldsBack)
            Say($"best at step {summary.BestStep:N0}: {task.ValidationName} {summary.ValLoss:0.0000} (it began at {
                summary.InitialLoss:0.0000})");
        else Say($"best at step {summary.BestStep:N0}: loss {losses} (it began at {summary.InitialLoss:0.0000})");
        foreach (string line in run.Data.Report(summary)) Say($"{line}");
        if (!IsSolved(run))
            Say($"{summary.SecondsTraining:0.0} s of training, {summary.StepsPerSecond:N0} steps a second");
        foreach (string alarm in GradientAlarm.Of(run.Folder.ReadLayers())) Say($"warning: {alarm}");
        Say($"");
        foreach (string line in run.Data.Show(summary)) Say($"{line}");
        judge?.Invoke();
        Say($"");
        if (run.Data.Kind is TaskKind.Images or TaskKind.Autoencoder)
        {
            if (run.Data.Kind == TaskKind.Images) ImagePage.Write(run, summary);
            else AutoencoderPage.Write(run, summary);
            Say($"A page with all of this: {Printable.Path(Path.Combine(folder, ImagePage.FileName))}");
        }
        Say($"Saved in {Printable.Path(folder)}. {task.NextCommand(folder)}");
    }

    static bool IsSolved(TrainingRun run) => Recipe.Find(run.Folder.Settings.Kind, run.Folder.Settings.Model)
        .IsSolved(run.Folder.Settings.Kind);

    static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
