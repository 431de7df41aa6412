using ChainRule.Tests;

namespace ChainRule.Zoo.Tests.Recipes;

public sealed class GptRecipeTest
{
    [Fact]
    public void It_learns_names() => Goal.ReachOnNames("gpt", steps: 200, loss: 2.50, options: """{"Context":16,"Width":32,"Layers":1,"TiedHead":false}""");

    [RealDataFact("tinyshakespeare.txt")]
    public void It_learns_a_text() => Goal.ReachOnText("gpt", steps: 400, loss: 2.50, options: """{"Context":32,"Width":64,"Layers":1}""");
}
