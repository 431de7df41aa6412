namespace ChainRule.Tests.Layers;

using ChainRule.Layers;
using ChainRule.Randomness;

/// <summary>Outputs against torch's own: WeightNamesTest.</summary>
public sealed class TransformerEncoderLayerTest
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void Gradients_are_right(bool normFirst, bool gelu) => GradientsOf.Layer(new TransformerEncoderLayer(4, 2,
        new TorchRandom(1), new() { DimFeedforward = 5, NormFirst = normFirst, Gelu = gelu }), 2, 3, 4);

    [Fact]
    public void Padding_is_seen_by_no_step()
    {
        var layer = new TransformerEncoderLayer(4, 2, new TorchRandom(1), new() { DimFeedforward = 5 });
        Tensor x = Tensor.Randn([1, 3, 4], new TorchRandom(2)), padding = Tensor.From([0f, 0, 1], [1, 3]);
        var cut = layer.Forward(x.Slice(1, 0, 2));
        Assert.All(layer.Forward(x, padding).Slice(1, 0, 2).ToArray<float>().Zip(cut.ToArray<float>()),
            pair => Assert.Equal(pair.Second, pair.First, 1e-5f));
    }

    [Fact]
    public void A_causal_layer_does_not_look_ahead()
    {
        var layer = new TransformerEncoderLayer(4, 2, new TorchRandom(1), new() { DimFeedforward = 5, Causal = true });
        var x = Tensor.Randn([1, 3, 4], new TorchRandom(2));
        Assert.All(layer.Forward(x).Slice(1, 0, 2).ToArray<float>().Zip(
            layer.Forward(x.Slice(1, 0, 2)).ToArray<float>()), pair => Assert.Equal(pair.Second, pair.First, 1e-5f));
    }

    [Fact]
    public void Sizes_that_do_not_go_together_are_refused()
    {
        Assert.Equal("TransformerEncoderLayer(5, 2): the heads must share the numbers evenly: give 1 or more of "
            + "either, and a multiple",
            Assert.ThrowsAny<ArgumentException>(() => new TransformerEncoderLayer(5, 2, new TorchRandom(1))).Message);
        Assert.Equal("TransformerEncoderLayer(4, 2): between the linear layers are 0 numbers: give 1 or more",
            Assert.ThrowsAny<ArgumentException>(() => new TransformerEncoderLayer(4, 2, new TorchRandom(1),
                new() { DimFeedforward = 0 })).Message);
        Assert.Equal("TransformerEncoderLayer(4, 2): the input is [2, 4]: give [batch, steps, 4]",
            Assert.ThrowsAny<ArgumentException>(() => new TransformerEncoderLayer(4, 2, new TorchRandom(1),
                new() { DimFeedforward = 3 }).Forward(Tensor.Zeros([2, 4]))).Message);
    }
}
