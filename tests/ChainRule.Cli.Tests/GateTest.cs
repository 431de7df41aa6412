using ChainRule.Cli.Tests.Commands;

namespace ChainRule.Cli.Tests;

/// <summary>What goes out of the tool: to whom it goes, and that nothing in it steers a terminal.</summary>
public sealed class GateTest : IDisposable
{
    const string Escape = "\u001b";

    readonly SmallTraining _small = new();

    public void Dispose() => _small.Dispose();

    [Fact]
    public void It_ends_quietly_when_nobody_reads()
    {
        if (OperatingSystem.IsWindows()) return;
        _small.Train("run", 5, "--model", "bigram");
        var ended = CommandLine.Script(_small.Path,
            "chainrule sample run --count 200000000 | head -1; echo ${PIPESTATUS[0]}");
        Assert.Equal((2, ""), (ended.Lines.Length, ended.Errors));
        Assert.Equal("141", ended.Lines[^1]);
        // Nobody reads the errors.
        Assert.Equal("141\n",
            CommandLine.Script(_small.Path,
                "{ chainrule sample gone; echo $? >code; } 2>&1 >/dev/null | true; sleep 2; cat code").Well().Output);
    }

    [Fact]
    public void Training_saves_when_nobody_reads_and_goes_on_to_the_same_bits()
    {
        if (OperatingSystem.IsWindows()) return;
        _small.Train("whole", 400);
        var ended = CommandLine.Script(_small.Path,
            $"chainrule {string.Join(' ', _small.Command("unread", 400))} | head -4; echo ${{PIPESTATUS[0]}}");
        Assert.Equal("141", ended.Lines[^1]);
        _small.Run("train", "names", "--resume", "unread").Well();
        _small.AssertSameBits("whole", "unread");
    }

    [Fact]
    public void Nothing_from_a_file_or_a_name_steers_the_terminal_and_every_message_is_one_line()
    {
        if (OperatingSystem.IsWindows()) return;
        string evil = $"{Escape}[31mred\r{new string('x', 100)}\u202e";
        File.Copy(_small.PathOf("few.txt"), _small.PathOf($"{evil}.txt"));
        _small.Run("train", "names", "--data", $"{evil}.txt", "--model", "bigram", "--steps", "2", "--out", evil)
            .Well();
        string json = File.ReadAllText(_small.PathOf($"{evil}/run.json"));
        foreach (string[] asked in (string[][])[
            ["sample", evil], ["info", evil], ["compare", evil, evil], ["sample", evil, "--prefix", evil],
            ["sample", evil + evil], ["train", "names", "--resume", evil + "?"],
            ["train", "names", "--data", evil], [evil], ["train", "names", "--steps", evil],
            ["train", "names", "--model", evil], ["train", evil],
            ["lessons", evil], ["data", "get", evil],
            ["sample", evil, "--prefix-file", evil], ["train", "names", "--resume", evil, "--data", evil]])
            Clean(_small.Run(asked));
        foreach (string options in (string[])["{\"a\u0001\":1}", "[]", "{\"\\u001b[31m\":\"\\u001b[31m\"}", "no JSON",
            "{\"\\ud800\":\"\\ud800\"}"])
        {
            File.WriteAllText(_small.PathOf($"{evil}/run.json"),
                json.Replace("\"{}\"", System.Text.Json.JsonSerializer.Serialize(options), StringComparison.Ordinal));
            foreach (string command in (string[])["info", "sample"]) Clean(_small.Run(command, evil));
            Clean(_small.Run("compare", evil, evil));
            Clean(_small.Run("train", "names", "--resume", evil));
        }
    }

    [Fact]
    public void What_a_model_writes_is_shown_whole_and_steers_nothing()
    {
        _small.Run("train", "text", "--data", Text("abc🦊\u001b[2J\n"), "--model", "bigram", "--steps", "20", "--out",
            "text").Well();
        var ended = _small.Run("sample", "text", "--length", "300").Well();
        Assert.Contains("🦊", ended.Output, StringComparison.Ordinal);
        Assert.Contains("\\u001b", ended.Output, StringComparison.Ordinal);
        Clean(ended);
    }

    string Text(string line)
    {
        File.WriteAllText(_small.PathOf("text.txt"), string.Concat(Enumerable.Repeat(line, 100)));
        return "text.txt";
    }

    static void Clean(Ended ended)
    {
        foreach (string line in (ended.Output + ended.Errors).Split('\n'))
            Assert.False(line.Any(c => (char.IsControl(c) && c != '\t') || c is '\u202e' or '\ufffd'),
                $"{ended.Output}\n{ended.Errors}");
        if (ended.Errors.Length > 0) Assert.InRange(ended.Refused(ended.Code).Length, 1, 599);
        Assert.InRange(ended.Code, 0, 2);
    }
}
