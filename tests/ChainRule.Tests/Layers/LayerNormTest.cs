namespace ChainRule.Tests.Layers;

using ChainRule.Layers;
using ChainRule.Randomness;

public sealed class LayerNormTest
{
    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases("layer_norm");

    [Theory, MemberData(nameof(Recorded))]
    public void Outputs_and_gradients_equal_the_recording(string name, DType dtype) =>
        GoldenLayers.Replay(name, dtype,
            golden => new LayerNorm(golden.Int("features"), golden.Number("eps"), golden.Flag("affine")));

    [Theory]
    [InlineData(true, 5)]
    [InlineData(true, 4, 5)]
    [InlineData(true, 2, 3, 5)]
    [InlineData(false, 4, 5)]
    public void Gradients_are_right(bool affine, params int[] shape) =>
        GradientsOf.Layer(new LayerNorm(5, affine: affine), shape);

    public static TheoryData<string, DType> OfAShape => GoldenLayers.Cases("layer_norm_shape");

    [Theory, MemberData(nameof(OfAShape))]
    public void Over_several_axes_they_do_too(string name, DType dtype) =>
        GoldenLayers.Replay(name, dtype,
            golden => new LayerNorm(Shape.Create(golden.Ints("shape")), affine: golden.Flag("affine")));

    [Fact]
    public void Gradients_over_several_axes_are_right()
    {
        GradientsOf.Layer(new LayerNorm([3, 4]), 2, 3, 4);
        GradientsOf.Layer(new LayerNorm([2, 2, 2], bias: false), 3, 2, 2, 2);
    }

    [Fact]
    public void A_shape_that_does_not_fit_is_named()
    {
        Refused.With<ArgumentException>(
            "LayerNorm([3, 4]): the input is [2, 4, 3], and its last axes are not [3, 4]: give [.., 3, 4]",
            () => new LayerNorm([3, 4]).Forward(Tensor.Zeros([2, 4, 3])));
        Refused.With<ArgumentException>(
            "LayerNorm([3, 4]): the input is [4], and its last axes are not [3, 4]: give [.., 3, 4]",
            () => new LayerNorm([3, 4]).Forward(Tensor.Zeros([4])));
        Refused.With<ArgumentException>("LayerNorm([3, 0]): give one axis or more, each of size 1 or more",
            () => _ = new LayerNorm([3, 0]));
    }

    [Fact]
    public void Without_gain_and_bias_there_is_nothing_to_train()
    {
        var layer = new LayerNorm(5, affine: false);
        Assert.Empty(layer.StateDict());
        Assert.Equal(0, layer.ParameterCount);
    }

    [Fact]
    public void Without_a_bias_it_is_what_it_is_with_a_bias_of_0()
    {
        var x = Tensor.Randn([4, 5], new TorchRandom(1));
        LayerNorm with = new(5), without = new(5, bias: false);
        Assert.Equal(["weight"], without.StateDict().Keys);
        Assert.Equal("LayerNorm(5, bias: false)", without.ToString().Split('\n')[1].Split("  ")[0]);
        Assert.Equal(with.Forward(x).ToArray<float>(), without.Forward(x).ToArray<float>());
        GradientsOf.Layer(without, 4, 5);
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Assert.Equal("LayerNorm(3): the input is [3, 2], and its last axis is not 3: give [.., 3]",
            Assert.ThrowsAny<ArgumentException>(() => new LayerNorm(3).Forward(Tensor.Zeros([3, 2]))).Message);
        Assert.Equal("LayerNorm(0): the features must be 1 or more",
            Assert.ThrowsAny<ArgumentException>(() => new LayerNorm(0)).Message);
    }
}
