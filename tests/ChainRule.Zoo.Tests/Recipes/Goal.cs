using ChainRule.Randomness;
using ChainRule.Tests;
using ChainRule.Training;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tests.Recipes;

/// <summary>
/// That a recipe learns: as it stands and on the published names, to its goal; or in a few steps of a small model, to a
/// loss that it must reach.
/// </summary>
static class Goal
{
    public static void Reach(string model)
    {
        using var folder = new TemporaryFolder();
        var run = TrainingRun.Start(folder.PathOf("run"),
            RunConfig.For(TaskKind.Names, model) with { Data = RealData.PathOf("names.txt") });
        run.Train();
        var summary = run.Finish();
        Assert.Equal(Math.Log(27), summary.InitialLoss, 0.05);
        Assert.InRange(summary.ValLoss, 1.5, Recipe.Find(TaskKind.Names, model).For(TaskKind.Names).Goal);
        Assert.Equal(20, summary.Samples.Count);
    }

    /// <summary>On the names that come with ChainRule.</summary>
    public static void ReachOnNames(string model, int steps, double loss, ModelOptions? sizes = null) =>
        Reach(TaskKind.Names, model, null, steps, loss, sizes);

    /// <summary>
    /// On the first tenth of Shakespeare, a character less than which comes to 2.5 nats by counting pairs.
    /// </summary>
    public static void ReachOnText(string model, int steps, double loss, ModelOptions? sizes = null)
    {
        using var folder = new TemporaryFolder();
        string text = File.ReadAllText(RealData.PathOf("tinyshakespeare.txt"));
        Reach(TaskKind.Text, model, folder.Write("tenth.txt", text[..(text.Length / 10)]), steps, loss, sizes);
    }

    static void Reach(TaskKind kind, string name, string? data, int steps, double loss, ModelOptions? sizes)
    {
        var (recipe, corpus) = (Recipe.Find(kind, name), (Corpus)TrainingTask.Of(kind).Open(data));
        var plan = recipe.For(kind);
        var model = (LanguageModel)recipe.Build(sizes ?? plan.Sizes, corpus.Preprocessing.Shape, new TorchRandom(42));
        recipe.Begin(plan.Sizes, model, corpus);
        new Trainer<Ids, Ids>(model, plan.Training.CreateOptimizer(model, steps),
            corpus.Batches(model.Context, model.PredictsEveryPosition, plan.Training.BatchSize, 42),
            (x, y) => model.Forward(x).CrossEntropy(y)) { ClipNorm = plan.Training.ClipNorm }.Fit(steps);
        Assert.InRange(model.Loss(corpus.ValidationSample(model.Context, model.PredictsEveryPosition)), 1, loss);
    }
}
