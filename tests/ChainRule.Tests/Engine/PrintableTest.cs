namespace ChainRule.Tests.Engine;

public sealed class PrintableTest
{
    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("Zoë 🦊 नि", "Zoë 🦊 नि")]
    [InlineData("a\u001b[31mb\u009b", "a\\u001b[31mb\\u009b")]
    [InlineData("a\r\n\tb\u2028", "a\\r\\n\\tb\\u2028")]
    [InlineData("a\u202eb\u2066\u200f\ufeff", "a\\u202eb\\u2066\\u200f\\ufeff")]
    public void What_steers_a_terminal_is_a_number(string text, string shown) =>
        Assert.Equal(shown, Printable.Of(text));

    [Fact]
    public void Half_a_character_is_a_number() => Assert.Equal("a\\ud83d", Printable.Of("a\ud83d"));

    [Fact]
    public void What_is_long_is_cut()
    {
        Assert.Equal(new string('a', 60) + "…", Printable.Of(new string('a', 61)));
        Assert.Equal("aaaa…", Printable.Of("aaaa🦊", 5));
        Assert.Equal("a, b, … (3 in all)", Printable.List(["a", "b", "c"], 2));
        Assert.Equal("a, b, c", Printable.List(["a", "b", "c"]));
        Assert.InRange(Printable.List([.. Enumerable.Repeat(new string('\n', 500), 500)]).Length, 1, 300);
        string path = Printable.Path("/" + new string('a', 5000) + "/file.txt");
        Assert.True(path.Length == 200 && path.EndsWith("/file.txt", StringComparison.Ordinal));
    }

    [Fact]
    public void A_message_keeps_beginning_and_end()
    {
        string message =
            Printable.Message("asked\n" + string.Concat(Enumerable.Repeat("🦊", 5000)) + ": what would do");
        Assert.InRange(message.Length, 500, Printable.LongestMessage);
        Assert.StartsWith("asked\\n", message, StringComparison.Ordinal);
        Assert.EndsWith(": what would do", message, StringComparison.Ordinal);
        Assert.DoesNotContain("\ufffd",
            System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(message)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_block_keeps_its_lines() => Assert.Equal("a\n\tb\\r\\u001b", Printable.Block("a\n\tb\r\u001b"));

    [Fact]
    public void Every_error_of_the_library_is_one_line()
    {
        foreach (Action<string> refuse in (Action<string>[])[s => Throw.Argument(s), s => Throw.OutOfRange(s),
            Throw.Invalid, Throw.Data])
        {
            string message = Assert.ThrowsAny<Exception>(() => refuse("\u001b\n" + new string('x', 9999))).Message;
            Assert.True(message.Length < 600 && !message.Any(char.IsControl));
        }
    }
}
