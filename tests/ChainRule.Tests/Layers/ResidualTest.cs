namespace ChainRule.Tests.Layers;

using ChainRule.Layers;
using ChainRule.Randomness;

public sealed class ResidualTest
{
    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases("residual");

    [Theory, MemberData(nameof(Recorded))]
    public void Outputs_and_gradients_equal_the_recording(string name, DType dtype) => GoldenLayers.Replay(name, dtype, golden =>
    {
        var rng = new TorchRandom(0);
        int features = golden.Int("features");
        if (!golden.Has("hidden")) return new Residual(new Linear(features, features, rng));
        int hidden = golden.Int("hidden");
        return new Residual(new Stack(new LayerNorm(features), new Linear(features, hidden, rng), new Gelu(), new Linear(hidden, features, rng)));
    });

    [Theory]
    [InlineData(3, 4)]
    [InlineData(2, 3, 4)]
    public void Gradients_are_right(params int[] shape)
    {
        var rng = new TorchRandom(1);
        GradientsOf.Layer(new Residual(new Sequential(new LayerNorm(4), new Linear(4, 4, rng), new Tanh())), shape);
    }

    [Fact]
    public void A_layer_that_changes_the_shape_is_refused() => Assert.Equal(
        "Residual: Linear(4, 1) makes [3, 1] of [3, 4]: both must be of one shape to be added",
        Assert.ThrowsAny<ArgumentException>(() => new Residual(new Linear(4, 1, new(1))).Forward(Tensor.Ones([3, 4]))).Message);
}
