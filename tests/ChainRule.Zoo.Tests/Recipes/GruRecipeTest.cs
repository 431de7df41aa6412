using ChainRule.Tests;

namespace ChainRule.Zoo.Tests.Recipes;

public sealed class GruRecipeTest
{
    [Fact]
    public void It_learns_names() => Goal.ReachOnNames("gru", steps: 150, loss: 2.50);

    [RealDataFact("tinyshakespeare.txt")]
    public void It_learns_a_text() => Goal.ReachOnText("gru", steps: 150, loss: 2.48, options: """{"Context":16,"Width":32,"Hidden":64}""");
}
