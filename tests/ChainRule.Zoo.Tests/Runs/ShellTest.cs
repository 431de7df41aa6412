using System.Diagnostics;
using ChainRule.Tests;
using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Tests.Runs;

public sealed class ShellTest
{
    [Theory]
    [InlineData("runs/names-mlp", "runs/names-mlp")]
    [InlineData("my run", "'my run'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("$HOME `date` \"x\" *", "'$HOME `date` \"x\" *'")]
    [InlineData("~", "'~'")]
    [InlineData("", "''")]
    [InlineData("Zoë", "'Zoë'")]
    [InlineData("a\nb\u001b'\\", "$'a\\nb\\u001b\\'\\\\'")]
    public void A_word_is_quoted_where_a_shell_reads_anything_into_it(string word, string quoted) =>
        Assert.Equal(quoted, Shell.Quote(word, windows: false));

    [Theory]
    [InlineData("runs\\names", "runs\\names")]
    [InlineData("my run", "\"my run\"")]
    public void On_Windows_it_is_quoted_for_its_shells(string word, string quoted) =>
        Assert.Equal(quoted, Shell.Quote(word, windows: true));

    [Fact]
    public void The_tool_is_called_as_it_was_started()
    {
        Assert.Equal("chainrule", Shell.Tool);
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.PathOf("my src/ChainRule.Cli"));
        folder.Write("my src/ChainRule.Cli/ChainRule.Cli.csproj", "");
        string program = folder.PathOf("my src/ChainRule.Cli/bin/Release/net10.0/");
        Assert.Equal("chainrule", Shell.CalledBy(folder.PathOf("installed/tools/net10.0/any/"), folder.Path));
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal("dotnet run -c Release --project 'my src/ChainRule.Cli' --", Shell.CalledBy(program, folder.Path));
        Assert.Equal("dotnet run -c Release --project ../ChainRule.Cli --",
            Shell.CalledBy(program, folder.PathOf("my src/other")));
    }

    [Fact]
    public void A_path_is_no_option() => Assert.Equal("./-x", Shell.Path("-x"));

    [Theory]
    [InlineData("a b  c")]
    [InlineData("it's $HOME \"`date`\" \\ ! # & ; | < > ( ) { } [ ] * ?")]
    [InlineData("line\nend\ttab\u001b[31m")]
    [InlineData("=~^%+,é🦊")]
    public void A_shell_gives_it_back(string word)
    {
        if (OperatingSystem.IsWindows()) return;
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", $"printf %s {Shell.Quote(word)}"])
        {
            RedirectStandardOutput = true,
            StandardOutputEncoding = System.Text.Encoding.UTF8,
            Environment = { ["LC_ALL"] = "C.UTF-8" },
        })!;
        Assert.Equal(word, shell.StandardOutput.ReadToEnd());
    }
}
