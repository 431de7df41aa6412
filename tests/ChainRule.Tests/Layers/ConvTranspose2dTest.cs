namespace ChainRule.Tests.Layers;

using ChainRule.Layers;
using ChainRule.Randomness;

public sealed class ConvTranspose2dTest
{
    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases("conv_transpose2d");

    [Theory, MemberData(nameof(Recorded))]
    public void Outputs_and_gradients_equal_the_recording(string name, DType dtype) =>
        GoldenLayers.Replay(name, dtype,
            golden => new ConvTranspose2d(4, 6, 3, new TorchRandom(0), 2, 1, golden.Flag("bias"),
            new() { OutputPadding = 1, Groups = 2 }));

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(3, 2, 2)]
    public void Gradients_are_right(int stride, int outputPadding, int groups) =>
        GradientsOf.Layer(new ConvTranspose2d(2, 4, (3, 2), new TorchRandom(1), stride, 1,
            options: new() { OutputPadding = outputPadding, Groups = groups }), 2, 2, 4, 3);

    [Fact]
    public void It_brings_back_the_size_that_a_convolution_took_away()
    {
        var x = Tensor.Ones([1, 3, 28, 28]);
        var small = new Conv2d(3, 8, 3, new TorchRandom(1), stride: 2, padding: 1).Forward(x);
        Assert.Equal([1, 8, 14, 14], small.Shape);
        Assert.Equal(x.Shape,
            new ConvTranspose2d(8, 3, 3, new TorchRandom(1), stride: 2, padding: 1,
                options: new() { OutputPadding = 1 }).Forward(small).Shape);
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        var layer = new ConvTranspose2d(3, 8, (2, 3), new TorchRandom(1), bias: false);
        Refused.With<ArgumentException>(
            "ConvTranspose2d(3, 8, 2 × 3, bias: false): the input is [2, 8, 3, 3]: give [images, 3, height, width]",
            () => layer.Forward(Tensor.Zeros([2, 8, 3, 3])));
        Refused.With<ArgumentException>("ConvTranspose2d(3, 8, 3): an output padding of 1 with a stride of 1: give 0 "
            + "or more, and less than the stride",
            () => _ = new ConvTranspose2d(3, 8, 3, new TorchRandom(1), options: new() { OutputPadding = 1 }));
    }
}
