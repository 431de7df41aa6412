namespace ChainRule.Tests.Layers;

using ChainRule.Layers;
using ChainRule.Randomness;

public sealed class FlattenTest
{
    [Theory]
    [InlineData(6, 3, 2, 3)]
    [InlineData(6, 3, 6)]
    [InlineData(1, 3)]
    [InlineData(5, 0, 5)]
    [InlineData(6, 0, 2, 3)]
    [InlineData(0, 2, 0, 3)]
    public void Rows_become_vectors(int width, params int[] shape)
    {
        var x = Tensor.Randn(shape, new TorchRandom(1));
        var y = new Flatten().Forward(x);
        Assert.Equal([shape[0], width], y.Shape);
        Assert.Equal(x.ToArray<float>(), y.ToArray<float>());
    }

    [Theory]
    [InlineData(3, 2, 3)]
    [InlineData(2, 2, 1, 3)]
    public void Gradients_are_right(params int[] shape) => GradientsOf.Layer(new Flatten(), shape);

    [Fact]
    public void A_single_number_is_refused() => Assert.Equal(
        "Flatten: the input is a single number, and has no rows: give [B, ..]",
        Assert.ThrowsAny<ArgumentException>(() => new Flatten().Forward(Tensor.Scalar(1))).Message);
}
