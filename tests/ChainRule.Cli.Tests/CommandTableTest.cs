using System.CommandLine;
using System.CommandLine.Help;

namespace ChainRule.Cli.Tests;

public sealed class CommandTableTest
{
    public static TheoryData<string> Names => [.. CommandTable.All.Select(static entry => entry.Name)];

    [Theory, MemberData(nameof(Names))]
    public void A_command_is_listed_as_it_says_of_itself(string name)
    {
        var entry = CommandTable.All.Single(one => one.Name == name);
        var command = entry.Create();
        Assert.Equal(command.Name, name);
        Assert.Equal(command.Description!.Split(". ")[0], entry.Description);
        Assert.Equal(string.Join(' ', command.Arguments.Where(static one => !one.Hidden)
            .Select(static one => $"<{one.HelpName ?? one.Name}>")), entry.Arguments);
    }

    [Fact]
    public void Help_is_what_the_commands_themselves_would_give()
    {
        var root = CommandTable.Root(["none of them"]);
        Assert.Equal(CommandTable.All.Length, root.Subcommands.Count);
        foreach (var command in root.Subcommands) command.Description = command.Description!.Split(". ")[0];
        var expected = new StringWriter();
        root.Options.OfType<HelpOption>().Single().Action = new HelpAction();
        root.Parse("--help").Invoke(new() { Output = expected });
        // What an argument is by default, a command's own help says.
        string made = expected.ToString().Replace(" [default: neuron]", "", StringComparison.Ordinal);
        string shown = CommandLine.Run(Path.GetTempPath(), "--help").Well().Output;
        Assert.Equal(Lines(made), Lines(shown[..shown.IndexOf("Examples:", StringComparison.Ordinal)]));
    }

    [Fact]
    public void A_command_line_makes_the_command_that_it_names_and_no_other()
    {
        Assert.Equal("info", Assert.Single(CommandTable.Root(["info", "runs/mine"]).Subcommands).Name);
        Assert.True(CommandTable.IsHelp([]));
        Assert.True(CommandTable.IsHelp(["-h"]));
        Assert.True(CommandTable.IsHelp(["help"]));
        Assert.False(CommandTable.IsHelp(["info", "--help"]));
        Assert.False(CommandTable.IsHelp(["--version"]));
    }

    [Fact]
    public void Help_of_a_command_is_asked_for_in_both_orders() => Assert.Equal(
        CommandLine.Run(Path.GetTempPath(), "data", "get", "--help").Well().Output,
        CommandLine.Run(Path.GetTempPath(), "help", "data", "get").Well().Output);

    static string[] Lines(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
