namespace ChainRule.Tests.Ops;

public sealed class SmoothActivationsTest
{
    const double Inf = double.PositiveInfinity;

    public static TheoryData<string> Recorded => GoldenOps.Cases("ops", GoldenOps.SmoothActivations);

    [Theory, MemberData(nameof(Recorded))]
    public void Values_and_gradients_equal_the_recording(string name) => GoldenOps.Check("ops", name);

    [Fact]
    public void At_infinity_they_are_their_limits()
    {
        var x = Tensor.From(-Inf, Inf);
        Assert.Equal([-1.7580993408473766, Inf], x.Selu().ToArray<double>());
        Assert.Equal([-0.5, Inf], x.Celu(0.5).ToArray<double>());
        Assert.Equal([0, Inf], x.Mish().ToArray<double>());
        Assert.Equal([-1, 1], x.Softsign().ToArray<double>());
        Assert.Equal([-Inf, 0], x.LogSigmoid().ToArray<double>());
        Assert.Equal([-Inf, Inf], x.Tanhshrink().ToArray<double>());
    }

    [Fact]
    public void Far_out_the_derivative_is_its_limit()
    {
        Assert.Equal([0, 1.0507009873554805], Derivative(x => x.Selu()));
        Assert.Equal([0, 1], Derivative(x => x.Celu(0.5)));
        Assert.Equal([0, 1], Derivative(x => x.Mish()));
        Assert.Equal([0, 0], Derivative(x => x.Softsign()));
        Assert.Equal([1, 0], Derivative(x => x.LogSigmoid()));
        Assert.Equal([1, 1], Derivative(x => x.Tanhshrink()));
    }

    // x³ / 3 − 2 x⁵ / 15: the difference of x and tanh x would be right to five digits.
    [Fact]
    public void A_tanhshrink_keeps_its_digits_near_zero() =>
        Assert.Equal(1e-12 / 3 - 2e-20 / 15, Tensor.From(1e-4).Tanhshrink().Item(), 1e-27);

    [Fact]
    public void A_width_that_is_not_above_zero_is_refused() =>
        Assert.Equal("CELU: alpha 0: give a finite number above 0",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => Tensor.From(1.0).Celu(0)).Message);

    static double[] Derivative(Func<Tensor, Tensor> f)
    {
        var x = Tensor.From(-Inf, Inf).RequireGrad();
        f(x).Sum().Backward();
        return x.Grad.ToArray<double>();
    }
}
