namespace ChainRule.Tests.Layers;

using ChainRule.Layers;
using ChainRule.Randomness;

/// <summary>What all recurrent layers do alike: layers on one another, both directions, states, dropout, and PyTorch's names.</summary>
public sealed class RecurrentLayerTest
{
    private static readonly string[] s_kinds = ["rnn", "rnn_relu", "gru", "lstm"];

    public static TheoryData<string> Kinds => [.. s_kinds];

    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases("recurrent", "sequence");

    public static TheoryData<string, DType> FromStates => GoldenLayers.Cases("recurrent_state", "sequence");

    public static TheoryData<string> Drawn => Golden.Names("sequence", "recurrent_init");

    public static TheoryData<string> Dropped => Golden.Names("sequence", "recurrent_dropout");

    [Theory, MemberData(nameof(Recorded))]
    public void Outputs_and_gradients_equal_the_recording(string name, DType dtype) => GoldenLayers.Replay(name, dtype, golden => Make(golden, new(0)), "sequence");

    [Theory, MemberData(nameof(FromStates))]
    public void From_a_state_to_a_state_they_do_too(string name, DType dtype)
    {
        var golden = Golden.Case("sequence", name);
        var layer = Make(golden, new(0));
        GoldenLayers.Load(golden, layer, dtype);
        var step = golden.Steps[0];
        Tensor[] x = [.. step.Inputs.Select(one => GoldenLayers.Make(one, dtype).RequireGrad())];
        GoldenLayers.Backward(layer, step, x, Tensor.Concat(0, [.. Through(layer, x).Select(one => one.Flatten())]), $"{name}, {dtype}");
    }

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
    public void What_is_dropped_between_layers_is_what_torch_drops(string name)
    {
        var golden = Golden.Case("sequence", name);
        var rng = new TorchRandom(0);
        var layer = Make(golden, rng);
        GoldenLayers.Load(golden, layer, DType.Float32);
        rng.SetState(new TorchRandom((ulong)golden.Int("seed")).GetState());
        Tensor[] x = [GoldenLayers.Make(golden.Inputs[0], DType.Float32).RequireGrad()];
        GoldenLayers.Backward(layer, golden, x, layer.Forward(x[0]), name);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Gradients_are_right(string kind)
    {
        GradientsOf.Layer(Make(kind, 3, 5, new(1)), 2, 4, 3);
        GradientsOf.Layer(Make(kind, 3, 2, new(1), layers: 2, bidirectional: true), 2, 3, 3);
        GradientsOf.Layer(Make(kind, 3, 2, new(1), bias: false), 1, 3, 3);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void In_evaluation_mode_nothing_is_dropped(string kind)
    {
        var x = Tensor.Randn([2, 5, 3], new(2));
        RecurrentLayer dropping = Make(kind, 3, 4, new(1), layers: 2, dropout: 0.5), whole = Make(kind, 3, 4, new(1), layers: 2);
        Assert.NotEqual(whole.Forward(x).ToArray<float>(), dropping.Forward(x).ToArray<float>());
        dropping.Eval();
        Assert.Equal(whole.Forward(x).ToArray<float>(), dropping.Forward(x).ToArray<float>());
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_sequence_in_two_pieces_is_the_sequence_in_one(string kind)
    {
        var layer = Make(kind, 3, 4, new(1), layers: 2);
        layer.To(DType.Float64);
        var x = Tensor.Randn([2, 7, 3], new(2), DType.Float64);
        var whole = Through(layer, [x]);
        var first = Through(layer, [x.Slice(1, 0, 3)]);
        var second = Through(layer, [x.Slice(1, 3), .. first[1..]]);
        Close.Equal(whole[0].Read<double>(), Tensor.Concat(1, first[0], second[0]).Read<double>(), 1e-13, "outputs");
        for (int i = 1; i < whole.Length; i++) Close.Equal(whole[i].Read<double>(), second[i].Read<double>(), 1e-13, "state");
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_frozen_layer_has_no_parameters_and_all_its_state(string kind)
    {
        var layer = Make(kind, 3, 4, new(1), layers: 2, bidirectional: true);
        Assert.Equal(layer.StateDict().Keys, layer.NamedParameters().Select(named => named.Key));
        long count = layer.ParameterCount;
        layer.Freeze();
        Assert.Empty(layer.Parameters());
        Assert.Equal(16, layer.StateDict().Count);
        Assert.Equal(count, layer.ParameterCount);
        layer.Unfreeze();
        Assert.Equal(16, layer.Parameters().Count);
    }

    [Fact]
    public void Weights_are_told_layer_by_layer()
    {
        var layer = new Gru(3, 4, new(1), new() { Layers = 2, Bidirectional = true });
        Assert.Equal(4, layer.Weights.Count);
        Assert.True(layer.Weights[3].HiddenBias!.Value.IsSame(layer.StateDict()["bias_hh_l1_reverse"]));
        Assert.Equal([12, 8], layer.Weights[2].InputWeight.Shape);
        Assert.Null(new Rnn(3, 4, new(1), new() { Bias = false }).Weights[0].InputBias);
    }

    [Fact]
    public void It_prints_what_it_was_made_of()
    {
        Assert.Contains("Lstm(3, 4)", new Lstm(3, 4, new(1)).ToString(), StringComparison.Ordinal);
        Assert.Contains("Gru(3, 4, layers: 2, bidirectional: true, dropout: 0.5, bias: false)",
            new Gru(3, 4, new(1), new() { Layers = 2, Bidirectional = true, Dropout = 0.5, Bias = false }).ToString(), StringComparison.Ordinal);
        Assert.Contains("Rnn(3, 4, layers: 2, relu: true)", new Rnn(3, 4, new(1), new() { Layers = 2 }, relu: true).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        var x = Tensor.Ones([2, 5, 3]);
        var layer = new Lstm(3, 4, new(1), new() { Layers = 2 });
        Refused.With<ArgumentException>("Gru(3, 0): sizes must be 1 or more", () => _ = new Gru(3, 0, new(1)));
        Refused.With<ArgumentException>("Rnn(3, 4, layers: 0): 0 layers: give 1 to 1000", () => _ = new Rnn(3, 4, new(1), new() { Layers = 0 }));
        Refused.With<ArgumentException>("Gru(3, 4, dropout: 0.5): dropout works between layers, and there is one: give 2 layers or more, or no dropout",
            () => _ = new Gru(3, 4, new(1), new() { Dropout = 0.5 }));
        Refused.With<ArgumentException>(
            "Lstm(3, 4, layers: 2): the state to begin from is [2, 4]: give [layers · directions, batch, hiddenSize], [2, 2, 4]",
            () => layer.Forward(x, new(Tensor.Ones([2, 4]), Tensor.Ones([2, 4])), out _));
        Refused.With<ArgumentException>("Lstm(3, 4, layers: 2): the input is [2, 5, 4], and its last axis is not 3: give [.., 3]",
            () => layer.Forward(Tensor.Ones([2, 5, 4])));
        Refused.With<ArgumentException>("lstm of [5, 3]: sequences are [batch, steps, inputs], and there is a step at least", () => layer.Forward(x.Select(0, 0)));
    }

    /// <summary>y, and the last h and, of an LSTM, the last c; from zeros, or from the state behind x.</summary>
    private static Tensor[] Through(RecurrentLayer layer, Tensor[] x)
    {
        if (layer is Lstm lstm)
        {
            var said = lstm.Forward(x[0], x.Length > 1 ? new(x[1], x[2]) : null, out var last);
            return [said, last.Hidden, last.Cell];
        }
        Tensor? initial = x.Length > 1 ? x[1] : null;
        Tensor final;
        var y = layer is Gru gru ? gru.Forward(x[0], initial, out final) : ((Rnn)layer).Forward(x[0], initial, out final);
        return [y, final];
    }

    private static RecurrentLayer Make(GoldenCase golden, TorchRandom rng) => Make(golden.Text("kind"), golden.Int("width"), golden.Int("hidden"), rng,
        golden.Int("layers", 1), golden.Flag("bidirectional", false), golden.Number("p", 0), golden.Flag("bias", true));

    private static RecurrentLayer Make(
        string kind, int inputs, int hidden, TorchRandom rng, int layers = 1, bool bidirectional = false, double dropout = 0, bool bias = true)
    {
        var options = new RecurrentOptions { Layers = layers, Bidirectional = bidirectional, Dropout = dropout, Bias = bias };
        return kind switch
        {
            "lstm" => new Lstm(inputs, hidden, rng, options),
            "gru" => new Gru(inputs, hidden, rng, options),
            _ => new Rnn(inputs, hidden, rng, options, kind == "rnn_relu"),
        };
    }
}
