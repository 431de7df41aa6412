namespace ChainRule.Tests.Ops;

public sealed class RoundingTest
{
    public static TheoryData<string> Recorded => GoldenOps.Cases("ops", GoldenOps.Rounding);

    [Theory, MemberData(nameof(Recorded))]
    public void Values_and_gradients_equal_the_recording(string name) => GoldenOps.Check("ops", name);

    [Fact]
    public void What_is_whole_already_stays_and_so_does_the_sign_of_zero()
    {
        var x = Tensor.From(-0.0, double.PositiveInfinity, double.NegativeInfinity, 1e300, -4);
        Assert.Equal(x.ToArray<double>(), x.Floor().ToArray<double>());
        Assert.Equal(x.ToArray<double>(), x.Ceiling().ToArray<double>());
        Assert.Equal(x.ToArray<double>(), x.Round().ToArray<double>());
        Assert.Equal([0, 1, -1, 1, -1], x.Sign().ToArray<double>());
    }
}
