namespace ChainRule.Tests.Layers;

using ChainRule.Layers;
using ChainRule.Randomness;

public sealed class Conv2dTest
{
    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases("conv2d");

    [Theory, MemberData(nameof(Recorded))]
    public void Outputs_and_gradients_equal_the_recording(string name, DType dtype) =>
        GoldenLayers.Replay(name, dtype, golden =>
        new Conv2d(golden.Int("in_channels"), golden.Int("out_channels"), golden.Int("kernel"), new TorchRandom(0),
            golden.Int("stride"), golden.Int("padding"), golden.Flag("bias")));

    public static TheoryData<string, DType> Modes => GoldenLayers.Cases("conv2d_mode");

    [Theory, MemberData(nameof(Modes))]
    public void With_each_padding_mode_they_do_too(string name, DType dtype) =>
        GoldenLayers.Replay(name, dtype, golden =>
        new Conv2d(2, 3, (3, 5), new TorchRandom(0), padding: (1, 2),
            options: new() { PaddingMode = Enum.Parse<PaddingMode>(golden.Text("padding_mode"), ignoreCase: true) }));

    [Fact]
    public void Gradients_with_circular_padding_are_right() => 
        GradientsOf.Layer(new Conv2d(2, 3, 3, new TorchRandom(1), padding: 1,
            options: new() { PaddingMode = PaddingMode.Circular }), 2, 2, 3, 4);

    [Theory]
    [InlineData(3, 1, 1, true, false)]
    [InlineData(3, 2, 0, true, true)]
    [InlineData(2, 1, 0, false, false)]
    [InlineData(1, 1, 0, true, false)]
    public void Gradients_are_right(int kernel, int stride, int padding, bool bias, bool relu) =>
        GradientsOf.Layer(new Conv2d(2, 3, kernel, new TorchRandom(1), stride, padding, bias, new() { Relu = relu }), 2,
            2, 5, 4);

    [Fact]
    public void Its_own_relu_gives_the_numbers_of_a_relu_behind_it()
    {
        var x = Tensor.Randn([2, 3, 6, 5], new TorchRandom(2)).RequireGrad();
        var own = new Conv2d(3, 4, 3, new TorchRandom(1), padding: 1, options: new() { Relu = true });
        var behind = new Sequential(new Conv2d(3, 4, 3, new TorchRandom(1), padding: 1), new Relu());
        var (y, dx) = Result(own, x);
        var (z, ex) = Result(behind, x);
        Assert.Equal(z, y);
        Assert.Equal(ex, dx);
        Assert.Equal(behind.Parameters().SelectMany(w => w.Grad.ToArray<float>()),
            own.Parameters().SelectMany(w => w.Grad.ToArray<float>()));
    }

    [Fact]
    public void Without_a_bias_there_is_none()
    {
        var layer = new Conv2d(2, 3, 3, new TorchRandom(1), bias: false);
        Assert.Null(layer.Bias);
        Assert.Equal(["weight"], layer.StateDict().Keys);
        Assert.Equal(54, layer.ParameterCount);
    }

    [Fact]
    public void It_prints_what_it_was_made_of()
    {
        Assert.Contains("Conv2d(1, 32, 3, padding: 1)", new Conv2d(1, 32, 3, new TorchRandom(1), padding: 1).ToString(),
            StringComparison.Ordinal);
        Assert.Contains("Conv2d(1, 2, 5, stride: 2, bias: false, relu: true)",
            new Conv2d(1, 2, 5, new TorchRandom(1), stride: 2, bias: false, options: new() { Relu = true }).ToString(),
            StringComparison.Ordinal);
        Assert.Contains("Conv2d(2, 2, 3, stride: 2 × 1, padding: 1, dilation: 2, groups: 2, paddingMode: Reflect)",
            new Conv2d(2, 2, 3, new TorchRandom(1), (2, 1), 1, options: new()
                { Dilation = 2, Groups = 2, PaddingMode = PaddingMode.Reflect }).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        var rng = new TorchRandom(1);
        var layer = new Conv2d(3, 8, 3, rng, padding: 1);
        Refused.With<ArgumentException>(
            "Conv2d(3, 8, 3, padding: 1): the input is [2, 1, 28, 28]: give [images, 3, height, width]",
            () => layer.Forward(Tensor.Zeros([2, 1, 28, 28])));
        Refused.With<ArgumentException>(
            "Conv2d(3, 8, 3, padding: 1): the input is [3, 28, 28]: give [images, 3, height, width]",
            () => layer.Forward(Tensor.Zeros([3, 28, 28])));
        Refused.With<ArgumentException>(
            "pad axis -2 of [1, 3, 2, 4] by 2 and 2: Reflect needs 3 numbers, and there are 2: pad less, or by zeros",
            () => new Conv2d(3, 8, 3, rng, padding: 2, options: new() { PaddingMode = PaddingMode.Reflect }).Forward(
                Tensor.Zeros([1, 3, 2, 4])));
        Refused.With<ArgumentException>("Conv2d(0, 8, 3): channels and kernel must be 1 or more",
            () => _ = new Conv2d(0, 8, 3, rng));
        Refused.With<ArgumentException>(
            "Conv2d(3, 8, 3): a stride of 0 with a padding of 1: give a stride of 1 or more and a padding of 0 or more",
            () => _ = new Conv2d(3, 8, 3, rng, stride: 0, padding: 1));
    }

    static (float[] Y, float[] DX) Result(Module layer, Tensor x)
    {
        x.ZeroGrad();
        var y = layer.Forward(x);
        y.Backward(Tensor.Randn(y.Shape, new TorchRandom(3)));
        return (y.ToArray<float>(), x.Grad.ToArray<float>());
    }
}
