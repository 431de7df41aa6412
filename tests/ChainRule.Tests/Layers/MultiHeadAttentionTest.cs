namespace ChainRule.Tests.Layers;

using ChainRule.Diagnostics;
using ChainRule.Layers;
using ChainRule.Randomness;

public sealed class MultiHeadAttentionTest
{
    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases("multi_head", "sequence");

    public static TheoryData<string, DType> WithWeights => GoldenLayers.Cases("multi_head_weights", "sequence");

    public static TheoryData<string> Drawn => Golden.Names("sequence", "multi_head_init");

    public static TheoryData<string> Dropped => Golden.Names("sequence", "multi_head_dropout");

    [Theory, MemberData(nameof(Recorded))]
    public void Outputs_and_gradients_equal_the_recording(string name, DType dtype) =>
        Replay(name, dtype, (layer, x, padding, hidden) =>
        x.Length == 1 ? layer.Forward(x[0]) : layer.Forward(x[0], x[1], x[2], padding, hidden));

    [Theory, MemberData(nameof(WithWeights))]
    public void So_do_the_weights_and_their_gradients(string name, DType dtype) =>
        Replay(name, dtype, (layer, x, padding, hidden) =>
    {
        var y = layer.Forward(x[0], x[1], x[2], padding, hidden, out var weights);
        return Tensor.Concat(0, y.Flatten(), weights.Flatten());
    });

    [Theory, MemberData(nameof(Drawn))]
    public void New_weights_equal_torchs_draw_for_draw_and_name_for_name(string name)
    {
        var golden = Golden.Case("sequence", name);
        var state = Make(golden, new((ulong)golden.Int("seed"))).StateDict();
        Assert.Equal(golden.State.Select(one => one.Key), state.Keys);
        foreach (var (key, recorded) in golden.State)
        {
            Assert.Equal(recorded.Shape, state[key].Shape.Span.ToArray());
            Assert.Equal(recorded.Data, state[key].ToArray<float>().Select(w => (double)w));
        }
    }

