using ChainRule.Tests;

namespace ChainRule.Cli.Tests.Commands;

/// <summary>chainrule train patterns, and what is asked of what it trained.</summary>
public sealed class TrainPatternsTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    Ended Run(params string[] args) => CommandLine.Run(_folder.Path, args);

    [Fact]
    public void Letters_are_stored_shown_and_recalled_from_a_drawing()
    {
        string[] lines = Run("train", "patterns", "--flipped", "0.2", "--out", "run").Well().Lines;
        Assert.Contains(lines, line => line.StartsWith("step       4  loss", StringComparison.Ordinal)
            && line.Contains("not recalled 0.0", StringComparison.Ordinal));
        Assert.Contains("  recalled: H", lines);
        string[] info = Run("info", "run").Well().Lines;
        Assert.Contains("  recalled: H", info);
        Assert.Contains(info, line => line.StartsWith("  energy ", StringComparison.Ordinal)
            && line.Contains(" → ", StringComparison.Ordinal));
        _folder.Write("y.txt", "##...###\n##....##\n.##..##.\n..####..\n..#.#...\n...##..#\n...##...\n...##...\n");
        string[] recalled = Run("predict", "run", "y.txt").Well().Lines;
        Assert.Equal("  ##...###  ##....##", recalled[0]);
        Assert.Contains("  recalled: Y", recalled);
        _folder.Write("small.txt", "##\n##\n");
        Assert.Equal("recall: pattern 'small.txt' has 4 pixels, and the network 64 neurons: give 8 lines of as many "
            + "signs", Run("predict", "run", "small.txt").Refused(1));
        _folder.Write("wrong.txt", "#.#\n#.#\n");
        Assert.Equal("pattern 'wrong.txt': line 1 is '#.#': give 8 signs # or . in each of 8 lines",
            Run("predict", "run", "wrong.txt").Refused(1));
        Assert.Contains("training        Hebb's rule", info);
        string measured = Run("evaluate", "run", "--count", "200", "--flipped", "0").Well().Lines[0];
        Assert.Equal("200 of 200 damaged patterns, 0 of 64 pixels flipped in each, are recalled, pixel for pixel: "
            + "100.0 %", measured);
        Assert.Contains("13 of 64 pixels flipped in each, are recalled", Run("evaluate", "run").Well().Output,
            StringComparison.Ordinal);
        Assert.Equal("evaluate: flipped 0.9: give a number in [0, 0.5]",
            Run("evaluate", "run", "--flipped", "0.9").Refused(1));
        Assert.StartsWith("evaluate: run is a run on patterns, measured on patterns that are damaged anew: leave y.txt "
            + "out; to recall it: ", Run("evaluate", "run", "y.txt").Refused(1), StringComparison.Ordinal);
        Assert.Equal("evaluate: --length does not go with run, which is a run on patterns: leave it out",
            Run("evaluate", "run", "--length", "9").Refused(1));
        Assert.Equal("predict: none.txt is not there: give a text file", Run("predict", "run", "none.txt").Refused(1));
        Assert.Contains("give --drawn random", Run("train", "patterns", "--count", "9").Refused(2),
            StringComparison.Ordinal);
    }
}
