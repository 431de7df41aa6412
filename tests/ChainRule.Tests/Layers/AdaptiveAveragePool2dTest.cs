namespace ChainRule.Tests.Layers;

using ChainRule.Layers;

public sealed class AdaptiveAveragePool2dTest
{
    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 1)]
    [InlineData(1, 1)]
    public void Gradients_are_right(int rows, int columns) => GradientsOf.Layer(new AdaptiveAveragePool2d((rows, columns)), 2, 2, 4, 5);

    [Fact]
    public void An_image_of_any_size_becomes_so_many_windows()
    {
        var layer = new AdaptiveAveragePool2d((2, 3));
        Assert.Equal([1, 2, 2, 3], layer.Forward(Tensor.Zeros([1, 2, 7, 5])).Shape);
        Assert.Equal([0, 2, 2, 3], layer.Forward(Tensor.Zeros([0, 2, 7, 5])).Shape);
        Assert.Equal("AdaptiveAveragePool2d(0): give 1 window or more", Assert.ThrowsAny<ArgumentException>(() => new AdaptiveAveragePool2d(0)).Message);
    }
}
