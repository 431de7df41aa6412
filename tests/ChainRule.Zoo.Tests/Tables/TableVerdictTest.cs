using ChainRule.Zoo.Tables;

namespace ChainRule.Zoo.Tests.Tables;

public sealed class TableVerdictTest
{
    [Theory]
    [InlineData(0.1, 0.3, false,
        "The network (mlp) is worth it: it is better than a linear model by more than chance (")]
    [InlineData(0.1, 0.3, true,
        "The network (mlp) is worth it: it is better than a linear model by more than chance (")]
    [InlineData(-0.1, 0.3, false,
        "The network (mlp) is not worth it: a linear model is as good, as far as these rows can tell (")]
    [InlineData(-0.3, -0.1, false, "The network (mlp) is not worth it: a linear model is better (")]
    public void A_verdict_is_that_of_the_rows(double low, double high, bool chosen, string says) => Assert.StartsWith(
        says, Worth(low, high, chosen), StringComparison.Ordinal);

    /// <summary>The choice and the verdict are of different rows, and must not contradict each other on one screen.
    /// </summary>
    [Theory]
    [InlineData(-0.1, 0.3, "as good, as far as they can tell")]
    [InlineData(-0.3, -0.1, "better")]
    public void What_validation_data_chose_is_doubted_and_not_called_worthless(double low, double high, string linear)
    {
        string said = Worth(low, high, chosen: true);
        Assert.Equal("Whether mlp is worth it, these rows do not confirm: on validation data, by which it was taken, "
            + $"it was better than a linear model by more than chance, and here a linear model is {linear} (R² 0.9 "
            + "against 0.8, on the same 400 test rows). --folds 5 judges both on all rows; --model linear is "
            + "simpler.", said);
    }

    static string Worth(double low, double high, bool chosen) => TableVerdict.Worth("mlp", "R²", "0.9", "0.8",
        new PairedDifference((low + high) / 2, low, high), "400 test rows", chosen);
}
