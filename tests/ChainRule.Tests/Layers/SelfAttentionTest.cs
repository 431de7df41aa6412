namespace ChainRule.Tests.Layers;

using ChainRule.Layers;
using ChainRule.Randomness;

public sealed class SelfAttentionTest
{
    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases("self_attention", "sequence");

    public static TheoryData<string> Dropped => Golden.Names("sequence", "dropout_attention");

    [Theory, MemberData(nameof(Recorded))]
    public void Outputs_and_gradients_equal_the_recording(string name, DType dtype) =>
        GoldenLayers.Replay(name, dtype, Make, "sequence");

    [Theory, MemberData(nameof(Dropped))]
    public void What_is_dropped_is_what_torch_drops(string name)
    {
        var golden = Golden.Case("sequence", name);
        // Masks are drawn from the stream that weights were drawn from: it is set to where torch's began.
        var rng = new TorchRandom(0);
        var layer = new SelfAttention(golden.Int("features"), golden.Int("heads"), rng,
            new() { Causal = golden.Flag("causal"), Dropout = golden.Number("p") });
        GoldenLayers.Load(golden, layer, DType.Float32);
        rng.SetState(new TorchRandom((ulong)golden.Int("seed")).GetState());
        Tensor[] x = [GoldenLayers.Make(golden.Inputs[0], DType.Float32).RequireGrad()];
        GoldenLayers.Backward(layer, golden, x, layer.Forward(x[0]), name);
    }

    [Theory]
    [InlineData(true, 1, 1, 6)]
    [InlineData(true, 2, 5, 6)]
    [InlineData(false, 2, 5, 6)]
    public void Gradients_are_right(bool causal, params int[] shape) =>
        GradientsOf.Layer(new SelfAttention(6, 2, new TorchRandom(1), new() { Causal = causal }), shape);

    /// <summary>What the weights take of the values is the output, which torch recorded.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Its_weights_are_those_of_its_output(bool causal)
    {
        var rng = new TorchRandom(5);
        var layer = new SelfAttention(6, 2, rng, new() { Causal = causal });
        layer.To(DType.Float64);
        var x = Tensor.Randn([3, 4, 6], rng).To(DType.Float64);
        var weights = layer.Weights(x);
        Assert.Equal([3, 2, 4, 4], weights.Shape.Span.ToArray());
        Assert.True(weights.RequiresGrad);
        using (NoGrad.Begin()) Assert.False(layer.Weights(x).RequiresGrad);
        Assert.All(weights.Sum(-1).ToArray<double>(), sum => Assert.Equal(1, sum, 1e-12));
        if (causal) Assert.Equal(0, weights[0, 1, 2, 3]);
        var v = layer.Qkv.Forward(x).Reshape(3, 4, 3, 2, 3).Permute(2, 0, 3, 1, 4).Select(0, 2);
        var y = layer.Output.Forward(weights.MatMul(v).Permute(0, 2, 1, 3).Reshape(3, 4, 6));
        Assert.Equal(layer.Forward(x).ToArray<double>(), y.ToArray<double>(), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Its_tensors_are_those_of_two_linear_layers_drawn_one_after_the_other()
    {
        var rng = new TorchRandom(3);
        var (qkv, output) = (new Linear(4, 12, rng), new Linear(4, 4, rng));
        var layer = new SelfAttention(4, 2, new TorchRandom(3));
        Assert.Equal(["qkv.weight", "qkv.bias", "output.weight", "output.bias"], layer.StateDict().Keys);
        Assert.Equal(qkv.Weight.ToArray<float>(), layer.Qkv.Weight.ToArray<float>());
        Assert.Equal(output.Weight.ToArray<float>(), layer.Output.Weight.ToArray<float>());
        Assert.Equal(["qkv.weight", "output.weight"],
            new SelfAttention(4, 2, new TorchRandom(3), new() { QkvBias = false, OutputBias = false })
                .StateDict().Keys);
    }

    [Fact]
    public void In_use_nothing_is_dropped()
    {
        var x = Tensor.Randn([2, 5, 6], new TorchRandom(2));
        SelfAttention dropping = new(6, 2, new TorchRandom(1), new() { Dropout = 0.5 }),
            whole = new(6, 2, new TorchRandom(1));
        Assert.NotEqual(whole.Forward(x).ToArray<float>(), dropping.Forward(x).ToArray<float>());
        dropping.Eval();
        Assert.Equal(whole.Forward(x).ToArray<float>(), dropping.Forward(x).ToArray<float>());
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        var layer = new SelfAttention(6, 2, new TorchRandom(1));
        Assert.Equal("SelfAttention(6, 2): the input is [5, 6]: give [batch, steps, features]",
            Assert.ThrowsAny<ArgumentException>(() => layer.Forward(Tensor.Ones([5, 6]))).Message);
        Assert.Equal("Linear(6, 18): the input is [2, 5, 4], and its last axis is not 6: give [.., 6]",
            Assert.ThrowsAny<ArgumentException>(() => layer.Forward(Tensor.Ones([2, 5, 4]))).Message);
        Assert.Equal(
            "SelfAttention(6, 4): the heads must share the features evenly: give 1 or more of either, and a multiple",
            Assert.ThrowsAny<ArgumentException>(() => new SelfAttention(6, 4, new TorchRandom(1))).Message);
        Assert.Equal("Dropout(1): the probability p must be 0 or more and below 1, or nothing is left",
            Assert.ThrowsAny<ArgumentException>(
                () => new SelfAttention(6, 2, new TorchRandom(1), new() { Dropout = 1 })).Message);
    }

    static SelfAttention Make(GoldenCase golden) => new(golden.Int("features"), golden.Int("heads"), new TorchRandom(0),
        new() { Causal = golden.Flag("causal"), Scale = golden.Has("scale") ? golden.Number("scale") : null });
}
