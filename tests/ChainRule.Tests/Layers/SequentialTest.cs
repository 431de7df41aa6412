namespace ChainRule.Tests.Layers;

using ChainRule.Layers;
using ChainRule.Randomness;

public sealed class SequentialTest
{
    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases("sequential");

    public static TheoryData<string, DType> RecordedWavenet => GoldenLayers.Cases("wavenet");

    [Theory, MemberData(nameof(Recorded))]
    public void Outputs_and_gradients_equal_the_recording(string name, DType dtype)
    {
        var rng = new TorchRandom(0);
        GoldenLayers.Replay(name, dtype,
            _ => new Stack(new Linear(4, 6, rng), new Tanh(), new Linear(6, 3, rng), new Relu()));
    }

    public static TheoryData<string, DType> RecordedConvnet => GoldenLayers.Cases("convnet");

    [Theory, MemberData(nameof(RecordedConvnet))]
    public void A_small_network_of_convolutions_equals_the_recording(string name, DType dtype)
    {
        var rng = new TorchRandom(0);
        GoldenLayers.Replay(name, dtype,
            _ => new Stack(new Conv2d(1, 3, 3, rng, padding: 1), new Relu(), new MaxPool2d(2),
            new Conv2d(3, 4, 3, rng, padding: 1), new Relu(), new MaxPool2d(2), new Flatten(), new Linear(16, 5, rng)));
    }

    [Theory, MemberData(nameof(RecordedWavenet))]
    public void Makemore_part_5_in_small_equals_the_recording(string name, DType dtype) =>
        GoldenLayers.Replay(name, dtype, golden =>
    {
        var rng = new TorchRandom(0);
        int columns = golden.Int("columns"), hidden = golden.Int("hidden");
        BatchNorm Norm() => new(hidden, golden.Number("momentum"), golden.Number("eps"));
        Module[] Level(int inputs) =>
            [new FlattenConsecutive(2), new Linear(inputs, hidden, rng, bias: false), Norm(), new Tanh()];
        return new Stack([new Embedding(golden.Int("vocabulary"), columns, rng), .. Level(2 * columns),
            .. Level(2 * hidden), .. Level(2 * hidden),
            new Linear(hidden, golden.Int("vocabulary"), rng)]);
    });

    [Fact]
    public void It_computes_what_a_module_with_the_same_layers_computes()
    {
        var rng = new TorchRandom(4);
        Module[] layers = [new Embedding(5, 3, rng), new Flatten(), new Linear(6, 2, rng), new Tanh()];
        var ids = Ids.From([1, 2, 0, 4], [2, 2]);
        Assert.Equal(new Stack(layers).Forward(ids).ToArray<float>(),
            new Sequential(layers).Forward(ids).ToArray<float>());
    }

    [Theory]
    [InlineData(5, 4)]
    [InlineData(2, 3, 4)]
    public void Gradients_are_right(params int[] shape)
    {
        var rng = new TorchRandom(1);
        GradientsOf.Layer(new Sequential(new Linear(4, 3, rng), new Tanh(), new BatchNorm(3), new Linear(3, 2, rng)),
            shape);
    }

    [Fact]
    public void Layers_are_named_by_their_place_and_found_by_it()
    {
        var rng = new TorchRandom(1);
        var model = new Sequential(new Linear(2, 3, rng), new Tanh(), new Sequential(new Linear(3, 1, rng)));
        Assert.Equal(["0.weight", "0.bias", "2.0.weight", "2.0.bias"], model.StateDict().Keys);
        Assert.Equal(3, model.Count);
        Assert.IsType<Tanh>(model[1]);
        Assert.IsType<Sequential>(model[^1]);
    }

    [Fact]
    public void Without_layers_a_tensor_passes_and_ids_do_not()
    {
        var x = Tensor.Ones([2]);
        Assert.Equal(x, new Sequential().Forward(x));
        Assert.Equal("Sequential takes a tensor, not ids: put an Embedding before it",
            Assert.ThrowsAny<ArgumentException>(() => new Sequential().Forward(Ids.From(1))).Message);
    }
}
