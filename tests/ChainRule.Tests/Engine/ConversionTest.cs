namespace ChainRule.Tests.Engine;

public sealed class ConversionTest
{
    [Fact]
    public void A_gradient_flows_back_through_a_conversion()
    {
        var x = Tensor.From(1.0, 2).RequireGrad();
        var y = x.To(DType.Float32);
        Assert.Equal(("to", 1, true), (y.Op, y.Parents.Count, y.RequiresGrad));
        (y * Tensor.From(3f, 4)).Sum().Backward();
        (x.To(DType.Float64) * 2).Sum().Backward();
        Assert.Equal(DType.Float64, x.Grad.DType);
        Assert.Equal([5, 6], x.Grad.ToArray<double>());
        using (NoGrad.Begin()) Assert.False(x.To(DType.Float32).RequiresGrad);
    }
}
