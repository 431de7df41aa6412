namespace ChainRule.Tests.Ops;

public sealed class HardActivationsTest
{
    const double Inf = double.PositiveInfinity;

    public static TheoryData<string> Recorded => GoldenOps.Cases("ops", GoldenOps.HardActivations);

    [Theory, MemberData(nameof(Recorded))]
    public void Values_and_gradients_equal_the_recording(string name) => GoldenOps.Check("ops", name);

    [Fact]
    public void At_infinity_they_are_their_limits()
    {
        var x = Tensor.From(-Inf, Inf);
        Assert.Equal([-1, 2], x.Hardtanh(-1, 2).ToArray<double>());
        Assert.Equal([0, 6], x.Relu6().ToArray<double>());
        Assert.Equal([0, 1], x.Hardsigmoid().ToArray<double>());
        Assert.Equal([0, Inf], x.Hardswish().ToArray<double>());
        Assert.Equal([-Inf, Inf], x.Hardshrink().ToArray<double>());
        Assert.Equal([-Inf, Inf], x.Softshrink().ToArray<double>());
    }

    [Fact]
    public void At_its_corners_a_function_has_the_derivative_that_is_documented()
    {
        Assert.Equal([0, 1, 0], Derivative(x => x.Hardtanh(), -1, 0, 1));
        Assert.Equal([0, 1, 0], Derivative(x => x.Relu6(), 0, 1, 6));
        Assert.Equal([0, 1 / 6.0, 0], Derivative(x => x.Hardsigmoid(), -3, 1, 3));
        Assert.Equal([0, 0.5, 1], Derivative(x => x.Hardswish(), -3, 0, 3));
        Assert.Equal([0, 0, 1], Derivative(x => x.Hardshrink(), -0.5, 0.5, 0.75));
        Assert.Equal([0, 0, 1], Derivative(x => x.Softshrink(), -0.5, 0.5, 0.75));
    }

    [Fact]
    public void Settings_out_of_range_are_refused()
    {
        var x = Tensor.From(1.0);
        Assert.Equal("hardtanh: from 1 to 1: give a minimum below the maximum",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => x.Hardtanh(1)).Message);
        Assert.Equal("hardshrink: lambda -1: give a finite number, 0 or more",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => x.Hardshrink(-1)).Message);
        Assert.Equal("softshrink: lambda NaN: give a finite number, 0 or more",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => x.Softshrink(double.NaN)).Message);
    }

    static double[] Derivative(Func<Tensor, Tensor> f, params double[] at)
    {
        var x = Tensor.From(at).RequireGrad();
        f(x).Sum().Backward();
        return x.Grad.ToArray<double>();
    }
}
