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
        // The characters of names and of a text are one kind of data.
        foreach (var (recipe, tasks) in Recipe.All.SelectMany(recipe => recipe.Tasks.GroupBy(task =>
            task == TaskKind.Text ? TaskKind.Names : task).Select(tasks => (recipe, tasks))))
        {
            Assert.Equal($"{recipe.Name} ({string.Join(", ", tasks).ToLowerInvariant()}): {recipe.Summary}"
                + (recipe.IsSolved(tasks.Key)
                    ? "; here its weights are trained by gradient descent, not solved for" : ""), lines[at++]);
            Assert.StartsWith($"  passed  gradient check of model {recipe.Name}: ", lines[at++],
                StringComparison.Ordinal);
            // A regression has no expected initial loss: the table that comes with ChainRule, an autoencoder, a map.
            // One neuron is checked on another, of two classes.
            if (tasks.Key is not (TaskKind.Table or TaskKind.Autoencoder or TaskKind.Map
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
        Assert.Equal(4, CommandLine.Run(Path.GetTempPath(), "check", "--model", "bigram", "--threads", "1").Well()
            .Lines.Length);
        Assert.StartsWith("--model gpt9: choose one of bigram",
            CommandLine.Run(Path.GetTempPath(), "check", "--model", "gpt9").Refused(2), StringComparison.Ordinal);
    }
}
