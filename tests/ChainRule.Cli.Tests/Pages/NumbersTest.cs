using ChainRule.Cli.Commands;
using ChainRule.Cli.Pages;
using ChainRule.Metrics;

namespace ChainRule.Cli.Tests.Pages;

public sealed class NumbersTest
{
    [Theory]
    [InlineData(-2.22e-16, "0.0000")]
    [InlineData(3e-15, "0.0000")]
    [InlineData(0.0, "0.0000")]
    [InlineData(0.5, "0.5000")]
    [InlineData(-0.25, "−0.2500")]
    [InlineData(1.5e-9, "1.5e−09")]
    [InlineData(12400.4, "12,400")]
    [InlineData(double.NaN, "–")]
    public void What_rounding_leaves_of_0_is_0(double number, string shown) =>
        Assert.Equal(shown, Numbers.Score(number));

    [Fact]
    public void On_a_terminal_too()
    {
        Assert.Equal(("0.0000", "1.5e-9", "–"), (TableText.Number(-2.22e-16), TableText.Number(1.5e-9),
            TableText.Number(double.NaN)));
        // A constant prediction explains nothing, to the last bit.
        Assert.Matches("explained variance +0\n", RegressionReport.Of([0.1, 0.1, 0.1], [0.1, 0.7, 0.3]).ToString()
            .ToLowerInvariant() + "\n");
    }
}
