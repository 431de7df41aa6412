namespace ChainRule.Tests.Layers;

using ChainRule.Layers;
using ChainRule.Randomness;

public sealed class BatchNormTest
{
    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases("batch_norm");

    [Theory, MemberData(nameof(Recorded))]
    public void Outputs_gradients_and_running_statistics_equal_the_recording(string name, DType dtype) =>
        GoldenLayers.Replay(name, dtype,
            golden => new BatchNorm(golden.Int("features"), golden.Number("momentum"), golden.Number("eps")));

    public static TheoryData<string, DType> OnAnAxis => GoldenLayers.Cases("batch_norm_axis");

    [Theory, MemberData(nameof(OnAnAxis))]
    public void On_axis_1_they_do_too(string name, DType dtype) =>
        GoldenLayers.Replay(name, dtype, golden => new BatchNorm(golden.Int("features"), axis: 1));

    public static TheoryData<string, DType> Without => GoldenLayers.Cases("batch_norm_without");

    [Theory, MemberData(nameof(Without))]
    public void Without_gain_and_bias_or_running_statistics_they_do_too(string name, DType dtype) =>
        GoldenLayers.Replay(
        name, dtype, golden => new BatchNorm(golden.Int("features"), axis: 1, options: new()
        {
            Affine = golden.Flag("affine", true), TrackRunningStatistics = golden.Flag("track_running_stats", true),
        }));

    [Fact]
    public void Without_gain_and_bias_or_running_statistics_gradients_are_right()
    {
        var layer = new BatchNorm(3, eps: 1e-3, axis: 1,
            options: new() { Affine = false, TrackRunningStatistics = false });
        Assert.Empty(layer.StateDict());
        Assert.Contains("BatchNorm(3, axis: 1, affine: false, trackRunningStatistics: false)", layer.ToString(),
            StringComparison.Ordinal);
        GradientsOf.Layer(layer, 2, 3, 4);
        layer.Eval();
        GradientsOf.Layer(layer, 2, 3, 4);
    }

    [Theory]
    [InlineData(true, 4, 3)]
    [InlineData(true, 2, 3, 4)]
    [InlineData(true, 2, 3, 2, 2)]
    [InlineData(true, 2, 3, 8, 9)]
    [InlineData(false, 2, 3, 2, 2)]
    public void Gradients_on_axis_1_are_right(bool training, params int[] shape)
    {
        var layer = new BatchNorm(3, eps: 1e-3, axis: 1);
        layer.Forward(Tensor.Normal(shape, 1, 2, new TorchRandom(7)));
        if (!training) layer.Eval();
        GradientsOf.Layer(layer, shape);
    }

    [Fact]
    public void An_axis_may_be_counted_from_the_end()
    {
        var x = Tensor.Normal([4, 3, 2, 5], 7, 5, new TorchRandom(3));
        Assert.Equal(new BatchNorm(3, axis: 1).Forward(x).ToArray<float>(),
            new BatchNorm(3, axis: -3).Forward(x).ToArray<float>());
        Assert.Equal(new BatchNorm(5).Forward(x).ToArray<float>(),
            new BatchNorm(5, axis: 3).Forward(x).ToArray<float>());
        Assert.Contains("BatchNorm(3, axis: 1)", new BatchNorm(3, axis: 1).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 2, 1)]
    [InlineData(true, 6, 3)]
    [InlineData(true, 2, 4, 3)]
    [InlineData(false, 6, 3)]
    [InlineData(false, 1, 3)]
    [InlineData(false, 2, 4, 3)]
    public void Gradients_are_right(bool training, params int[] shape)
    {
        var layer = new BatchNorm(shape[^1], eps: 1e-3);
        for (int k = 0; k < 3; k++) layer.Forward(Tensor.Normal([5, shape[^1]], 1, 2, new TorchRandom((ulong)k)));
        if (!training) layer.Eval();
        GradientsOf.Layer(layer, shape);
    }

    [Fact]
    public void In_training_columns_have_mean_0_and_variance_1()
    {
        var x = Tensor.Normal([50, 4, 3], 7, 5, new TorchRandom(3));
        var y = new BatchNorm(3).Forward(x);
        Close.Equal([0, 0, 0], y.Mean([0, 1]).To(DType.Float64).Read<double>().ToArray()
            .Select(mean => Math.Round(mean, 5)).ToArray(), 0, "mean");
        Close.Equal([1, 1, 1], y.Var([0, 1], unbiased: false).To(DType.Float64).Read<double>(), 1e-4, "variance");
    }

