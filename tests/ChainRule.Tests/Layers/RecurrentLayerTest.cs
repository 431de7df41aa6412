namespace ChainRule.Tests.Layers;

using ChainRule.Diagnostics;
using ChainRule.Layers;
using ChainRule.Randomness;

/// <summary>
/// What all recurrent layers do alike: layers on one another, both directions, states, dropout, and PyTorch's names.
/// </summary>
public sealed class RecurrentLayerTest
{
    static readonly string[] s_kinds = ["rnn", "rnn_relu", "gru", "lstm"];

    public static TheoryData<string> Kinds => [.. s_kinds];

    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases(["recurrent", "lstm"], "sequence");

    public static TheoryData<string, DType> FromStates => GoldenLayers.Cases("recurrent_state", "sequence");

    public static TheoryData<string, DType> WithLengths => GoldenLayers.Cases("recurrent_lengths", "sequence");

    public static TheoryData<string, DType> WithProjection => GoldenLayers.Cases("recurrent_projected", "sequence");

    public static TheoryData<string> Drawn => Golden.Names("sequence", "recurrent_init", "lstm_init");

    public static TheoryData<string> Dropped => Golden.Names("sequence", "recurrent_dropout");

    [Theory, MemberData(nameof(Recorded))]
    public void Outputs_and_gradients_equal_the_recording(string name, DType dtype) =>
        GoldenLayers.Replay(name, dtype, golden => Make(golden, new(0)), "sequence");

    [Theory, MemberData(nameof(FromStates))]
    public void From_a_state_to_a_state_they_do_too(string name, DType dtype) => Replay(name, dtype);

    static void Replay(string name, DType dtype)
    {
        var golden = Golden.Case("sequence", name);
        var layer = Make(golden, new(0));
        GoldenLayers.Load(golden, layer, dtype);
        var step = golden.Steps[0];
        Tensor[] x = [.. step.Inputs.Select(one => GoldenLayers.Make(one, dtype).RequireGrad())];
        var parts = Through(layer, x, golden.Has("lengths") ? Ids.From(golden.Ints("lengths")) : null);
        GoldenLayers.Backward(layer, step, x, Tensor.Concat(0, [.. parts.Select(one => one.Flatten())]),
            $"{name}, {dtype}");
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
        GradientsOf.Layer(Make(kind, 3, 5, new(1)), 1, 1, 3);
        GradientsOf.Layer(Make(kind, 3, 5, new(1)), 2, 4, 3);
        GradientsOf.Layer(Make(kind, 3, 2, new(1), layers: 2, bidirectional: true), 2, 3, 3);
        GradientsOf.Layer(Make(kind, 3, 2, new(1), bias: false), 1, 3, 3);
    }

    [Theory, MemberData(nameof(WithLengths))]
    public void Sequences_of_different_lengths_equal_torchs_packed_ones(string name, DType dtype) =>
        Replay(name, dtype);

    [Theory, MemberData(nameof(WithProjection))]
    public void A_projection_equals_torchs(string name, DType dtype) => Replay(name, dtype);

    [Fact]
    public void New_projections_equal_torchs_draw_for_draw_and_name_for_name() =>
        New_weights_equal_torchs_draw_for_draw_and_name_for_name("recurrent_projected_init");

