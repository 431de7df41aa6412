using ChainRule.Tests;

namespace ChainRule.Zoo.Tests.Recipes;

public sealed class BagOfWordsRecipeTest
{
    [Fact]
    public void It_learns_names() => Goal.ReachOnNames("bow", steps: 300, loss: 2.47);

    [RealDataFact("tinyshakespeare.txt")]
    public void It_learns_a_text() => Goal.ReachOnText("bow", steps: 300, loss: 2.44);
}
