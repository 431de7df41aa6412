using ChainRule.Lab.Server;
using ChainRule.Tests;

namespace ChainRule.Lab.Tests.Server;

public sealed class LabTokenTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    string Kept => _folder.PathOf("lab/token");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_is_kept_for_the_next_start_and_for_this_user_alone()
    {
        var first = new LabToken(Kept);
        Assert.Equal(first.Text, new LabToken(Kept).Text);
        Assert.True(first.Is(first.Text));
        Assert.NotEqual(first.Text, new LabToken().Text);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Kept));
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("ABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEF")]
    public void What_is_no_token_is_made_anew(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Kept)!);
        File.WriteAllText(Kept, text);
        var made = new LabToken(Kept);
        Assert.NotEqual(text, made.Text);
        Assert.Equal(made.Text, File.ReadAllText(Kept));
    }

    [Fact]
    public void A_file_that_others_can_read_is_no_secret()
    {
        if (OperatingSystem.IsWindows()) return;
        string first = new LabToken(Kept).Text;
        File.SetUnixFileMode(Kept, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        string second = new LabToken(Kept).Text;
        Assert.NotEqual(first, second);
        Assert.Equal(second, new LabToken(Kept).Text);
    }

    [Fact]
    public void Where_nothing_can_be_written_it_lasts_as_long_as_the_lab()
    {
        File.WriteAllText(_folder.PathOf("lab"), "");
        Assert.NotEqual(new LabToken(Kept).Text, new LabToken(Kept).Text);
    }
}
