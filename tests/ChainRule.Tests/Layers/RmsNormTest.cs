namespace ChainRule.Tests.Layers;

using ChainRule.Layers;

public sealed class RmsNormTest
{
    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases("rms_norm");

    [Theory, MemberData(nameof(Recorded))]
    public void Outputs_and_gradients_equal_the_recording(string name, DType dtype) =>
        GoldenLayers.Replay(name, dtype,
            golden => new RmsNorm(golden.Int("features"), golden.Number("eps"), golden.Flag("affine")));

    [Theory]
    [InlineData(5)]
    [InlineData(4, 5)]
    [InlineData(2, 3, 5)]
    public void Gradients_are_right(params int[] shape) => GradientsOf.Layer(new RmsNorm(5), shape);

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Assert.Equal("RmsNorm(3): the input is [3, 2], and its last axis is not 3: give [.., 3]",
            Assert.ThrowsAny<ArgumentException>(() => new RmsNorm(3).Forward(Tensor.Zeros([3, 2]))).Message);
        Assert.Equal("RmsNorm(0): the features must be 1 or more",
            Assert.ThrowsAny<ArgumentException>(() => new RmsNorm(0)).Message);
        Assert.Equal("RmsNorm(2): eps -1: give a finite number, 0 or more",
            Assert.ThrowsAny<ArgumentException>(() => new RmsNorm(2, -1)).Message);
    }
}
