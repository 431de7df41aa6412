namespace ChainRule.Tests.Layers;

using ChainRule.Layers;
using ChainRule.Randomness;

public sealed class MaxPool2dTest
{
    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases("max_pool2d");

    [Theory, MemberData(nameof(Recorded))]
    public void Outputs_and_gradients_equal_the_recording(string name, DType dtype) =>
        GoldenLayers.Replay(name, dtype, golden => new MaxPool2d(golden.Int("kernel"), golden.Int("stride"), golden.Int("padding")));

    [Theory]
    [InlineData(2, null, 0)]
    [InlineData(3, 2, 1)]
    public void Gradients_are_right(int kernel, int? stride, int padding) => GradientsOf.Layer(new MaxPool2d(kernel, stride, padding), 2, 2, 5, 4);

    [Fact]
    public void Windows_stand_side_by_side_unless_asked_otherwise()
    {
        var x = Tensor.Randn([1, 2, 6, 6], new TorchRandom(1));
        Assert.Equal(new MaxPool2d(3, stride: 3).Forward(x).ToArray<float>(), new MaxPool2d(3).Forward(x).ToArray<float>());
        Assert.Contains("MaxPool2d(3)", new MaxPool2d(3).ToString(), StringComparison.Ordinal);
        Assert.Contains("MaxPool2d(3, stride: 1, padding: 1)", new MaxPool2d(3, 1, 1).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Refused.With<ArgumentException>("MaxPool2d(0): give a kernel and a stride of 1 or more, and a padding of 0 to half the kernel",
            () => _ = new MaxPool2d(0));
        Refused.With<ArgumentException>("MaxPool2d(3, padding: 2): give a kernel and a stride of 1 or more, and a padding of 0 to half the kernel",
            () => _ = new MaxPool2d(3, padding: 2));
    }
}
