using System.Text.Json;
using ChainRule.Tests;
using ChainRule.Layers;
using ChainRule.Training;
using ChainRule.Zoo.Images;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tests.Images;

/// <summary>A model trained by its recipe, but for fewer steps and without a run's folder.</summary>
static class Trained
{
    public static ImageReport On(ImageData data, Module model, Plan plan, int steps) =>
        Evaluated(data, model, plan, steps).Details[ImageReport.Name].Deserialize<ImageReport>(RunFile.Json)!;

    public static Evaluation Evaluated(ImageData data, Module model, Plan plan, int steps)
    {
        using var folder = new TemporaryFolder();
        var training = (plan.Training with { EvalEvery = steps }).Complete(steps);
        data.CreateTrainer(new(model, training.CreateOptimizer(model, steps), training, 42,
            new Checkpoint(folder.Path), new(42))).Fit(steps);
        model.Eval();
        return data.Evaluate(model, 42);
    }
}
