namespace ChainRule.Tests.Layers;

using ChainRule.Layers;
using ChainRule.Randomness;

public sealed class ConvTranspose1dTest
{
    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases("conv_transpose1d");

    [Theory, MemberData(nameof(Recorded))]
    public void Outputs_and_gradients_equal_the_recording(string name, DType dtype) =>
        GoldenLayers.Replay(name, dtype,
            golden => new ConvTranspose1d(3, 4, 3, new TorchRandom(0), 2, 1, golden.Flag("bias"),
                new() { OutputPadding = 1 }));

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(3, 2, 2)]
    public void Gradients_are_right(int stride, int outputPadding, int groups) =>
        GradientsOf.Layer(new ConvTranspose1d(2, 4, 3, new TorchRandom(1), stride, 1,
            options: new() { OutputPadding = outputPadding, Groups = groups }), 2, 2, 4);

    [Fact]
    public void What_does_not_fit_is_named()
    {
        var layer = new ConvTranspose1d(3, 8, 2, new TorchRandom(1), 2, 3);
        Refused.With<ArgumentException>("ConvTranspose1d(3, 8, 2, stride: 2, padding: 3): the input is [2, 8]: give "
            + "[batch, 3, length]", () => layer.Forward(Tensor.Zeros([2, 8])));
        Refused.With<ArgumentException>("ConvTranspose1d(3, 8, 3): an output padding of 2 with a stride of 2: give 0 "
            + "or more, and less than the stride",
            () => _ = new ConvTranspose1d(3, 8, 3, new TorchRandom(1), 2, options: new() { OutputPadding = 2 }));
        Assert.Contains("ConvTranspose1d(3, 8, 3, stride: 2, outputPadding: 1)",
            new ConvTranspose1d(3, 8, 3, new TorchRandom(1), 2, options: new() { OutputPadding = 1 }).ToString(),
            StringComparison.Ordinal);
    }
}
