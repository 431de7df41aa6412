namespace ChainRule.Pictures.Tests;

public sealed class ShadesTest
{
    [Theory]
    [InlineData("blues", 0, "black")]
    [InlineData("blues", 1, "white")]
    [InlineData("viridis", 0, "white")]
    [InlineData("viridis", 1, "black")]
    [InlineData("redblue", 0, "white")]
    [InlineData("redblue", 0.5, "black")]
    [InlineData("redblue", 1, "white")]
    public void Ink_can_be_read_on_its_shade(string scheme, double share, string ink) =>
        Assert.Equal(ink, Shades.Ink(scheme, share));
}
