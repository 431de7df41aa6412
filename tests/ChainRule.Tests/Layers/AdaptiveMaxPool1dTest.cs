namespace ChainRule.Tests.Layers;

using ChainRule.Layers;

public sealed class AdaptiveMaxPool1dTest
{
    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases("adaptive_max_pool1d");

    [Theory, MemberData(nameof(Recorded))]
    public void Outputs_and_gradients_equal_the_recording(string name, DType dtype) =>
        GoldenLayers.Replay(name, dtype, golden => new AdaptiveMaxPool1d(golden.Int("windows")));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Gradients_are_right(int windows) => GradientsOf.Layer(new AdaptiveMaxPool1d(windows), 2, 3, 7);

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Refused.With<ArgumentException>(
            "adaptive max pool of [3, 7]: an input has three axes: give [batch, channels, length]",
            () => new AdaptiveMaxPool1d(2).Forward(Tensor.Ones([3, 7])));
        Refused.With<ArgumentException>("AdaptiveMaxPool1d(0): give 1 window or more",
            () => _ = new AdaptiveMaxPool1d(0));
    }
}
