namespace ChainRule.Tests.Ops;

public sealed class ComparisonsTest
{
    public static TheoryData<string> Recorded => GoldenOps.Cases("ops", GoldenOps.Comparisons);

    [Theory, MemberData(nameof(Recorded))]
    public void Values_and_gradients_equal_the_recording(string name) => GoldenOps.Check("ops", name);

    [Fact]
    public void A_tensor_is_compared_with_a_number()
    {
        var x = Tensor.From(1f, 2, 3).RequireGrad();
        Assert.Equal([0, 0, 1], x.Greater(2).ToArray<float>());
        Assert.Equal([0, 1, 1], x.GreaterOrEqual(2).ToArray<float>());
        Assert.Equal([1, 0, 0], x.Less(2).ToArray<float>());
        Assert.Equal([1, 1, 0], x.LessOrEqual(2).ToArray<float>());
        Assert.Equal([0, 1, 0], x.EqualTo(2).ToArray<float>());
        Assert.Equal([1, 0, 1], x.NotEqualTo(2).ToArray<float>());
        Assert.False(x.GreaterOrEqual(2).RequiresGrad || x.IsNaN().RequiresGrad);
    }
}
