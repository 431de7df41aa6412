namespace ChainRule.Tests.Layers;

using ChainRule.Layers;

public sealed class LstmTest
{
    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases("lstm", "sequence");

    public static TheoryData<string, DType> FromStates => GoldenLayers.Cases("lstm_state", "sequence");

    public static TheoryData<string> Drawn => Golden.Names("sequence", "lstm_init");

    [Theory, MemberData(nameof(Recorded))]
    public void Outputs_and_gradients_equal_the_recording(string name, DType dtype) => GoldenLayers.Replay(name, dtype, Make, "sequence");

    [Theory, MemberData(nameof(FromStates))]
    public void From_a_state_to_a_state_they_do_too(string name, DType dtype)
    {
        var golden = Golden.Case("sequence", name);
        var layer = Make(golden);
        GoldenLayers.Load(golden, layer, dtype);
        var step = golden.Steps[0];
        Tensor[] x = [.. step.Inputs.Select(one => GoldenLayers.Make(one, dtype).RequireGrad())];
        var y = layer.Forward(x[0], new(x[1].Unsqueeze(0), x[2].Unsqueeze(0)), out var final);
        GoldenLayers.Backward(layer, step, x, Tensor.Concat(1, y, final.Hidden.Transpose(0, 1), final.Cell.Transpose(0, 1)), $"{name}, {dtype}");
    }

    [Theory, MemberData(nameof(Drawn))]
    public void New_weights_equal_torchs_draw_for_draw_and_name_for_name(string name)
    {
        var golden = Golden.Case("sequence", name);
        var layer = new Lstm(golden.Int("width"), golden.Int("hidden"), new((ulong)golden.Int("seed")));
        Assert.Equal(["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"], layer.StateDict().Keys);
        foreach (var (key, recorded) in golden.State)
        {
            Assert.Equal(recorded.Shape, layer.StateDict()[key].Shape.Span.ToArray());
            Assert.Equal(recorded.Data, layer.StateDict()[key].ToArray<float>().Select(w => (double)w));
        }
    }

    [Theory]
    [InlineData(1, 1, 3)]
    [InlineData(2, 4, 3)]
    public void Gradients_are_right(params int[] shape) => GradientsOf.Layer(new Lstm(3, 5, new(1)), shape);

    [Fact]
    public void Both_ways_forward_say_the_same_and_are_observed()
    {
        var layer = new Lstm(3, 4, new(1));
        var seen = new List<Tensor>();
        using var watch = layer.Observe((_, _, y) => seen.Add(y));
        var x = Tensor.Randn([2, 5, 3], new(2));
        Tensor y = layer.Forward(x), z = layer.Forward(x, null, out var final);
        Assert.Equal(y.ToArray<float>(), z.ToArray<float>());
        Assert.Equal([y, z], seen);
        Assert.Equal("[1, 2, 4]", final.Cell.Shape.ToString());
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        var layer = new Lstm(3, 4, new(1));
        Assert.Equal("Lstm(3, 4): the input is [2, 5, 4], and its last axis is not 3: give [.., 3]",
            Assert.ThrowsAny<ArgumentException>(() => layer.Forward(Tensor.Ones([2, 5, 4]))).Message);
        Assert.Equal("Lstm(0, 4): sizes must be 1 or more", Assert.ThrowsAny<ArgumentException>(() => new Lstm(0, 4, new(1))).Message);
    }

    private static Lstm Make(GoldenCase golden) => new(golden.Int("width"), golden.Int("hidden"), new(0));
}
