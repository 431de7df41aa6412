namespace ChainRule.Tests.Layers;

using ChainRule.Layers;

public sealed class MaxPool1dTest
{
    [Theory]
    [InlineData(2, null, 0, false)]
    [InlineData(3, 2, 1, false)]
    [InlineData(3, 3, 0, true)]
    public void Gradients_are_right(int kernel, int? stride, int padding, bool roundUp) => GradientsOf.Layer(new MaxPool1d(kernel, stride, padding, roundUp), 2, 2, 7);

    [Fact]
    public void A_layer_computes_its_op_and_prints_its_settings()
    {
        var x = Tensor.Randn([2, 3, 7], new(1));
        Assert.Equal(x.MaxPool1d(3, 1, 1).ToArray<float>(), new MaxPool1d(3, 1, 1).Forward(x).ToArray<float>());
        Assert.Contains("MaxPool1d(3)", new MaxPool1d(3).ToString(), StringComparison.Ordinal);
        Assert.Contains("MaxPool1d(3, stride: 1, padding: 1, roundUp: true)", new MaxPool1d(3, 1, 1, true).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_fit_is_named() => Refused.With<ArgumentException>(
        "MaxPool1d(3, padding: 2): give a kernel and a stride of 1 or more, and a padding of 0 to half the kernel", () => _ = new MaxPool1d(3, padding: 2));
}
