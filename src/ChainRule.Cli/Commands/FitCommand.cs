using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ChainRule.Cli.Pages;
using ChainRule.Distributed;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tables;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Cli.Commands;

/// <summary>chainrule fit: trains a model that predicts a column of a table, judges it, and says what it is
/// worth.</summary>
static class FitCommand
{
    // The simplest first: of those that are as good as the best, the first is taken.
    static readonly string[] s_tried = ["linear", "mlp"];

    // What may come of a trial, beside the run itself, of the time that is given.
    const double TrialFraction = 0.4, RunFraction = 0.5;

    public static Command Create()
    {
        var task = TrainingTask.Of(TaskKind.Table);
        var file = new Argument<string?>("FILE.csv")
            { Description = task.DataSummary + "; - for the standard input", Arity = ArgumentArity.ZeroOrOne };
        var data = new Option<string?>("--data") { Description = "The same as FILE.csv", HelpName = "FILE.csv" };
        var options = new TrainOptions(task, (TableFit.Auto, "tries " + string.Join(" and ", s_tried)
            + ", with half of its steps, and takes the simplest that is as good as the best on validation data"));
        var time = new Option<double>("--time")
            { Description = "Seconds that everything may take, about [default: as long as it needs]; a run that time "
                + "ends is not the same on another machine", HelpName = "SECONDS" }.AtLeast(1);
        var open = new Option<bool>("--open") { Description = "Open the page of the report in a browser" };
        var command = new Command(task.Command, $"{task.Summary}") { file };
        foreach (var option in (IEnumerable<Option>)[.. options.All, time, open, data])
            command.Options.Add(option);
        command.Validators.Add(r =>
        {
            if (r.GetValue(file) is not null && r.GetResult(data) is not null)
                r.AddError("--data does not go with FILE.csv, which is the same: give one of them");
            if (r.GetResult(time) is not null && (r.GetValue(options.Workers) is not null || Mpi.IsLaunched))
                r.AddError("--time does not go with several workers, which make all steps: leave one of them out");
            options.Check(r);
        });
        command.SetAction((parsed, cancellationToken) =>
        {
            options.SetThreads(parsed);
            string? from = parsed.GetValue(data) ?? parsed.GetValue(file);
            TimeSpan? limit = parsed.GetResult(time) is null ? null
                : TimeSpan.FromSeconds(Math.Min(parsed.GetValue(time), 1e6));
            RunConfig Config(string? model = null) => TableFit.WithSeed(options.Resolve(parsed, from, model));
            if (parsed.GetValue(options.PrintConfig))
            {
                string? shown = parsed.GetValue(options.Resume);
                if (shown is null && options.Model(parsed) is null or TableFit.Auto)
                    SayWhose(task.UsualModel);
                Console.WriteLine((shown is null ? Config(options.Model(parsed) is { } name and not TableFit.Auto ? name
                    : task.UsualModel) : RunConfig.Of(TrainCommand.Open(task, shown))).ToJson());
                return Task.FromResult(Tool.Done);
            }
            return Task.Run(() =>
            {
                var clock = Stopwatch.StartNew();
                TrainingRun Started(int? workers) => parsed.GetValue(options.Resume) is { } folder
                    ? TrainCommand.Resume(task, folder, from)
                    : Begin(options.Model(parsed), Config, parsed.GetValue(options.Output), limit, workers,
                        cancellationToken);
                int Train(TrainingRun run, int? workers) => FitCommand.Train(run, clock, limit, parsed.GetValue(open),
                    workers, from, cancellationToken);
                if (Mpi.IsLaunched)
                    return MpiWorkers.Train(command, () => options.Asked(parsed, options.Model(parsed) is { } name
                        and not TableFit.Auto ? name : task.UsualModel), size => Started(size), from,
                        (run, _) => Train(run, null), cancellationToken);
                return Train(Started(parsed.GetValue(options.Workers)), parsed.GetValue(options.Workers));
            }, CancellationToken.None);
        });
        return command.WithExamples("chainrule fit", "chainrule fit houses.csv --target price --open",
            "chainrule fit patients.csv --target outcome --group patient --class-weights --threshold f1",
            "chainrule fit sales.csv --target sold --ignore id name --time-order date --culture de",
            "chainrule fit flowers.csv --target species --folds 5 --model mlp --out runs/flowers",
            "chainrule fit --resume runs/flowers");
    }

