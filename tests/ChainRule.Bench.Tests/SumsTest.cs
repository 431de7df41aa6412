namespace ChainRule.Bench.Tests;

public sealed class SumsTest
{
    static readonly float[] s_numbers = [1, -2, 3, -4];

    [Fact]
    public void The_sums_are_the_means_of_size_positive_part_and_size_times_place() =>
        Assert.Equal([2.5, 1, 5], Sums.Of(Tensor.From(s_numbers)));

    [Fact]
    public void A_wrong_size_sign_or_place_shows()
    {
        Assert.NotEqual(Sums.Of(Tensor.From(s_numbers)), Sums.Of(Tensor.From<float>(1, -2, 3.5f, -4)));
        Assert.NotEqual(Sums.Of(Tensor.From(s_numbers)), Sums.Of(Tensor.From<float>(1, -2, -3, -4)));
        Assert.NotEqual(Sums.Of(Tensor.From(s_numbers)), Sums.Of(Tensor.From<float>(-2, 1, 3, -4)));
    }
}
