using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Cli.Tests.Commands;

public sealed class CheckCommandTest
{
    [Fact]
    public void Every_recipe_passes_the_three_checks_each_in_a_line()
    {
        string[] lines = CommandLine.Run(Path.GetTempPath(), "check").Well().Lines;
        int at = 0;
        foreach (var recipe in Recipe.All)
        {
            Assert.Equal($"{recipe.Name}: {recipe.Summary}", lines[at++]);
            Assert.StartsWith($"  passed  gradient check of model {recipe.Name}: ", lines[at++],
                StringComparison.Ordinal);
            // A regression has no expected initial loss: the table that comes with ChainRule, an autoencoder, a map.
            // One neuron is checked on another, of two classes.
            if (recipe.Tasks.First() is not (TaskKind.Table or TaskKind.Autoencoder or TaskKind.Map
                    or TaskKind.Patterns)
                || recipe.Name is "perceptron" or "neuron")
                Assert.StartsWith("  passed  initial loss: ", lines[at++], StringComparison.Ordinal);
            Assert.StartsWith("  passed  overfit a single batch: ", lines[at++], StringComparison.Ordinal);
        }
        Assert.Equal(at, lines.Length);
    }

    [Fact]
    public void One_recipe_is_checked_alone_and_an_unknown_one_is_a_usage_error()
    {
        Assert.Equal(4, CommandLine.Run(Path.GetTempPath(), "check", "--model", "bigram").Well().Lines.Length);
        Assert.StartsWith("--model gpt9: choose one of bigram",
            CommandLine.Run(Path.GetTempPath(), "check", "--model", "gpt9").Refused(2), StringComparison.Ordinal);
    }
}