    static TrainingRun Begin(string? model, Func<string?, RunConfig> config, string? output, TimeSpan? limit,
        int? workers, CancellationToken cancellationToken)
    {
        string Free(string name) => output ?? RunFolder.Free(Path.Combine(TrainCommand.Folder, $"table-{name}"));
        if (model is not null and not TableFit.Auto)
        {
            var named = config(model);
            TrainOptions.CheckShards(workers, named);
            return TrainingRun.Start(Free(model), named);
        }
        TrainOptions.CheckShards(workers, config(TrainingTask.Of(TaskKind.Table).UsualModel));
        if (output is not null) RunFolder.CheckFree(output, TaskKind.Table);
        // Steps and settings of training that are asked for are those of the models that are trained.
        RunConfig Whole(string name) => Recipe.Find(TaskKind.Table, name) is { } recipe
            && recipe.IsSolved(TaskKind.Table)
            ? config(name) with { Steps = 0, Training = recipe.For(TaskKind.Table).Training } : config(name);
        // A network that half of its steps make better than a line is so with all of them. Its learning rate has ended
        // at 0 by then, so that the run cannot go on from there, and begins anew.
        RunConfig Shorter(RunConfig whole) => whole with { Steps = (whole.Steps + 1) / 2 };
        ModelChoice choice;
        try
        {
            choice = TableFit.Choose([.. s_tried.Select(Whole).Select(Shorter)], limit * TrialFraction,
                Console.WriteLine, cancellationToken);
        }
        catch (OperationCanceledException e)
        {
            throw new OperationCanceledException("interrupted while models were tried: nothing is saved yet; give the "
                + "same command again, or name one by --model, whose run can be resumed", e);
        }
        Console.WriteLine(choice.Reason);
        var run = TrainingRun.Start(Free(choice.Model), Whole(choice.Model));
        TableFit.Keep(run.Folder, choice);
        return run;
    }

    static void SayWhose(string model) => Console.Error.WriteLine($"chainrule: fit: these are the settings of {model}: "
        + $"by default, {string.Join(" and ", s_tried)} are tried and one is taken; --config of these settings trains "
        + $"{model} alone");

    static TableReport Judge(TrainingRun run, Stopwatch clock, TimeSpan? limit, CancellationToken cancellationToken)
    {
        try
        {
            return TableFit.Judge(run, clock.Elapsed, limit - clock.Elapsed, Console.WriteLine, cancellationToken);
        }
        catch (OperationCanceledException e)
        {
            string folder = Path.GetRelativePath(".", run.Folder.FullPath);
            throw new OperationCanceledException($"interrupted while the model was judged: it is trained and saved in "
                + $"{Printable.Path(folder)}; to judge it, by all folds from the first: "
                + run.Folder.ResumeCommand(folder), e);
        }
    }

    static int Train(TrainingRun run, Stopwatch clock, TimeSpan? limit, bool open, int? workers, string? moved,
        CancellationToken cancellationToken)
    {
        var data = TableText.Introduce(run);
        foreach (string line in data) Console.WriteLine(line);
        return TrainCommand.Train(run, limit * RunFraction, () =>
        {
            var report = Judge(run, clock, limit, cancellationToken);
            foreach (string line in TableText.Of(report)) Console.WriteLine(line);
            string page = TablePage.Write(run.Folder);
            Console.WriteLine($"The page: {Printable.Path(page)}");
            if (open) Browser.Show(page);
        }, cancellationToken, run.Folder.Settings.Steps == 0 ? null : workers, moved);
    }
}
