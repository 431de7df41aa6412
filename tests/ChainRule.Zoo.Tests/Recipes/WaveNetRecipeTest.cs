using ChainRule.Tests;

namespace ChainRule.Zoo.Tests.Recipes;

public sealed class WaveNetRecipeTest
{
    [Fact]
    public void It_learns_names() => Goal.ReachOnNames("wavenet", steps: 300, loss: 2.47);

    [RealDataFact("tinyshakespeare.txt")]
    public void It_learns_a_text() => Goal.ReachOnText("wavenet", steps: 300, loss: 2.32);
}
