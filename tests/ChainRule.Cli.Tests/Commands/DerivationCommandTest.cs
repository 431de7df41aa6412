using ChainRule.Tests;

namespace ChainRule.Cli.Tests.Commands;

public sealed class DerivationCommandTest : IDisposable
{
    const string Program = "x = randn(5, 3)\nw = randn(3, 2)\ny = x @ w\nloss = (y**2).mean()\n";

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    Ended Run(string text, params string[] more)
    {
        File.WriteAllText(_folder.PathOf("g.txt"), text);
        return CommandLine.Run(_folder.Path, ["derivation", "g.txt", .. more]);
    }

    [Fact]
    public void Right_gradients_are_right() => Assert.EndsWith("All 2 gradients are right.\n",
        Run($"{Program}dy = 2 * y / 10\ndw = x.T @ dy\n", "--seed", "7").Well().Output, StringComparison.Ordinal);

    [Fact]
    public void The_mistake_is_named()
    {
        var ended = Run($"{Program}dy = 2 * y\ndw = x.T @ dy\n");
        Assert.Equal(1, ended.Code);
        Assert.Contains("The first wrong step is dy: it is 10 times the gradient: the factor 1/10 is missing",
            ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_points_at_the_character()
    {
        var ended = Run($"{Program}dy = 2 * \n");
        Assert.Equal(1, ended.Code);
        Assert.Equal("chainrule: g.txt: line 5, column 10: a number, a name or '(' is missing before the end of the "
            + "line\ndy = 2 * \n         ^\n", ended.Errors);
    }

    [Fact]
    public void A_text_without_a_program_is_refused() => Assert.StartsWith("derivation: no line computes 'loss'",
        Run("dy = 2\n").Refused(1), StringComparison.Ordinal);
}
