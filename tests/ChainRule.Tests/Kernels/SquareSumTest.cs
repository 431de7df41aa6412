using ChainRule.Kernels;
using ChainRule.Randomness;

namespace ChainRule.Tests.Kernels;

public sealed class SquareSumTest
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(1000)]
    public void Is_the_plain_sum_in_double(int count)
    {
        float[] singles = new float[count];
        new TorchRandom(1).Normal(singles, 0, 1);
        double[] doubles = Array.ConvertAll(singles, x => (double)x);
        double expected = doubles.Sum(x => x * x);
        Close.Equal([expected], [SquareSum.Of<float>(singles)], 1e-13, "of float");
        Close.Equal([expected], [SquareSum.Of<double>(doubles)], 1e-13, "of double");
    }

    [Fact]
    public void Squares_that_float_cannot_hold_are_held() =>
        Assert.Equal(2e60, SquareSum.Of<float>([1e30f, -1e30f]), 1e54);
}
