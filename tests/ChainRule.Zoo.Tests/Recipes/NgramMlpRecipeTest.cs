using ChainRule.Tests;
using ChainRule.Zoo.Recipes;

namespace ChainRule.Zoo.Tests.Recipes;

public sealed class NgramMlpRecipeTest
{
    [RealDataFact("names.txt")]
    public void It_reaches_its_goal_on_the_published_names()
    {
        Assert.Equal(2.05, Recipe.Find("mlp").Names.Goal);
        Goal.Reach("mlp");
    }

    [RealDataFact("tinyshakespeare.txt")]
    public void It_learns_a_text() => Goal.ReachOnText("mlp", steps: 500, loss: 2.15);
}
