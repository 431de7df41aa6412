namespace ChainRule.Tests.Layers;

using ChainRule.Layers;

public sealed class FlattenConsecutiveTest
{
    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases("flatten_consecutive");

    [Theory, MemberData(nameof(Recorded))]
    public void Outputs_and_gradients_equal_the_recording(string name, DType dtype) =>
        GoldenLayers.Replay(name, dtype, golden => new FlattenConsecutive(golden.Int("n")));

    [Theory]
    [InlineData(2, 2, 4, 3)]
    [InlineData(4, 2, 4, 3)]
    [InlineData(1, 2, 3, 2)]
    public void Gradients_are_right(int n, params int[] shape) => GradientsOf.Layer(new FlattenConsecutive(n), shape);

    [Fact]
    public void Neighbours_come_to_stand_side_by_side()
    {
        var x = Tensor.Arange(0, 8).Reshape(1, 4, 2);
        Assert.Equal([1, 2, 4], new FlattenConsecutive(2).Forward(x).Shape);
        Assert.Equal([1, 8], new FlattenConsecutive(4).Forward(x).Shape);
        Assert.Equal(x.ToArray<float>(), new FlattenConsecutive(2).Forward(x).ToArray<float>());
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        var layer = new FlattenConsecutive(2);
        Assert.Equal("FlattenConsecutive(2): the input is [3, 5, 4], and its axis 1 does not divide into groups of 2: "
            + "give a multiple of 2",
            Assert.ThrowsAny<ArgumentException>(() => layer.Forward(Tensor.Zeros([3, 5, 4]))).Message);
        Assert.Equal("FlattenConsecutive(2): the input is [3, 4], and has 2 axes: give [B, T, C]",
            Assert.ThrowsAny<ArgumentException>(() => layer.Forward(Tensor.Zeros([3, 4]))).Message);
        Assert.Equal("FlattenConsecutive(0): a group has 1 or more",
            Assert.ThrowsAny<ArgumentException>(() => new FlattenConsecutive(0)).Message);
    }
}
