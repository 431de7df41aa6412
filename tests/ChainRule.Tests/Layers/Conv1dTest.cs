namespace ChainRule.Tests.Layers;

using ChainRule.Layers;
using ChainRule.Randomness;

public sealed class Conv1dTest
{
    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases("conv1d");

    [Theory, MemberData(nameof(Recorded))]
    public void Outputs_and_gradients_equal_the_recording(string name, DType dtype) =>
        GoldenLayers.Replay(name, dtype, golden =>
        new Conv1d(3, 4, 3, new TorchRandom(0), 2, 2,
            options: new() { PaddingMode = Enum.Parse<PaddingMode>(golden.Text("padding_mode"), ignoreCase: true) }));

    [Theory]
    [InlineData(PaddingMode.Zeros, 1, 1, false)]
    [InlineData(PaddingMode.Reflect, 2, 1, false)]
    [InlineData(PaddingMode.Replicate, 1, 2, true)]
    public void Gradients_are_right(PaddingMode mode, int stride, int groups, bool relu) =>
        GradientsOf.Layer(new Conv1d(2, 4, 3, new TorchRandom(1), stride, 1,
            options: new() { Relu = relu, Groups = groups, PaddingMode = mode }), 2, 2, 5);

    [Fact]
    public void What_does_not_fit_is_named()
    {
        var layer = new Conv1d(3, 8, 5, new TorchRandom(1), stride: 2);
        Refused.With<ArgumentException>("Conv1d(3, 8, 5, stride: 2): the input is [2, 8, 3]: give [batch, 3, length]",
            () => layer.Forward(Tensor.Zeros([2, 8, 3])));
        Refused.With<ArgumentException>(
            "conv1d of [2, 3, 4] with weights [8, 3, 5]: a kernel that reaches over 5 numbers is longer than the "
                + "sequence with its padding, 4: pad more or take a smaller kernel",
            () => layer.Forward(Tensor.Zeros([2, 3, 4])));
        Refused.With<ArgumentException>("Conv1d(3, 8, 0): channels and kernel must be 1 or more",
            () => _ = new Conv1d(3, 8, 0, new TorchRandom(1)));
        Refused.With<ArgumentException>(
            "Conv1d(3, 8, 3): inputs and outputs do not divide into 2 groups: give a number that divides both",
            () => _ = new Conv1d(3, 8, 3, new TorchRandom(1), options: new() { Groups = 2 }));
    }
}
