using System.CommandLine;
using System.Globalization;
using ChainRule.Kernels;
using ChainRule.Training;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;

namespace ChainRule.Cli.Commands;

/// <summary>chainrule train names: trains a recipe, shows progress, saves it, and lets it invent names.</summary>
static class TrainCommand
{
    const string Folder = "runs";

    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = "A text file with one name a line; the names that come with ChainRule where there is none", HelpName = "FILE" };
        var model = new Option<string>("--model")
        {
            Description = $"What to train: {string.Join(", ", Recipe.All.Values.Select(r => $"{r.Name} ({r.Summary})"))}",
            HelpName = "NAME",
            DefaultValueFactory = _ => "mlp",
        }.Among([.. Recipe.All.Keys]);
        var steps = new Option<int>("--steps") { Description = "How many steps; the recipe's own number where none is given", HelpName = "N" }.AtLeast(0);
        var seed = new Option<ulong>("--seed")
        {
            Description = "The seed of parameters and batches: the same seed gives the same model, bit for bit",
            HelpName = "N",
            DefaultValueFactory = _ => 42,
        }.AtLeast(0UL);
        var threads = new Option<int>("--threads") { Description = "How many threads; all cores where none is given. The numbers do not depend on it", HelpName = "N" }.AtLeast(1);
        var output = new Option<string?>("--out") { Description = "The run's folder, which must be new; runs/names-MODEL, numbered, where none is given", HelpName = "DIR" };
        var resume = new Option<string?>("--resume") { Description = "Go on with the run of a folder; its settings are those it was started with", HelpName = "DIR" };

        var names = new Command("names", "Train a character-level model on first names, and let it invent twenty") { data, model, steps, seed, threads, output, resume };
        names.Validators.Add(r =>
        {
            if (r.GetResult(resume) is null) return;
            foreach (var option in new Option[] { model, steps, seed, output })
                if (r.GetResult(option) is { Implicit: false }) r.AddError($"{option.Name} does not go with --resume: a run goes on with the settings it was started with");
        });
        names.SetAction((parsed, stop) =>
        {
            if (parsed.GetResult(threads) is not null) ForRows.Threads = parsed.GetValue(threads);
            NamesRun Open()
            {
                if (parsed.GetValue(resume) is { } folder) return NamesRun.Resume(folder, parsed.GetValue(data));
                string chosen = parsed.GetValue(model)!;
                string free = parsed.GetValue(output) ?? RunFolder.Free(Path.Combine(Folder, $"names-{chosen}"));
                return NamesRun.Start(free, chosen, parsed.GetValue(data), parsed.GetValue(seed), parsed.GetResult(steps) is null ? null : parsed.GetValue(steps));
            }
            // On a thread of its own: Ctrl-C is only heard once the action has returned its task.
            return Task.Run(() => Train(Open(), stop), CancellationToken.None);
        });
        names.WithExamples("chainrule train names", "chainrule train names --data names.txt --seed 7 --out runs/mine", "chainrule train names --resume runs/mine");
        return new Command("train", "Train a model and save it") { names }.WithExamples("chainrule train names", "chainrule train names --help");
    }

    static int Train(NamesRun run, CancellationToken stop)
    {
        var settings = run.Folder.Settings;
        string relative = Path.GetRelativePath(".", run.Folder.FullPath);
        string folder = relative.StartsWith("..", StringComparison.Ordinal) ? run.Folder.FullPath : relative;
        Console.WriteLine(run.DataLine);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"model {settings.Model}: {run.Model.ParameterCount:N0} parameters; seed {settings.Seed}; {settings.Steps:N0} steps; in {folder}"));
        if (run.Trainer.Step > 0) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"resumed at step {run.Trainer.Step:N0}"));

        TrainingEnd end;
        try
        {
            end = TrainingScreen.Show(run.Trainer, progress => run.Train(progress, stop));
        }
        catch (IOException e)
        {
            throw new IOException($"{e.Message}; what was saved before is whole, and chainrule train names --resume {folder} goes on from there", e);
        }
        if (end == TrainingEnd.Cancelled)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Stopped at step {run.Trainer.Step:N0}, and saved. To go on: chainrule train names --resume {folder}"));
            return Tool.Failed;
        }

        var summary = run.Finish();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"best at step {summary.BestStep:N0}: loss {summary.TrainLoss:0.0000} on training, {summary.ValLoss:0.0000} on validation, "
            + $"{summary.TestLoss:0.0000} on test data (it began at {summary.InitialLoss:0.0000})"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{summary.SecondsTraining:0.0} s of training, {summary.StepsPerSecond:N0} steps a second"));
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{summary.Samples.Count} invented names, none of them in the data (temperature {NamesRun.InventingTemperature}):"));
        foreach (string name in summary.Samples) Console.WriteLine($"  {name}");
        Console.WriteLine();
        Console.WriteLine($"Saved in {folder}. More names: chainrule sample {folder}");
        return Tool.Done;
    }
}
