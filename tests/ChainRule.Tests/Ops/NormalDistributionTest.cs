using ChainRule.Kernels;

namespace ChainRule.Tests.Ops;

public sealed class NormalDistributionTest
{
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.84134474606854295)]
    [InlineData(-1.96, 0.024997895148220435)]
    [InlineData(-8, 6.2209605742717841e-16)]
    public void The_distribution_function_keeps_its_digits_down_the_tail(double z, double below) =>
        Assert.Equal(1, NormalDistribution.Below(z) / below, 1e-12);

    [Fact]
    public void The_inverse_of_the_error_function_undoes_it()
    {
        foreach (double y in new[] { 0, 1e-12, 1e-3, 0.1, 0.5, 0.9, 0.999, 1 - 1e-9, 1 - 1e-15 })
        {
            foreach (double sign in new[] { 1.0, -1 })
            {
                double x = NormalDistribution.InverseErf(sign * y), back = Exponentials.Erf(new Lone<double>(x)).Value;
                Assert.True(Math.Abs(back - sign * y) <= 4e-15 * y, $"{sign * y:R}: {back:R}");
            }
        }
        Assert.Equal(0.4769362762044699, NormalDistribution.InverseErf(0.5), 1e-15);
        Assert.Equal((double.PositiveInfinity, double.NegativeInfinity),
            (NormalDistribution.InverseErf(1), NormalDistribution.InverseErf(-1)));
        Assert.True(double.IsNaN(NormalDistribution.InverseErf(1.5)));
    }
}
