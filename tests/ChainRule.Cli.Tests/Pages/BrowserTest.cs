using ChainRule.Cli.Pages;

namespace ChainRule.Cli.Tests.Pages;

public sealed class BrowserTest
{
    [Fact]
    public void A_page_is_opened_by_the_systems_own_program_where_there_is_a_screen()
    {
        static string? Opener(params string[] set) =>
            Browser.Opener(name => set.Contains(name) ? ":0" : null);
        string? usual = OperatingSystem.IsWindows() ? null : OperatingSystem.IsMacOS() ? "open" : "xdg-open";
        Assert.Equal(usual, Opener("DISPLAY"));
        Assert.Equal(usual, Opener("WAYLAND_DISPLAY"));
        if (usual == "xdg-open") Assert.Equal("", Opener());
    }

    [Theory]
    [InlineData("")]
    [InlineData("no-such-program-anywhere")]
    public void Where_nothing_opens_it_nothing_breaks(string opener) =>
        Assert.False(Browser.TryOpen("report.html", opener));
}
