namespace ChainRule.Tests.Layers;

using ChainRule.Layers;
using ChainRule.Randomness;

public sealed class ResidualTest
{
    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases("residual");

    [Theory, MemberData(nameof(Recorded))]
    public void Outputs_and_gradients_equal_the_recording(string name, DType dtype) =>
        GoldenLayers.Replay(name, dtype, golden =>
    {
        var rng = new TorchRandom(0);
        int features = golden.Int("features");
        if (!golden.Has("hidden")) return new Residual(new Linear(features, features, rng));
        int hidden = golden.Int("hidden");
        return new Residual(new Stack(new LayerNorm(features), new Linear(features, hidden, rng), new Gelu(),
            new Linear(hidden, features, rng)));
    });

    [Theory]
    [InlineData(3, 4)]
    [InlineData(2, 3, 4)]
    public void Gradients_are_right(params int[] shape)
    {
        var rng = new TorchRandom(1);
        GradientsOf.Layer(new Residual(new Sequential(new LayerNorm(4), new Linear(4, 4, rng), new Tanh())), shape);
    }

    public static TheoryData<string, DType> WithShortcut => GoldenLayers.Cases("residual_shortcut");

    [Theory, MemberData(nameof(WithShortcut))]
    public void With_a_shortcut_they_do_too(string name, DType dtype) => GoldenLayers.Replay(
        name, dtype,
        _ => new Residual(new Conv2d(2, 4, 3, new TorchRandom(1), 2, 1), new Conv2d(2, 4, 1, new TorchRandom(2), 2)));

    [Fact]
    public void Gradients_with_a_shortcut_are_right() => GradientsOf.Layer(
        new Residual(new Sequential(new Linear(4, 3, new TorchRandom(1)), new Tanh()),
            new Linear(4, 3, new TorchRandom(2), bias: false)), 2,
        4);

    [Fact]
    public void A_shortcut_that_makes_another_shape_is_refused() => Refused.With<ArgumentException>(
        "Residual: of [3, 4], Linear(4, 1) makes [3, 1] and the shortcut Linear(4, 2) [3, 2]: both must be of one "
            + "shape to be added",
        () => new Residual(new Linear(4, 1, new TorchRandom(1)), new Linear(4, 2, new TorchRandom(1))).Forward(
            Tensor.Ones([3, 4])));

    [Fact]
    public void A_layer_that_changes_the_shape_is_refused() => Assert.Equal(
        "Residual: Linear(4, 1) makes [3, 1] of [3, 4]: both must be of one shape to be added: give a shortcut that "
            + "changes the shape alike",
        Assert.ThrowsAny<ArgumentException>(
            () => new Residual(new Linear(4, 1, new TorchRandom(1))).Forward(Tensor.Ones([3, 4])))
            .Message);
}
