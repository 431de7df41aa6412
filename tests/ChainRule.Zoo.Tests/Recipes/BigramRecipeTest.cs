using ChainRule.Tests;

namespace ChainRule.Zoo.Tests.Recipes;

public sealed class BigramRecipeTest
{
    [RealDataFact("names.txt")]
    public void It_reaches_its_goal_on_the_published_names() => Goal.Reach("bigram");

    [RealDataFact("tinyshakespeare.txt")]
    public void It_learns_a_text() => Goal.ReachOnText("bigram", steps: 500, loss: 2.45);
}
