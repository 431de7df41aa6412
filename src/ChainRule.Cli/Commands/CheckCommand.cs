using System.CommandLine;
using ChainRule.Data;
using ChainRule.Diagnostics;
using ChainRule.Randomness;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Recipes;

namespace ChainRule.Cli.Commands;

/// <summary>chainrule check: are the gradients right, is the first loss that of ignorance, can the model learn a batch by heart?</summary>
static class CheckCommand
{
    const ulong Seed = 42;

    public static Command Create()
    {
        var model = new Option<string?>("--model")
        {
            Description = $"What to check: {string.Join(", ", Recipe.All.Keys)}; all of them where none is named",
            HelpName = "NAME",
        }.Among([.. Recipe.All.Keys]);
        var command = new Command("check", "Check a model before training it: gradients, first loss, one batch by heart") { model };
        command.SetAction(parsed =>
        {
            bool passed = true;
            foreach (var recipe in parsed.GetValue(model) is { } name ? [Recipe.Find(name)] : Recipe.All.Values)
            {
                Console.WriteLine($"{recipe.Name}: {recipe.Summary}");
                passed &= Check(recipe);
            }
            return passed ? Tool.Done : Tool.Failed;
        });
        return command.WithExamples("chainrule check", "chainrule check --model mlp");
    }

    static bool Check(Recipe recipe)
    {
        var names = Names.Embedded();
        int classes = names.Vocabulary.Size;
        var model = recipe.Build(recipe.Options, classes, new TorchRandom(Seed));
        var (x, y) = Batches.Shuffled(names.Examples(model.Context).Train, recipe.Batch, Seed).Next();

        double first;
        using (NoGrad.Begin()) first = model.Forward(x).CrossEntropy(y).Item();
        var initial = InitialLoss.Check(first, classes);

        // Eight examples in float64: enough to move every parameter that they reach.
        var exact = recipe.Build(recipe.Options, classes, new TorchRandom(Seed));
        exact.To(DType.Float64);
        int[] few = [.. Enumerable.Range(0, 8)];
        var gradients = GradCheck.Run($"model {recipe.Name}", () => exact.Forward(x.Rows(few)).CrossEntropy(y.Rows(few)), exact.NamedParameters());

        var overfit = Overfit.Run(() => model.Forward(x).CrossEntropy(y), recipe.Optimizer(model), steps: 1000, floor: Overfit.Floor(x, y));
        return Report(gradients, gradients.Passed) & Report(initial, initial.Passed) & Report(overfit, overfit.Passed);
    }

    static bool Report(object result, bool passed)
    {
        Console.WriteLine($"  {(passed ? "passed" : "FAILED")}  {result}");
        return passed;
    }
}
