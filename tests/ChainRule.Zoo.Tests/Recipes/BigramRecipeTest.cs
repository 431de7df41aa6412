using ChainRule.Tests;

namespace ChainRule.Zoo.Tests.Recipes;

public sealed class BigramRecipeTest
{
    [RealDataFact("names.txt")]
    public void It_reaches_its_goal_on_the_published_names() => Goal.Reach("bigram");
}
