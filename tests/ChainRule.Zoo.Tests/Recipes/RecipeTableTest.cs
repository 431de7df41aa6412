using ChainRule.Tests;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tests.Recipes;

/// <summary>That every recipe learns: to its goal, or in few steps to a loss that was recorded.</summary>
public sealed class RecipeTableTest
{
    static readonly Dictionary<string, ModelOptions> s_small = new()
    {
        ["gpt"] = new GptOptions(Context: 32, Width: 64, Layers: 1),
        ["rnn"] = new RecurrentModelOptions(Context: 16, Width: 32, Hidden: 64),
        ["gru"] = new RecurrentModelOptions(Context: 16, Width: 32, Hidden: 64),
        ["lstm"] = new RecurrentModelOptions(Context: 16, Width: 32, Hidden: 64),
    };

    [Theory]
    [InlineData("bow", 300, 2.47)]
    [InlineData("counts", 0, 2.57)]
    [InlineData("gru", 150, 2.50)]
    [InlineData("lstm", 150, 2.50)]
    [InlineData("rnn", 150, 2.50)]
    [InlineData("wavenet", 300, 2.47)]
    public void It_learns_names(string model, int steps, double loss) => Goal.ReachOnNames(model, steps, loss);

    [Fact]
    public void A_small_transformer_learns_names() =>
        Goal.ReachOnNames("gpt", steps: 200, loss: 2.50,
            new GptOptions(Context: 16, Width: 32, Layers: 1, TiedHead: false));

    [RealDataTheory("tinyshakespeare.txt")]
    [InlineData("bigram", 500, 2.45)]
    [InlineData("bow", 300, 2.44)]
    [InlineData("counts", 0, 2.43)]
    [InlineData("gpt", 400, 2.50)]
    [InlineData("gru", 150, 2.48)]
    [InlineData("lstm", 150, 2.50)]
    [InlineData("mlp", 500, 2.15)]
    [InlineData("rnn", 150, 2.50)]
    [InlineData("wavenet", 300, 2.32)]
    public void It_learns_a_text(string model, int steps, double loss) =>
        Goal.ReachOnText(model, steps, loss, s_small.GetValueOrDefault(model));

    [RealDataTheory("names.txt")]
    [InlineData("bigram")]
    [InlineData("mlp")]
    public void It_reaches_its_goal_on_the_published_names(string model) => Goal.Reach(model);

    [RealDataFact("names.txt")]
    public void Counted_on_the_lectures_training_part_its_loss_on_the_rest_is_that_of_the_lecture()
    {
        var summary = Counted(TaskKind.Names, "names.txt");
        Assert.Equal((2.454837, 2.453264, 2.458391),
            (Math.Round(summary.TrainLoss, 6), Math.Round(summary.ValLoss, 6), Math.Round(summary.TestLoss!.Value, 6)));
    }

    [RealDataFact("tinyshakespeare.txt")]
    public void Counted_on_shakespeare_its_loss_is_that_of_the_lecture() =>
        Assert.Equal(2.481889, Counted(TaskKind.Text, "tinyshakespeare.txt").ValLoss, 0.0001);

    [Fact]
    public void The_goals_are_those_of_the_documentation()
    {
        Assert.Equal(2.05, Recipe.Find(TaskKind.Names, "mlp").For(TaskKind.Names).Goal);
        Assert.Equal(1.90, Recipe.Find(TaskKind.Names, "gpt").For(TaskKind.Text).Goal);
    }

    static RunSummary Counted(TaskKind kind, string file)
    {
        using var folder = new TemporaryFolder();
        var run = TrainingRun.Start(folder.PathOf("run"),
            RunConfig.For(kind, "counts") with { Data = RealData.PathOf(file) });
        run.Train();
        return run.Finish();
    }
}