    [Fact]
    public void In_use_it_equals_a_linear_layer_that_it_was_folded_into()
    {
        var rng = new TorchRandom(11);
        var linear = new Linear(6, 4, rng);
        var norm = new BatchNorm(4);
        Init.Uniform(norm.Weight!.Value, 0.5, 2, rng);
        Init.Normal(norm.Bias!.Value, 0, 1, rng);
        for (int k = 0; k < 20; k++) norm.Forward(linear.Forward(Tensor.Normal([32, 6], 1, 2, rng)));
        norm.Eval();

        // γ (W x + b − mean) / √(var + ε) + β = (s W) x + s (b − mean) + β with s = γ / √(var + ε), row by row.
        var folded = new Linear(6, 4, rng);
        using (NoGrad.Begin())
        {
            var s = norm.Weight!.Value / (norm.RunningVar!.Value + 1e-5).Sqrt();
            folded.Weight.CopyInPlace(linear.Weight * s.Reshape(4, 1));
            folded.Bias!.Value.CopyInPlace(s * (linear.Bias!.Value - norm.RunningMean!.Value) + norm.Bias!.Value);
        }
        var x = Tensor.Normal([10, 6], 1, 2, rng);
        var expected = folded.Forward(x).To(DType.Float64);
        Close.Equal(expected.Read<double>(), norm.Forward(linear.Forward(x)).To(DType.Float64).Read<double>(),
            1e-5, "folded");
    }

    [Fact]
    public void Running_statistics_can_be_updated_inside_a_scope_and_take_part_in_no_graph()
    {
        var layer = new BatchNorm(2);
        using (Scope.Begin()) layer.Forward(Tensor.From<float>([1, 2, 3, 6], [2, 2]).RequireGrad()).Sum().Backward();
        Close.Equal([0.2, 0.4], layer.RunningMean!.Value.To(DType.Float64).Read<double>(), 1e-6, "mean: 0.1 · [2, 4]");
        Close.Equal([1.1, 1.7], layer.RunningVar!.Value.To(DType.Float64).Read<double>(), 1e-6,
            "variance: 0.9 + 0.1 · [2, 8]");
        Assert.False(layer.RunningMean!.Value.RequiresGrad);
        Assert.True(layer.RunningVar!.Value.IsLeaf);
    }

    [Theory]
    [InlineData(6, 3)]
    [InlineData(2, 4, 3)]
    public void Over_n_less_1_the_variance_is_1_by_that_measure_and_gradients_are_right(params int[] shape)
    {
        var layer = new BatchNorm(3, eps: 1e-9, options: new() { Unbiased = true });
        int[] over = [.. Enumerable.Range(0, shape.Length - 1)];
        var y = layer.Forward(Tensor.Normal(shape, 7, 5, new TorchRandom(3)));
        Close.Equal([1, 1, 1], y.Var(over).To(DType.Float64).Read<double>(), 1e-5, "variance");
        GradientsOf.Layer(new BatchNorm(3, eps: 1e-3, options: new() { Unbiased = true }), shape);
    }

    [Fact]
    public void In_use_nothing_moves()
    {
        var layer = new BatchNorm(2);
        layer.Eval();
        layer.Forward(Tensor.From<float>([1, 2, 3, 6], [2, 2]));
        Assert.Equal([0f, 0f], layer.RunningMean!.Value.ToArray<float>());
        Assert.Equal([1f, 1f], layer.RunningVar!.Value.ToArray<float>());
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        var layer = new BatchNorm(3);
        Assert.Equal("BatchNorm(3): the input is [3, 2], and its last axis is not 3: give [.., 3]",
            Assert.ThrowsAny<ArgumentException>(() => layer.Forward(Tensor.Zeros([3, 2]))).Message);
        Assert.Equal("BatchNorm(3, axis: 1): the input is [3, 2, 3]: its axis 1 must be 3",
            Assert.ThrowsAny<ArgumentException>(() => new BatchNorm(3, axis: 1).Forward(Tensor.Zeros([3, 2, 3])))
                .Message);
        Assert.Equal("BatchNorm(3, axis: 2): the input is [2, 3]: its axis 2 must be 3",
            Assert.ThrowsAny<ArgumentException>(() => new BatchNorm(3, axis: 2).Forward(Tensor.Zeros([2, 3]))).Message);
        Assert.Equal(
            "batch norm of [1, 3]: 1 row has no variance: give a batch of at least 2, or call Eval() on the model",
            Assert.ThrowsAny<ArgumentException>(() => layer.Forward(Tensor.Zeros([1, 3]))).Message);
        Assert.Equal("BatchNorm(3): the momentum is 1.5: give a fraction, 0 to 1",
            Assert.ThrowsAny<ArgumentException>(() => new BatchNorm(3, 1.5)).Message);
        Assert.Equal("BatchNorm(0): the features must be 1 or more",
            Assert.ThrowsAny<ArgumentException>(() => new BatchNorm(0)).Message);
    }
}
