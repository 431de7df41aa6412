namespace ChainRule.Tests.Layers;

using ChainRule.Layers;

public sealed class PReluTest
{
    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases("prelu");

    [Theory, MemberData(nameof(Recorded))]
    public void Outputs_and_gradients_equal_the_recording(string name, DType dtype) =>
        GoldenLayers.Replay(name, dtype, golden => new PRelu(golden.Int("channels")));

    [Theory]
    [InlineData(1, 1, 4, 3)]
    [InlineData(3, 1, 2, 3, 4)]
    [InlineData(4, -1, 2, 3, 4)]
    public void Gradients_are_right(int channels, int axis, params int[] shape) =>
        GradientsOf.Layer(new PRelu(channels, axis: axis), shape);

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Assert.Equal([-0.25f, 2], new PRelu().Forward(Tensor.From<float>(-1, 2)).ToArray<float>());
        Assert.Contains("PRelu(3, axis: -1)", new PRelu(3, axis: -1).ToString(), StringComparison.Ordinal);
        Refused.With<ArgumentException>("PRelu(3): the input is [2, 4]: its axis 1 must be 3",
            "x",
            () => new PRelu(3).Forward(Tensor.Ones([2, 4])));
        Refused.With<ArgumentException>("PRelu(0): the channels must be 1 or more", () => _ = new PRelu(0));
    }
}