    [Theory, MemberData(nameof(Dropped))]
    public void What_is_dropped_is_what_torch_drops(string name)
    {
        var golden = Golden.Case("sequence", name);
        var rng = new TorchRandom(0);
        var layer = Make(golden, rng);
        GoldenLayers.Load(golden, layer, DType.Float32);
        rng.SetState(new TorchRandom((ulong)golden.Int("seed")).GetState());
        Tensor[] x = [.. golden.Inputs.Select(one => GoldenLayers.Make(one, DType.Float32).RequireGrad())];
        GoldenLayers.Backward(layer, golden, x, layer.Forward(x[0], x[1], x[2]), name);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gradients_are_right(bool causal)
    {
        GradientsOf.Layer(new MultiHeadAttention(6, 2, new TorchRandom(1), new() { Causal = causal }), 2, 5, 6);
        var rng = new TorchRandom(3);
        var layer = new MultiHeadAttention(4, 2, rng, new() { KDim = 3, VDim = 5, Causal = causal });
        layer.To(DType.Float64);
        Tensor[] x =
            [.. new Shape[] { [2, 3, 4], [2, 5, 3], [2, 5, 5] }.Select(
                shape => Tensor.Randn(shape, rng, DType.Float64).RequireGrad())];
        Tensor c = Tensor.Randn([2, 3, 4], rng, DType.Float64), d = Tensor.Randn([2, 2, 3, 5], rng, DType.Float64);
        var padding = Tensor.From(new double[,] { { 0, 0, 0, 0, 1 }, { 0, 0, 1, 1, 1 } });
        KeyValuePair<string, Tensor>[] named = [.. layer.NamedParameters(),
            .. x.Select((one, i) => KeyValuePair.Create($"input {i}", one))];
        GradCheck.Require("of others", () => (layer.Forward(x[0], x[1], x[2]) * c).Sum(), named);
        GradCheck.Require("of others with padding", () =>
        {
            var y = layer.Forward(x[0], x[1], x[2], padding, null, out var weights);
            return (y * c).Sum() + (weights * d).Sum();
        }, named);
    }

    [Fact]
    public void Self_attention_is_attention_with_itself()
    {
        var layer = new MultiHeadAttention(8, 2, new TorchRandom(1), new() { Causal = true });
        var x = Tensor.Randn([2, 20, 8], new TorchRandom(2));
        float[] one = layer.Forward(x).ToArray<float>();
        Assert.Equal(one, layer.Forward(x, x, x).ToArray<float>());
        Close.Equal([.. one.Select(y => (double)y)],
            [.. layer.Forward(x, x.Clone(), x.Clone()).ToArray<float>().Select(y => (double)y)], 1e-5, "of copies");
        Assert.Equal([2, 2, 20, 20], Weights(layer, x).Shape);
        Close.Equal(new double[80].Select(_ => 1.0).ToArray(),
            Weights(layer, x).Sum(-1).To(DType.Float64).Read<double>(), 1e-6, "weights add up to 1");

        static Tensor Weights(MultiHeadAttention layer, Tensor x)
        {
            layer.Forward(x, x, x, null, null, out var weights);
            return weights;
        }
    }

    [Fact]
    public void Its_outputs_are_observed_and_nothing_is_dropped_in_evaluation_mode()
    {
        var x = Tensor.Randn([2, 5, 6], new TorchRandom(2));
        MultiHeadAttention dropping = new(6, 2, new TorchRandom(1), new() { Dropout = 0.5 }),
            whole = new(6, 2, new TorchRandom(1));
        Assert.NotEqual(whole.Forward(x).ToArray<float>(), dropping.Forward(x).ToArray<float>());
        dropping.Eval();
        Assert.Equal(whole.Forward(x).ToArray<float>(), dropping.Forward(x).ToArray<float>());
        int seen = 0;
        using var watch = whole.Observe((module, _, _) => seen += module is MultiHeadAttention ? 1 : 0);
        whole.Forward(x, x, x);
        Assert.Equal(1, seen);
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Tensor x = Tensor.Ones([2, 3, 6]), k = Tensor.Ones([2, 5, 4]);
        var layer = new MultiHeadAttention(6, 2, new TorchRandom(1), new() { KDim = 4 });
        Refused.With<ArgumentException>(
            "MultiHeadAttention(6, 4): the heads must share the width evenly: give 1 or more of either, and a multiple",
            () => _ = new MultiHeadAttention(6, 4, new TorchRandom(1)));
        Refused.With<ArgumentException>("MultiHeadAttention(6, 2, kdim: 0): widths must be 1 or more",
            () => _ = new MultiHeadAttention(6, 2, new TorchRandom(1), new() { KDim = 0 }));
        Refused.With<ArgumentException>(
            "MultiHeadAttention(6, 2, kdim: 4): the query is [2, 3, 6], the key [2, 3, 6] and the value [2, 3, 6]: "
                                      + "give [batch, queries, 6], [batch, keys, 4] and [batch, keys, 6]",
                                          () => layer.Forward(x));
        Refused.With<ArgumentException>(
            "attention of [2, 3, 6]: the padding is [2, 3]: give one number for each step, [2, 5]",
            () => layer.Forward(x, k, Tensor.Ones([2, 5, 6]), Tensor.Zeros([2, 3])));
        Refused.With<ArgumentException>(
            "attention of [2, 3, 6]: what is hidden is [3, 4]: give [3, 5], or what broadcasts to [2, 2, 3, 5]",
            () => layer.Forward(x, k, Tensor.Ones([2, 5, 6]), null, Tensor.Zeros([3, 4])));
    }

    static void Replay(string name, DType dtype, Func<MultiHeadAttention, Tensor[], Tensor?, Tensor?, Tensor> forward)
    {
        var golden = Golden.Case("sequence", name);
        var layer = Make(golden, new(0));
        GoldenLayers.Load(golden, layer, dtype);
        var step = golden.Steps[0];
        Tensor[] x = [.. step.Inputs.Select(one => GoldenLayers.Make(one, dtype).RequireGrad())];
        Tensor? padding = null, hidden = null;
        if (golden.Has("lengths"))
        {
            int keys = x[1].Shape[1];
            double[] padded = [.. golden.Ints("lengths")
                .SelectMany(length => Enumerable.Range(0, keys).Select(i => i < length ? 0.0 : 1))];
            padding = Tensor.From(padded, [x[1].Shape[0], keys]).To(dtype);
        }
        if (golden.Has("hidden"))
        {
            double[] unseen = [.. golden.Args.GetProperty("hidden").EnumerateArray()
                .SelectMany(row => row.EnumerateArray()).Select(one => one.GetDouble())];
            hidden = Tensor.From(unseen, [x[0].Shape[1], x[1].Shape[1]]).To(dtype);
        }
        GoldenLayers.Backward(layer, step, x, forward(layer, x, padding, hidden), $"{name}, {dtype}");
    }

    static MultiHeadAttention Make(GoldenCase golden, TorchRandom rng) =>
        new(golden.Int("embed"), golden.Int("heads"), rng, new()
    {
        KDim = golden.Has("kdim") ? golden.Int("kdim") : null, VDim = golden.Has("vdim") ? golden.Int("vdim") : null,
        Causal = golden.Flag("causal", false), Dropout = golden.Number("p", 0), Bias = golden.Flag("bias", true),
    });
}
