using ChainRule.Tests;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Tests.Recipes;

/// <summary>A recipe as it stands, trained on the published names, must begin in ignorance and reach its goal.</summary>
static class Goal
{
    public static void Reach(string model)
    {
        using var folder = new TemporaryFolder();
        var run = NamesRun.Start(folder.PathOf("run"), model, RealData.PathOf("names.txt"));
        run.Train();
        var summary = run.Finish();
        Assert.Equal(Math.Log(27), summary.InitialLoss, 0.05);
        Assert.InRange(summary.ValLoss, 1.5, Recipe.Find(model).Goal);
        Assert.Equal(20, summary.Samples.Count);
    }
}
