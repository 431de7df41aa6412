namespace ChainRule.Tests.Layers;

using ChainRule.Layers;

public sealed class GroupNormTest
{
    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases("group_norm");

    [Theory, MemberData(nameof(Recorded))]
    public void Outputs_and_gradients_equal_the_recording(string name, DType dtype) =>
        GoldenLayers.Replay(name, dtype,
            golden => new GroupNorm(golden.Int("groups"), golden.Int("channels"), affine: golden.Flag("affine")));

    [Theory]
    [InlineData(2, 3, 4)]
    [InlineData(4, 2, 4, 3)]
    [InlineData(1, 2, 4, 2, 2)]
    public void Gradients_are_right(int groups, params int[] shape) =>
        GradientsOf.Layer(new GroupNorm(groups, 4), shape);

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Assert.Equal(
            "GroupNorm(3, 4): 4 channels do not divide into 3 groups: give 1 or more of either, and a multiple",
            Assert.ThrowsAny<ArgumentException>(() => new GroupNorm(3, 4)).Message);
        Assert.Equal("GroupNorm(2, 4): the input is [3, 5]: give [N, 4, ..]",
            Assert.ThrowsAny<ArgumentException>(() => new GroupNorm(2, 4).Forward(Tensor.Zeros([3, 5]))).Message);
        Assert.Equal("GroupNorm(2, 4): eps NaN: give a finite number, 0 or more",
            Assert.ThrowsAny<ArgumentException>(() => new GroupNorm(2, 4, double.NaN)).Message);
        Assert.Equal([0, 4, 3], new GroupNorm(2, 4).Forward(Tensor.Zeros([0, 4, 3])).Shape);
    }
}
