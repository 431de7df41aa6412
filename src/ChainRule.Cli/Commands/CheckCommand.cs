using System.CommandLine;
using ChainRule.Diagnostics;
using ChainRule.Randomness;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Recipes;

namespace ChainRule.Cli.Commands;

/// <summary>
/// chainrule check: are the gradients right, does the first loss match the expected initial loss, can the model
/// overfit a single batch?
/// </summary>
static class CheckCommand
{
    const ulong Seed = 42;

    public static Command Create()
    {
        var model = new Option<string?>("--model")
        {
            Description = $"The model to check: {string.Join(", ", Recipe.All.Keys)}; default: all",
            HelpName = "NAME",
        }.Among([.. Recipe.All.Keys]);
        var command = new Command("check",
            "Check a model before training it: gradients, initial loss, overfitting a single batch") { model };
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
        var model = recipe.Build(recipe.Names.Sizes, classes, new TorchRandom(Seed));
        var (x, y) = names.Batches(model.Context, model.PredictsEveryPosition, recipe.Names.Training.BatchSize, Seed)
            .Next();
        double first;
        using (NoGrad.Begin()) first = model.Forward(x).CrossEntropy(y).Item();
        var initial = InitialLoss.Check(first, classes);

        // Eight examples in float64, and a model so small that each of its numbers can be moved.
        var tiny = recipe.Build(recipe.Tiny, classes, new TorchRandom(Seed));
        tiny.To(DType.Float64);
        var (fewX, fewY) = names.Batches(tiny.Context, tiny.PredictsEveryPosition, batchSize: 8, Seed).Next();
        var gradients = GradCheck.Run($"model {recipe.Name}", () => tiny.Forward(fewX).CrossEntropy(fewY),
            tiny.NamedParameters());

        // As many characters to memorise, whether a row has one or many.
        if (model.PredictsEveryPosition)
            (x, y) = (x.Rows(Enumerable.Range(0, 8).ToArray()), y.Rows(Enumerable.Range(0, 8).ToArray()));
        var overfit = Overfit.Run(() => model.Forward(x).CrossEntropy(y), recipe.Names.Training.CreateOptimizer(model),
            steps: 1000, floor: Floor(model, x, y));
        return Report(gradients, gradients.Passed) & Report(initial, initial.Passed) & Report(overfit, overfit.Passed);
    }

    /// <summary>
    /// The theoretical minimum of the loss, for any model that sees, of each row, what stands before the target.
    /// </summary>
    static double Floor(LanguageModel model, Ids x, Ids y)
    {
        if (!model.PredictsEveryPosition) return Overfit.Floor(x, y);
        int steps = x.Shape[1];
        List<int> seen = [], targets = [];
        for (int i = 0; i < y.Count; i++)
        {
            if (y[i] < 0) continue;
            targets.Add(y[i]);
            for (int t = 0; t < steps; t++) seen.Add(t <= i % steps ? x[i - i % steps + t] : -1);
        }
        return Overfit.Floor(Ids.From([.. seen], [targets.Count, steps]), Ids.From([.. targets]));
    }

    static bool Report(object result, bool passed)
    {
        Console.WriteLine($"  {(passed ? "passed" : "FAILED")}  {result}");
        return passed;
    }
}
