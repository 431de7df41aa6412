using System.CommandLine;
using ChainRule.Diagnostics;
using ChainRule.Kernels;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Cli.Commands;

/// <summary>
/// chainrule check: are the gradients right, does the first loss match the expected initial loss, can the model
/// overfit a single batch?
/// </summary>
static class CheckCommand
{
    const ulong Seed = 42;

    const string Instead = "; here its weights are trained by gradient descent, not solved for";

    public static Command Create()
    {
        string[] names = [.. Recipe.All.Select(recipe => recipe.Name).Distinct()];
        var model = new Option<string?>("--model")
        {
            Description = $"The model to check: {string.Join(", ", names)}; default: all",
            HelpName = "NAME",
        }.Among(names);
        var threads = TrainOptions.CreateThreads();
        var command = new Command("check",
            "Check a model before training it: gradients, initial loss, overfitting a single batch") { model, threads };
        command.SetAction(parsed =>
        {
            if (parsed.GetResult(threads) is not null) Compute.Threads = parsed.GetValue(threads);
            bool passed = true;
            string? only = parsed.GetValue(model);
            foreach (var recipe in Recipe.All.Where(recipe => only is null || recipe.Name == only))
            {
                foreach (var kind in Kinds(recipe))
                {
                    Console.WriteLine($"{recipe.Name} ({string.Join(", ", kind.Select(task => TrainingTask.Of(task)
                        .Name))}): {recipe.Summary}{(recipe.IsSolved(kind.Key) ? Instead : "")}");
                    passed &= Check(recipe, kind.Key);
                }
            }
            return passed ? Tool.Done : Tool.Failed;
        });
        return command.WithExamples("chainrule check", "chainrule check --model mlp");
    }

    /// <summary>The tasks of a recipe, each that is checked and those that are checked with it: the characters of names
    /// and of a text are one kind of data.</summary>
    static IEnumerable<IGrouping<TaskKind, TaskKind>> Kinds(Recipe recipe) =>
        recipe.Tasks.GroupBy(kind => kind == TaskKind.Text ? TaskKind.Names : kind);

    static bool Check(Recipe recipe, TaskKind kind)
    {
        var trial = TrainingTask.Of(kind).Open(null, recipe.For(kind).CheckedOn).CreateTrial(recipe, Seed);
        double first;
        using (NoGrad.Begin()) first = trial.FirstLoss().Item();
        var gradients = GradCheck.Run($"model {recipe.Name}", trial.TinyLoss, trial.Tiny.NamedParameters());
        bool passed = Report(gradients, gradients.Passed);
        if (trial.Classes is { } classes)
        {
            var initial = InitialLoss.Check(first, classes);
            passed &= Report(initial, initial.Passed);
        }
        var overfit = Overfit.Run(trial.FewLoss, recipe.For(kind).Training.CreateOptimizer(trial.Model), steps: 1000,
            floor: trial.Floor);
        return passed & Report(overfit, overfit.Passed);
    }

    static bool Report(object result, bool passed)
    {
        Console.WriteLine($"  {(passed ? "passed" : "FAILED")}  {result}");
        return passed;
    }
}
