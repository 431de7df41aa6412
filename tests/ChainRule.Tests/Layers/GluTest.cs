namespace ChainRule.Tests.Layers;

using ChainRule.Layers;

public sealed class GluTest
{
    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases("glu");

    [Theory, MemberData(nameof(Recorded))]
    public void Outputs_and_gradients_equal_the_recording(string name, DType dtype) =>
        GoldenLayers.Replay(name, dtype, golden => new Glu(golden.Int("axis")));

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    public void Gradients_are_right(int axis) => GradientsOf.Layer(new Glu(axis), 2, 3, 4);

    [Fact]
    public void An_axis_that_cannot_be_halved_is_named()
    {
        Assert.Contains("Glu(axis: 1)", new Glu(1).ToString(), StringComparison.Ordinal);
        Refused.With<ArgumentException>(
            "GLU of [2, 3]: axis -1 has 3 numbers, which cannot be halved: give an even number",
            () => new Glu().Forward(Tensor.Ones([2, 3])));
    }
}
