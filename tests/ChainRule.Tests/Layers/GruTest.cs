namespace ChainRule.Tests.Layers;

using ChainRule.Layers;

public sealed class GruTest
{
    [Theory]
    [InlineData(1, 1, 3)]
    [InlineData(2, 4, 3)]
    public void Gradients_are_right(params int[] shape) => GradientsOf.Layer(new Gru(3, 5, new(1)), shape);

    [Fact]
    public void Both_ways_forward_say_the_same_and_are_observed()
    {
        var layer = new Gru(3, 4, new(1));
        var seen = new List<Tensor>();
        using var watch = layer.Observe((_, _, y) => seen.Add(y));
        var x = Tensor.Randn([2, 5, 3], new(2));
        Tensor y = layer.Forward(x), z = layer.Forward(x, null, out var final);
        Assert.Equal(y.ToArray<float>(), z.ToArray<float>());
        Assert.Equal(y.Select(1, -1).ToArray<float>(), final.ToArray<float>());
        Assert.Equal("[1, 2, 4]", final.Shape.ToString());
        Assert.Equal([y, z], seen);
    }
}
