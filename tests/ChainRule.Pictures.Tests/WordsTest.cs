namespace ChainRule.Pictures.Tests;

public sealed class WordsTest
{
    [Theory]
    [InlineData(3.32394, "3.324")]
    [InlineData(-0.5, "−0.5")]
    [InlineData(200_000, "200,000")]
    [InlineData(0.00001234567, "1.235e−05")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.NegativeInfinity, "−∞")]
    public void A_number_is_said_in_four_digits(double x, string said) => Assert.Equal(said, Words.Number(x));

    [Theory]
    [InlineData(0.1f, "0.1")]
    [InlineData(1234567.0, "1234567")]
    [InlineData(3.3239421, "3.323942")]
    public void A_table_holds_the_digits_of_a_float(double x, string said) => Assert.Equal(said, Words.Exact(x));

    [Theory]
    [InlineData(1, "1 leaf")]
    [InlineData(1000, "1,000 leaves")]
    public void One_is_not_many(int count, string said) => Assert.Equal(said, Words.Count(count, "leaf", "leaves"));
}
