namespace ChainRule.Tests.Ops;

public sealed class FunctionsTest
{
    public static TheoryData<string> Recorded => GoldenOps.Cases("ops", GoldenOps.Functions);

    [Theory, MemberData(nameof(Recorded))]
    public void Values_and_gradients_equal_the_recording(string name) => GoldenOps.Check("ops", name);

    [Fact]
    public void The_power_zero_is_one_everywhere_and_has_no_slope()
    {
        var x = Tensor.From(0.0, -2.0, 3.0).RequireGrad();
        var y = x.Pow(0);
        y.Sum().Backward();
        Assert.Equal([1, 1, 1], y.ToArray<double>());
        Assert.Equal([0, 0, 0], x.Grad.ToArray<double>());
    }

    [Fact]
    public void The_first_power_has_slope_one_at_zero_too()
    {
        var x = Tensor.From(0.0, -2.0).RequireGrad();
        x.Pow(1).Sum().Backward();
        Assert.Equal([1, 1], x.Grad.ToArray<double>());
    }

    [Fact]
    public void A_clamp_whose_ends_are_exchanged_is_refused()
    {
        Refused.With<ArgumentException>("clamp(2, 1): the low end must not pass the high end",
            () => Tensor.Ones([2]).Clamp(2, 1));
        Refused.With<ArgumentException>("clamp(NaN, 1): the low end must not pass the high end",
            () => Tensor.Ones([2]).Clamp(double.NaN, 1));
    }
}
