using System.CommandLine;
using ChainRule.Cli.Pages;
using ChainRule.Diagnosing;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Cli.Commands;

/// <summary>chainrule diagnose: what is wrong with a training, and whether the cure helps.</summary>
static class DiagnoseCommand
{
    public static Command Create()
    {
        string[] names = [.. Recipe.All.Select(recipe => recipe.Name).Distinct()], tasks =
            [.. Enum.GetValues<TaskKind>().Select(kind => TrainingTask.Of(kind).Name).Distinct()];
        var folder = new Argument<string?>("DIR")
            { Description = "The folder of a run", Arity = ArgumentArity.ZeroOrOne };
        var recipe = new Option<string?>("--recipe")
            { Description = $"A recipe before its first step: {string.Join(", ", names)}", HelpName = "NAME" }
            .Among(names);
        var task = new Option<string?>("--task")
            { Description = "What the recipe is for [default: the first that it "
                + "knows]", HelpName = "TASK" }.Among(tasks);
        var data = new Option<string?>("--data")
            { Description = "What the recipe is trained on [default: as chainrule train]", HelpName = "FILE" };
        var tries = new Option<bool>("--try")
            { Description = "Of a run: look at its model and data too, and try cures from where it was last saved" };
        var steps = new Option<int>("--steps")
        {
            Description = "Steps of each branch, with a cure and without", HelpName = "N",
            DefaultValueFactory = _ => new DiagnoseOptions().Steps,
        }.AtLeast(8);
        var page = new Option<string?>("--page") { Description = "Write a page with pictures", HelpName = "FILE" };
        var command = new Command("diagnose",
            "Find out what is wrong with a training, and try the cure beside a branch without it")
            { folder, recipe, task, data, tries, steps, page };
        command.Validators.Add(r =>
        {
            if (r.GetValue(folder) is null == r.GetValue(recipe) is null)
                r.AddError("diagnose: give the folder of a run, or a recipe by --recipe, and not both");
            if (r.GetValue(recipe) is null && (r.GetValue(task) ?? r.GetValue(data)) is not null)
                r.AddError("--task and --data are of a recipe: give one by --recipe");
        });
        command.SetAction(parsed =>
        {
            var options = new DiagnoseOptions { Steps = parsed.GetValue(steps) };
            var (title, diagnosis) = parsed.GetValue(folder) is { } path
                ? OfRun(path, parsed.GetValue(tries), options)
                : OfRecipe(parsed.GetValue(recipe)!, parsed.GetValue(task), parsed.GetValue(data), options);
            Console.WriteLine(diagnosis);
            if (parsed.GetValue(page) is { } file)
                Console.WriteLine($"\nThe page: {Printable.Path(DiagnosisPage.Of(title, diagnosis).Save(file))}");
            return Tool.Done;
        });
        return command.WithExamples("chainrule diagnose runs/names-mlp", "chainrule diagnose runs/names-mlp --try",
            "chainrule diagnose --recipe mlp --page diagnosis.html");
    }

    static (string Title, Diagnosis Diagnosis) OfRun(string path, bool tries, DiagnoseOptions options)
    {
        var run = RunFolder.Open(path);
        return ($"Diagnosis of {Path.GetFileName(run.FullPath)}", tries
            ? Diagnose.Run(RunDiagnosis.Trainer(run), options) : Diagnose.Run(RunDiagnosis.Recording(run)));
    }

    static (string Title, Diagnosis Diagnosis) OfRecipe(string name, string? task, string? data,
        DiagnoseOptions options)
    {
        var kinds = Recipe.All.Where(recipe => recipe.Name == name).SelectMany(recipe => recipe.Tasks).ToArray();
        var fitting = kinds.Where(kind => task is null || TrainingTask.Of(kind).Name == task).ToArray();
        if (fitting.Length == 0)
            throw new ArgumentException($"diagnose: {name} is not for {task}: choose one of "
                + string.Join(", ", kinds.Select(kind => TrainingTask.Of(kind).Name)));
        var config = RunConfig.For(fitting[0], name) with { Data = data };
        return ($"Diagnosis of {name}", Diagnose.Run(RunDiagnosis.Trainer(config), options));
    }
}
