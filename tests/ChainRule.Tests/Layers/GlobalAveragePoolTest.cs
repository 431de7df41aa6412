namespace ChainRule.Tests.Layers;

using ChainRule.Layers;

public sealed class GlobalAveragePoolTest
{
    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases("global_average_pool");

    [Theory, MemberData(nameof(Recorded))]
    public void Outputs_and_gradients_equal_the_recording(string name, DType dtype) =>
        GoldenLayers.Replay(name, dtype, _ => new GlobalAveragePool());

    [Theory]
    [InlineData(2, 3, 5)]
    [InlineData(2, 3, 4, 2)]
    public void Gradients_are_right(params int[] shape) => GradientsOf.Layer(new GlobalAveragePool(), shape);

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Refused.With<ArgumentException>("GlobalAveragePool: the input is [2, 3]: give [N, C, L] or [N, C, H, W]",
            () => new GlobalAveragePool().Forward(Tensor.Ones([2, 3])));
        Refused.With<ArgumentException>("GlobalAveragePool: the input is [2, 3, 0]: an image of no numbers has no mean",
            () => new GlobalAveragePool().Forward(Tensor.Zeros([2, 3, 0])));
    }
}
