using ChainRule.Tests;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Tests.Recipes;

public sealed class CountsRecipeTest
{
    [Fact]
    public void It_learns_names() => Goal.ReachOnNames("counts", steps: 0, loss: 2.57);

    [RealDataFact("tinyshakespeare.txt")]
    public void It_learns_a_text() => Goal.ReachOnText("counts", steps: 0, loss: 2.43);

    [RealDataFact("names.txt")]
    public void Counted_on_the_lectures_training_part_its_loss_on_the_rest_is_that_of_the_lecture()
    {
        using var folder = new TemporaryFolder();
        var run = TrainingRun.Start(folder.PathOf("run"), CorpusKind.Names, "counts", RealData.PathOf("names.txt"));
        run.Train();
        var summary = run.Finish();
        Assert.Equal((2.454837, 2.453264, 2.458391), (Math.Round(summary.TrainLoss, 6), Math.Round(summary.ValLoss, 6), Math.Round(summary.TestLoss!.Value, 6)));
    }

    [RealDataFact("tinyshakespeare.txt")]
    public void Counted_on_shakespeare_its_loss_is_that_of_the_lecture()
    {
        using var folder = new TemporaryFolder();
        var run = TrainingRun.Start(folder.PathOf("run"), CorpusKind.Text, "counts", RealData.PathOf("tinyshakespeare.txt"));
        run.Train();
        Assert.Equal(2.481889, run.Finish().ValLoss, 0.0001);
    }
}
