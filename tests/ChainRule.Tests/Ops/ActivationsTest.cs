namespace ChainRule.Tests.Ops;

public sealed class ActivationsTest
{
    public static TheoryData<string> Recorded => GoldenOps.Cases("ops", GoldenOps.Activations);

    [Theory, MemberData(nameof(Recorded))]
    public void Values_and_gradients_equal_the_recording(string name) => GoldenOps.Check("ops", name);

    [Fact]
    public void A_number_equal_to_the_threshold_reaches_it()
    {
        var x = Tensor.From(-1.0, 0.0, -0.0, 1e-300, 1.5, double.NegativeInfinity, double.PositiveInfinity)
            .RequireGrad();
        Assert.Equal([0, 1, 1, 1, 1, 0, 1], x.Step().ToArray<double>());
        Assert.Equal([0, 0, 0, 0, 1, 0, 1], x.Step(1.5).ToArray<double>());
        x.Step().Sum().Backward();
        Assert.All(x.Grad.ToArray<double>(), slope => Assert.Equal(0, slope));
    }

    [Fact]
    public void Activations_of_infinity_are_their_limits()
    {
        var x = Tensor.From(double.PositiveInfinity);
        Assert.Equal(double.PositiveInfinity, x.Relu().Item());
        Assert.Equal(double.PositiveInfinity, x.LeakyRelu().Item());
        Assert.Equal(double.PositiveInfinity, x.Elu().Item());
        Assert.Equal(double.PositiveInfinity, x.Gelu().Item());
        Assert.Equal(double.PositiveInfinity, x.GeluTanh().Item());
        Assert.Equal(double.PositiveInfinity, x.Silu().Item());
        Assert.Equal(double.PositiveInfinity, x.Softplus().Item());
        Assert.Equal((1, 1), (x.Sigmoid().Item(), x.Tanh().Item()));
        Assert.Equal((0, -1, -2), ((-x).Sigmoid().Item(), (-x).Tanh().Item(), (-x).Elu(2).Item()));
        Assert.Equal((0, 0), ((-x).Relu().Item(), (-x).Softplus().Item()));
    }
}