    [Theory, MemberData(nameof(Kinds))]
    public void A_sequence_of_its_own_length_comes_out_as_it_would_alone_to_the_bit(string kind)
    {
        var layer = Make(kind, 3, 5, new(1), layers: 2, bidirectional: true);
        int[] lengths = [2, 4, 1];
        var x = Tensor.Randn([3, 4, 3], new TorchRandom(2));
        // What stands behind the last step is not read, whatever it holds.
        x.Write<float>()[^1] = float.NaN;
        x.RequireGrad();
        var together = Through(layer, [x], Ids.From(lengths));
        together[0].Sum().Backward();
        for (int b = 0; b < lengths.Length; b++)
        {
            var own = x.Detach().Slice(0, b, b + 1).Slice(1, 0, lengths[b]).Clone().RequireGrad();
            var alone = Through(layer, [own]);
            alone[0].Sum().Backward();
            var y = together[0].Select(0, b);
            Assert.Equal(alone[0].ToArray<float>(), y.Slice(0, 0, lengths[b]).ToArray<float>());
            Assert.All(y.Slice(0, lengths[b], 4).ToArray<float>(), one => Assert.Equal(0, one));
            Assert.Equal(own.Grad.ToArray<float>(), x.Grad.Select(0, b).Slice(0, 0, lengths[b]).ToArray<float>());
            foreach (var (last, state) in alone[1..].Zip(together[1..]))
                Assert.Equal(last.ToArray<float>(), state.Slice(1, b, b + 1).ToArray<float>());
        }
        Assert.All(layer.Parameters(),
            w => Assert.All(w.Grad.ToArray<float>(), one => Assert.True(float.IsFinite(one))));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Gradients_of_different_lengths_are_right(string kind)
    {
        var layer = Make(kind, 3, 2, new(1), layers: 2, bidirectional: true);
        layer.To(DType.Float64);
        var x = Tensor.Randn([2, 4, 3], new TorchRandom(2), DType.Float64).RequireGrad();
        Tensor Loss() =>
            Through(layer, [x], Ids.From(2, 4)).Aggregate(Tensor.Scalar(0, DType.Float64),
                (sum, part) => sum + part.Square().Sum());
        GradCheck.Require($"{kind} with lengths", Loss, layer.NamedParameters().Append(new("x", x)));
    }

    [Fact]
    public void Gradients_through_a_projection_are_right()
    {
        var layer = new Lstm(3, 4, new TorchRandom(1), new() { Layers = 2, Bidirectional = true }, projSize: 2);
        GradientsOf.Layer(layer, 2, 3, 3);
        var x = Tensor.Randn([2, 3, 3], new TorchRandom(2), DType.Float64).RequireGrad();
        Tensor Loss() =>
            Through(layer, [x], Ids.From(3, 1)).Aggregate(Tensor.Scalar(0, DType.Float64),
                (sum, part) => sum + part.Square().Sum());
        GradCheck.Require("projection with lengths", Loss, layer.NamedParameters().Append(new("x", x)));
    }

    [Fact]
    public void Lengths_and_projections_that_cannot_be_are_named()
    {
        var layer = new Gru(3, 4, new TorchRandom(1), new() { Bidirectional = true });
        var x = Tensor.Ones([2, 5, 3]);
        Refused.With<ArgumentException>("gru of [2, 5, 3]: lengths of [3]: give one for each sequence, [2]",
            () => layer.Forward(x, Ids.From(1, 2, 3)));
        Refused.With<ArgumentOutOfRangeException>("gru of [2, 5, 3]: sequence 1 has a length of 6: give 1 to 5",
            () => layer.Forward(x, Ids.From(5, 6)));
        Refused.With<ArgumentOutOfRangeException>("gru of [2, 5, 3]: sequence 0 has a length of 0: give 1 to 5",
            () => layer.Forward(x, Ids.From(0, 5)));
        Refused.With<ArgumentException>(
            "Lstm(3, 4): a projection to 4 numbers: give 1 to 3, fewer than are remembered",
            () => _ = new Lstm(3, 4, new TorchRandom(1), projSize: 4));
        var projected = new Lstm(3, 4, new TorchRandom(1), projSize: 2);
        Assert.Contains("Lstm(3, 4, projSize: 2)", projected.ToString(), StringComparison.Ordinal);
        Refused.With<ArgumentException>("Lstm(3, 4, projSize: 2): the state to begin from is [1, 2, 4]: "
            + "give [layers · directions, batch, projSize], [1, 2, 2]",
            () => projected.Forward(x, new(Tensor.Zeros([1, 2, 4]), Tensor.Zeros([1, 2, 4])), out _));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Both_ways_forward_say_the_same_and_are_observed(string kind)
    {
        var layer = Make(kind, 3, 4, new(1));
        var seen = new List<Tensor>();
        using var watch = layer.Observe((_, _, y) => seen.Add(y));
        var x = Tensor.Randn([2, 5, 3], new TorchRandom(2));
        var y = layer.Forward(x);
        var through = Through(layer, [x]);
        Assert.Equal(y.ToArray<float>(), through[0].ToArray<float>());
        Assert.Equal(y.Select(1, -1).ToArray<float>(), through[1].ToArray<float>());
        Assert.All(through[1..], state => Assert.Equal([1, 2, 4], state.Shape));
        Assert.Equal([y, through[0]], seen);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void In_evaluation_mode_nothing_is_dropped(string kind)
    {
        var x = Tensor.Randn([2, 5, 3], new TorchRandom(2));
        RecurrentLayer dropping = Make(kind, 3, 4, new(1), layers: 2, dropout: 0.5),
            whole = Make(kind, 3, 4, new(1), layers: 2);
        Assert.NotEqual(whole.Forward(x).ToArray<float>(), dropping.Forward(x).ToArray<float>());
        dropping.Eval();
        Assert.Equal(whole.Forward(x).ToArray<float>(), dropping.Forward(x).ToArray<float>());
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_sequence_in_two_pieces_is_the_sequence_in_one(string kind)
    {
        var layer = Make(kind, 3, 4, new(1), layers: 2);
        layer.To(DType.Float64);
        var x = Tensor.Randn([2, 7, 3], new TorchRandom(2), DType.Float64);
        var whole = Through(layer, [x]);
        var first = Through(layer, [x.Slice(1, 0, 3)]);
        var second = Through(layer, [x.Slice(1, 3), .. first[1..]]);
        Close.Equal(whole[0].Read<double>(), Tensor.Concat(1, first[0], second[0]).Read<double>(), 1e-13, "outputs");
        for (int i = 1; i < whole.Length; i++)
            Close.Equal(whole[i].Read<double>(), second[i].Read<double>(), 1e-13, "state");
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
        var layer = new Gru(3, 4, new TorchRandom(1), new() { Layers = 2, Bidirectional = true });
        Assert.Equal(4, layer.Weights.Count);
        Assert.True(layer.Weights[3].HiddenBias!.Value.IsSame(layer.StateDict()["bias_hh_l1_reverse"]));
        Assert.Equal([12, 8], layer.Weights[2].InputWeight.Shape);
        Assert.Null(new Rnn(3, 4, new TorchRandom(1), new() { Bias = false }).Weights[0].InputBias);
    }

    [Fact]
    public void It_prints_what_it_was_made_of()
    {
        Assert.Contains("Lstm(3, 4)", new Lstm(3, 4, new TorchRandom(1)).ToString(), StringComparison.Ordinal);
        Assert.Contains("Gru(3, 4, layers: 2, bidirectional: true, dropout: 0.5, bias: false)",
            new Gru(3, 4, new TorchRandom(1),
                new() { Layers = 2, Bidirectional = true, Dropout = 0.5, Bias = false }).ToString(),
            StringComparison.Ordinal);
        Assert.Contains("Rnn(3, 4, layers: 2, relu: true)",
            new Rnn(3, 4, new TorchRandom(1), new() { Layers = 2 }, relu: true).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        var x = Tensor.Ones([2, 5, 3]);
        var layer = new Lstm(3, 4, new TorchRandom(1), new() { Layers = 2 });
        Refused.With<ArgumentException>("Gru(3, 0): sizes must be 1 or more",
            () => _ = new Gru(3, 0, new TorchRandom(1)));
        Refused.With<ArgumentException>("Rnn(3, 4, layers: 0): 0 layers: give 1 to 1000",
            () => _ = new Rnn(3, 4, new TorchRandom(1), new() { Layers = 0 }));
        Refused.With<ArgumentException>("Gru(3, 4, dropout: 0.5): dropout works between layers, and there is one: give "
            + "2 layers or more, or no dropout",
            () => _ = new Gru(3, 4, new TorchRandom(1), new() { Dropout = 0.5 }));
        Refused.With<ArgumentException>(
            "Lstm(3, 4, layers: 2): the state to begin from is [2, 4]: give [layers · directions, batch, hiddenSize], "
                + "[2, 2, 4]",
            () => layer.Forward(x, new(Tensor.Ones([2, 4]), Tensor.Ones([2, 4])), out _));
        Refused.With<ArgumentException>(
            "Lstm(3, 4, layers: 2): the input is [2, 5, 4], and its last axis is not 3: give [.., 3]",
            () => layer.Forward(Tensor.Ones([2, 5, 4])));
        Refused.With<ArgumentException>("lstm of [5, 3]: sequences are [batch, steps, inputs], and there is a step at "
            + "least", () => layer.Forward(x.Select(0, 0)));
    }

    /// <summary>y, and the last h and, of an LSTM, the last c; from zeros, or from the state behind x.</summary>
    static Tensor[] Through(RecurrentLayer layer, Tensor[] x, Ids? lengths = null)
    {
        if (layer is Lstm lstm)
        {
            var said = lstm.Forward(x[0], x.Length > 1 ? new(x[1], x[2]) : null, out var last, lengths);
            return [said, last.Hidden, last.Cell];
        }
        Tensor? initial = x.Length > 1 ? x[1] : null;
        Tensor final;
        var y = layer is Gru gru ? gru.Forward(x[0], initial, out final, lengths)
            : ((Rnn)layer).Forward(x[0], initial, out final, lengths);
        return [y, final];
    }

    static RecurrentLayer Make(GoldenCase golden, TorchRandom rng) =>
        Make(golden.Text("kind", "lstm"), golden.Int("width"), golden.Int("hidden"), rng,
        golden.Int("layers", 1), golden.Flag("bidirectional", false), golden.Number("p", 0), golden.Flag("bias", true),
        golden.Has("proj") ? golden.Int("proj") : null);

    static RecurrentLayer Make(
        string kind, int inputs, int hidden, TorchRandom rng, int layers = 1, bool bidirectional = false,
        double dropout = 0, bool bias = true, int? proj = null)
    {
        var options = new RecurrentOptions
            { Layers = layers, Bidirectional = bidirectional, Dropout = dropout, Bias = bias };
        return kind switch
        {
            "lstm" => new Lstm(inputs, hidden, rng, options, proj),
            "gru" => new Gru(inputs, hidden, rng, options),
            _ => new Rnn(inputs, hidden, rng, options, kind == "rnn_relu"),
        };
    }
}
