using ChainRule.Diagnostics;
using ChainRule.Randomness;
using L = ChainRule.Layers;

namespace ChainRule.Tests.Diagnostics;

public sealed class FeatureMapsTest
{
    [Fact]
    public void The_maps_of_a_layer_are_its_outputs_in_evaluation_mode()
    {
        var (model, images) = SaliencyTest.Small();
        var all = FeatureMaps.All(model, images);
        Assert.Equal(["0", "1", "2"], all.Select(one => one.Key));
        using var mode = model.InEvaluation();
        Assert.Equal(model[0].Forward(images).ToArray<double>(), all[0].Value.ToArray<double>());
        Assert.Equal(all[2].Value.ToArray<double>(), FeatureMaps.Of(model, images, "2").ToArray<double>());
    }

    [Fact]
    public void First_filters_are_kernels_or_the_weights_of_pixels_and_a_copy()
    {
        var (model, _) = SaliencyTest.Small();
        var filters = FeatureMaps.FirstFilters(model, [2, 6, 6]);
        Assert.Equal([3, 2, 3, 3], filters.Shape.Span.ToArray());
        Assert.Equal(model.Parameters()[0].ToArray<double>(), filters.ToArray<double>());
        var mlp = new L.Sequential(new L.Flatten(), new L.Linear(12, 5, new TorchRandom(1)));
        Assert.Equal([5, 3, 2, 2], FeatureMaps.FirstFilters(mlp, [3, 2, 2]).Shape.Span.ToArray());
    }

    [Fact]
    public void What_is_not_there_is_one_sentence()
    {
        var (model, images) = SaliencyTest.Small();
        Assert.Equal("feature maps: no layer '5' gives images: give one of 0, 1, 2",
            Assert.ThrowsAny<ArgumentException>(() => FeatureMaps.Of(model, images, "5")).Message);
        Assert.Equal("feature maps: the model has no convolution and no linear layer: ask one that has",
            Assert.ThrowsAny<ArgumentException>(() => FeatureMaps.FirstFilters(new L.Tanh(), [1, 2, 2])).Message);
        Assert.StartsWith("feature maps: layer 1 takes 12 numbers and an image of [1, 2, 2] has 4: give the shape",
            Assert.ThrowsAny<ArgumentException>(() => FeatureMaps.FirstFilters(new L.Sequential(new L.Flatten(),
                new L.Linear(12, 5, new TorchRandom(1))), [1, 2, 2])).Message, StringComparison.Ordinal);
    }
}
