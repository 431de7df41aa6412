using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Tests.Settings;

public sealed class NearestTest
{
    static readonly string[] s_names = ["learningRate", "batchSize", "width", "weightDecay", "heads", "layers"];

    [Theory]
    [InlineData("lerningRate", "learningRate")]
    [InlineData("learning-rate", "learningRate")]
    [InlineData("LEARNING_RATE", "learningRate")]
    [InlineData("widht", "width")]
    [InlineData("with", "width")]
    [InlineData("head", "heads")]
    [InlineData("learning", "learningRate")]
    [InlineData("lr", "learningRate")]
    [InlineData("wd", "weightDecay")]
    [InlineData("colour", null)]
    [InlineData("", null)]
    [InlineData("-", null)]
    public void A_mistyped_name_is_the_one_it_is_nearest_to(string asked, string? meant) =>
        Assert.Equal(meant, Nearest.To(asked, s_names));

    [Fact]
    public void A_text_is_no_name() => Assert.Null(Nearest.To(new string('w', 100_000), s_names));
}
