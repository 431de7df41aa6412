namespace ChainRule.Tests.Ops;

public sealed class CumulativeTest
{
    public static TheoryData<string> Recorded => GoldenOps.Cases("ops", GoldenOps.Cumulative);

    [Theory, MemberData(nameof(Recorded))]
    public void Values_and_gradients_equal_the_recording(string name) => GoldenOps.Check("ops", name);

    [Fact]
    public void Nothing_has_a_product_of_one()
    {
        Assert.Equal(1, Tensor.Zeros([0]).Prod().Item());
        Assert.Equal([1, 1], Tensor.Zeros([0, 2]).Prod(0).ToArray<float>());
        Assert.Equal([0, 2], Tensor.Zeros([0, 2]).CumSum(0).Shape);
    }

    [Fact]
    public void A_long_running_sum_keeps_its_digits()
    {
        var x = Tensor.Full([1_000_000], 0.1f);
        Assert.Equal(0.1f * 1e6, x.CumSum(0)[-1], 0.01);
        Assert.ThrowsAny<ArgumentOutOfRangeException>(() => x.CumSum(1));
    }
}
