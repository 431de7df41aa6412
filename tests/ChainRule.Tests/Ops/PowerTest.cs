namespace ChainRule.Tests.Ops;

public sealed class PowerTest
{
    public static TheoryData<string> Recorded => GoldenOps.Cases("ops", GoldenOps.Power);

    [Theory, MemberData(nameof(Recorded))]
    public void Values_and_gradients_equal_the_recording(string name) => GoldenOps.Check("ops", name);

    [Fact]
    public void A_negative_base_has_a_power_but_no_gradient_towards_the_exponent()
    {
        Tensor a = Tensor.From(-2.0, 0, 0, 0).RequireGrad(), b = Tensor.From(3.0, 0, -1, 2).RequireGrad();
        var y = a.Pow(b);
        y.Sum().Backward();
        Assert.Equal([-8, 1, double.PositiveInfinity, 0], y.ToArray<double>());
        Assert.Equal([12, 0, double.NegativeInfinity, 0], a.Grad.ToArray<double>());
        Assert.Equal([double.NaN, 0, double.NegativeInfinity, 0], b.Grad.ToArray<double>());
    }
}
