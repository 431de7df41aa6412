namespace ChainRule.Tests.Layers;

using ChainRule.Layers;
using ChainRule.Randomness;

public sealed class LinearTest
{
    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases("linear");

    [Theory, MemberData(nameof(Recorded))]
    public void Outputs_and_gradients_equal_the_recording(string name, DType dtype) =>
        GoldenLayers.Replay(name, dtype,
            golden => new Linear(golden.Int("in_features"), golden.Int("out_features"), new TorchRandom(0),
                golden.Flag("bias")));

    [Theory]
    [InlineData(true, 4)]
    [InlineData(true, 1, 4)]
    [InlineData(true, 3, 4)]
    [InlineData(true, 2, 3, 4)]
    [InlineData(false, 3, 4)]
    [InlineData(false, 2, 1, 3, 4)]
    public void Gradients_are_right(bool bias, params int[] shape) =>
        GradientsOf.Layer(new Linear(4, 3, new TorchRandom(1), bias), shape);

    [Fact]
    public void A_vector_gives_a_vector() =>
        Assert.Equal([3], new Linear(4, 3, new TorchRandom(1)).Forward(Tensor.Ones([4])).Shape);

    [Fact]
    public void Without_a_bias_there_is_none()
    {
        var layer = new Linear(4, 3, new TorchRandom(1), bias: false);
        Assert.Null(layer.Bias);
        Assert.Equal(["weight"], layer.StateDict().Keys);
        Assert.Equal(12, layer.ParameterCount);
    }

    [Fact]
    public void A_layer_made_inside_a_scope_outlives_it()
    {
        Linear layer;
        using (Scope.Begin()) layer = new(4, 3, new TorchRandom(1));
        Assert.Equal([1, 3], layer.Forward(Tensor.Ones([1, 4])).Shape);
        Assert.Equal(15, layer.ParameterCount);
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        var rng = new TorchRandom(1);
        var layer = new Linear(30, 200, rng);
        Assert.Equal("Linear(30, 200): the input is [32, 27], and its last axis is not 30: give [.., 30]",
            Assert.ThrowsAny<ArgumentException>(() => layer.Forward(Tensor.Zeros([32, 27]))).Message);
        Assert.Equal("Linear(30, 200): the input is [], and its last axis is not 30: give [.., 30]",
            Assert.ThrowsAny<ArgumentException>(() => layer.Forward(Tensor.Scalar(1))).Message);
        Assert.Equal("Linear takes a tensor, not ids: put an Embedding before it",
            Assert.ThrowsAny<ArgumentException>(() => layer.Forward(Ids.From(1, 2))).Message);
        Assert.Equal("Linear(0, 3): sizes must be 1 or more",
            Assert.ThrowsAny<ArgumentException>(() => new Linear(0, 3, rng)).Message);
    }
}
