using ChainRule.Kernels;

namespace ChainRule.Tests.Kernels;

public sealed class PiecewiseTest
{
    [Theory]
    [InlineData(-2, -1, 0.25)]
    [InlineData(0, 0, 0.5)]
    [InlineData(3, 1, 1)]
    public void They_compare(double x, double sign, double above)
    {
        Everywhere(sign, Piecewise.Sign(At(x)));
        // Above 0, at 0 and below it.
        Everywhere(x == 0 ? 0.5 : x > 0 ? 1 : 0, Piecewise.Above(At(x), At(0)));
        Everywhere(above, Piecewise.Gate(At(x), At(x * above)));
    }

    [Fact]
    public void NaN_stays_NaN()
    {
        var nan = At(double.NaN);
        Everywhere(double.NaN, Piecewise.Sign(nan));
        Everywhere(double.NaN, Piecewise.OrNaN(nan, At(1)));
        Everywhere(double.NaN, Piecewise.Above(nan, At(1)));
        Everywhere(double.NaN, Piecewise.Above(At(1), nan));
        Everywhere(double.NaN, Piecewise.AtLeast(0, nan));
        Everywhere(double.NaN, Piecewise.Within(1, nan));
    }

    [Fact]
    public void What_is_out_of_range_is_held_at_its_end()
    {
        Everywhere(-1, Piecewise.Within(1, At(-5)));
        Everywhere(1, Piecewise.Within(1, At(double.PositiveInfinity)));
        Everywhere(0.5, Piecewise.Within(1, At(0.5)));
        Everywhere(-3, Piecewise.AtLeast(-3, At(double.NegativeInfinity)));
    }

    static Plain<double> At(double x) => Plain<double>.Of(x);

    static void Everywhere(double expected, Plain<double> got)
    {
        for (int i = 0; i < Plain<double>.Count; i++) Assert.Equal(expected, got.Value[i]);
    }
}
