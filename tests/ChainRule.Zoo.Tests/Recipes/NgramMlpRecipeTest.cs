using ChainRule.Tests;
using ChainRule.Zoo.Recipes;

namespace ChainRule.Zoo.Tests.Recipes;

public sealed class NgramMlpRecipeTest
{
    [RealDataFact("names.txt")]
    public void It_reaches_its_goal_on_the_published_names()
    {
        Assert.Equal(2.11, Recipe.Find("mlp").Goal);
        Goal.Reach("mlp");
    }
}
