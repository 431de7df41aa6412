using ChainRule.Tests;

namespace ChainRule.Zoo.Tests.Recipes;

public sealed class RnnRecipeTest
{
    [Fact]
    public void It_learns_names() => Goal.ReachOnNames("rnn", steps: 150, loss: 2.50);

    [RealDataFact("tinyshakespeare.txt")]
    public void It_learns_a_text() => Goal.ReachOnText("rnn", steps: 150, loss: 2.50, options: """{"Context":16,"Width":32,"Hidden":64}""");
}
