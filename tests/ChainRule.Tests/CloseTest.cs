using Xunit.Sdk;

namespace ChainRule.Tests;

public sealed class CloseTest
{
    [Theory]
    [InlineData(1.0, 1.0 + 0.9e-10)]
    [InlineData(-200.0, -200.0 - 1.9e-8)]
    [InlineData(0.0, 0.0)]
    [InlineData(double.NaN, double.NaN)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    public void Accepts(double expected, double actual) => Close.Equal([expected], [actual], 1e-10, "it");

    [Theory]
    [InlineData(1.0, 1.0 + 1.1e-10)]
    [InlineData(-200.0, -200.0 - 2.1e-8)]
    [InlineData(0.0, 1e-300)]
    [InlineData(1.0, double.NaN)]
    [InlineData(double.NaN, 1.0)]
    [InlineData(1.0, double.PositiveInfinity)]
    [InlineData(double.PositiveInfinity, double.MaxValue)]
    [InlineData(double.PositiveInfinity, double.NegativeInfinity)]
    [InlineData(double.PositiveInfinity, double.NaN)]
    public void Refuses(double expected, double actual) =>
        Assert.Throws<FailException>(() => Close.Equal([expected], [actual], 1e-10, "it"));

    [Fact]
    public void A_small_element_is_held_to_the_mean_of_its_tensor()
    {
        Close.Equal([1e-20, 3.0, double.NaN, double.PositiveInfinity],
            [1.4e-10, 3.0, double.NaN, double.PositiveInfinity], 1e-10, "mean 1.5");
        Assert.Throws<FailException>(() => Close.Equal([1e-20, 3.0], [1.6e-10, 3.0], 1e-10, "mean 1.5"));
    }

    [Fact]
    public void The_message_says_what_and_where_and_how_far()
    {
        var failure = Assert.Throws<FailException>(
            () => Close.Equal([1.0, 2.0, 4.0], [1.0, 2.5, 4.0], 0.1, "tanh of [3], output"));
        Assert.Equal("tanh of [3], output: at 1 of 3: got 2.5, expected 2, off by 5.0e-1 where 2.3e-1 is allowed",
            failure.Message);
    }

    [Fact]
    public void Lengths_and_shapes_must_agree()
    {
        var length = Assert.Throws<FailException>(() => Close.Equal([1.0, 2.0], [1.0], 0.1, "it"));
        Assert.Equal("it: expected 2 numbers, got 1", length.Message);
        var golden = new GoldenTensor([2, 1], [1.0, 2.0]);
        Close.Equal(golden, [2, 1], [1.0, 2.0], 0.1, "it");
        var shape = Assert.Throws<FailException>(() => Close.Equal(golden, [2], [1.0, 2.0], 0.1, "it"));
        Assert.Equal("it: expected shape [2, 1], got [2]", shape.Message);
    }
}
