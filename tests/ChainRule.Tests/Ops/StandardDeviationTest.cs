namespace ChainRule.Tests.Ops;

public sealed class StandardDeviationTest
{
    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void The_gradient_of_equal_numbers_is_zero(DType dtype)
    {
        var x = Tensor.From(1.0, 5, 1, 6, 1, 7).Reshape(3, 2).To(dtype).RequireGrad();
        var y = x.Std(0);
        y.Sum().Backward();
        Assert.Equal([0, 1], GoldenOps.Doubles(y));
        Assert.Equal([0, -0.5, 0, 0, 0, 0.5], GoldenOps.Doubles(x.Grad));
    }

    [Fact]
    public void Numbers_whose_squares_overflow_have_a_deviation()
    {
        var x = Tensor.From(1e30f, 1e30f, -1e30f).RequireGrad();
        var y = x.Std();
        y.Backward();
        Assert.Equal(1.1547005383792515e30, y.Item(), 1e24);
        Assert.All(x.Grad.ToArray<float>().Zip([0.2886751f, 0.2886751f, -0.5773503f]),
            pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
        Assert.Equal(1.1547005383792515e-30, (x.Detach() / 1e30 / 1e30).Std().Item(), 1e-36);
    }

    [Fact]
    public void Too_few_numbers_are_refused() =>
        Refused.With<ArgumentException>("std of [1]: 1 number has no unbiased variance: reduce over more, or say "
            + "unbiased: false", () => Tensor.Ones([1]).Std());
}
