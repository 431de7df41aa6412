using ChainRule.Zoo.Recipes;

namespace ChainRule.Cli.Tests.Commands;

public sealed class CheckCommandTest
{
    [Fact]
    public void Every_recipe_passes_the_three_checks_each_in_a_line()
    {
        string[] lines = CommandLine.Run(Path.GetTempPath(), "check").Well().Lines;
        Assert.Equal(4 * Recipe.All.Count, lines.Length);
        foreach (var (i, recipe) in Recipe.All.Index())
        {
            Assert.Equal($"{recipe.Name}: {recipe.Summary}", lines[4 * i]);
            Assert.StartsWith($"  passed  gradient check of model {recipe.Name}: ", lines[4 * i + 1],
                StringComparison.Ordinal);
            Assert.StartsWith("  passed  initial loss: ", lines[4 * i + 2], StringComparison.Ordinal);
            Assert.StartsWith("  passed  overfit a single batch: ", lines[4 * i + 3], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void One_recipe_is_checked_alone_and_an_unknown_one_is_a_usage_error()
    {
        Assert.Equal(4, CommandLine.Run(Path.GetTempPath(), "check", "--model", "bigram").Well().Lines.Length);
        Assert.StartsWith("--model gpt9: choose one of bigram",
            CommandLine.Run(Path.GetTempPath(), "check", "--model", "gpt9").Refused(2), StringComparison.Ordinal);
    }
}
