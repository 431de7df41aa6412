using ChainRule.Tests;

namespace ChainRule.Cli.Tests.Commands;

public sealed class TokenizeCommandTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    Ended Run(params string[] args) => CommandLine.Run(_folder.Path, args);

    [Fact]
    public void Tokens_are_written_trained_on_and_what_was_trained_writes_and_is_measured()
    {
        string text = string.Concat(Enumerable.Range(0, 300).Select(i => $"line {i % 17} of a text, {i * 31 % 97}\n"));
        _folder.Write("text.txt", text);
        string[] lines = Run("tokenize", "text.txt", "--vocabulary", "280", "--out", "tokens").Well().Lines;
        Assert.Matches("^tokens: [0-9,]+ tokens of a vocabulary of 280: [0-9,]+ to train, [0-9,]+ to validate$",
            lines[0]);
        Assert.EndsWith("train text --data tokens", lines[1], StringComparison.Ordinal);
        string[] small = ["--steps", "4", "--set", "layers=1", "--set", "width=8", "--set", "heads=2", "--set",
            "context=8"];
        Run(["train", "text", "--data", "tokens", .. small, "--out", "run"]).Well();
        Run(["train", "text", "--data", "text.txt", "--vocabulary", "280", .. small, "--out", "memory"]).Well();
        Directory.Delete(_folder.PathOf("tokens"), recursive: true);
        foreach (string[] command in (string[][])[["sample", "RUN", "--prefix", "line", "--length", "20"],
            ["evaluate", "RUN", "text.txt"]])
        {
            string[] In(string run) => Run([.. command.Select(word => word == "RUN" ? run : word)]).Well().Lines;
            Assert.Equal(In("memory"), In("run"));
        }
        Run("export", "run", "--to", "onnx").Well();
        // The run's tokenizer makes the same tokens again.
        Run("tokenize", "text.txt", "--tokenizer", "run", "--validation", "0", "--out", "again").Well();
        Assert.True(File.Exists(_folder.PathOf("again/tokens-00000.bin")));
        Assert.Equal("tokenize: 'again' is there already: give another folder, or take it away first",
            Run("tokenize", "text.txt", "--out", "again").Refused(Tool.Failed));
    }
}
