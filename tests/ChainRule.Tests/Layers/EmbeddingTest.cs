namespace ChainRule.Tests.Layers;

using ChainRule.Diagnostics;
using ChainRule.Layers;
using ChainRule.Randomness;

public sealed class EmbeddingTest
{
    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases("embedding");

    [Theory, MemberData(nameof(Recorded))]
    public void Outputs_and_gradients_equal_the_recording(string name, DType dtype) =>
        GoldenLayers.Replay(name, dtype,
            golden => new Embedding(golden.Int("rows"), golden.Int("columns"), new TorchRandom(0)));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(2, 4)]
    [InlineData(2, 1, 3)]
    public void Gradients_are_right(params int[] shape)
    {
        var rng = new TorchRandom(5);
        var layer = new Embedding(4, 3, rng);
        layer.To(DType.Float64);
        var ids = Ids.Random(shape, 0, 4, rng);
        var c = Tensor.Randn(layer.Forward(ids).Shape, rng, DType.Float64);
        GradCheck.Require($"Embedding on {ids.Shape}", () => (layer.Forward(ids).Square() * c).Sum(),
            layer.NamedParameters());
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        var layer = new Embedding(27, 10, new TorchRandom(1));
        Assert.Equal("Embedding takes ids, not a tensor: give it Ids, such as tokens",
            Assert.ThrowsAny<ArgumentException>(() => layer.Forward(Tensor.Zeros([3]))).Message);
        Assert.Equal("rows of [27, 10]: id 27 at place 1 of [2]: ids run from 0 to 26",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => layer.Forward(Ids.From(3, 27))).Message);
        Assert.Equal("Embedding(0, 3): sizes must be 1 or more",
            Assert.ThrowsAny<ArgumentException>(() => new Embedding(0, 3, new TorchRandom(1))).Message);
    }
}
