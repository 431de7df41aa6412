namespace ChainRule.Tests.Layers;

using ChainRule.Layers;
using ChainRule.Randomness;

public sealed class DropoutTest
{
    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases("dropout");

    [Theory, MemberData(nameof(Recorded))]
    public void Masks_are_torchs_draw_for_draw(string name, DType dtype)
    {
        var golden = Golden.Case("layers", name);
        var layer = new Dropout(golden.Number("p"), new TorchRandom((ulong)golden.Int("seed")));
        var ones = Tensor.Ones(golden.Output.Shape, dtype);
        var y = name.EndsWith("two calls of seven", StringComparison.Ordinal)
            ? Tensor.Stack(0, layer.Forward(Tensor.Ones([7], dtype)), layer.Forward(Tensor.Ones([7], dtype)))
            : layer.Forward(ones);
        // What is kept is 1 / (1 − p), recorded in float32.
        Close.Equal(golden.Output, y.Shape.Span, y.To(DType.Float64).Read<double>(),
            dtype == DType.Float32 ? 0 : 1e-7, name);
    }

    [Theory]
    [InlineData(0.5, 7)]
    [InlineData(0.2, 2, 3, 4)]
    public void The_gradient_goes_where_the_number_was_kept(double p, params int[] shape)
    {
        var x = Tensor.Randn(shape, new TorchRandom(1), DType.Float64).RequireGrad();
        var y = new Dropout(p, new TorchRandom(2)).Forward(x);
        y.Sum().Backward();
        var mask = new Dropout(p, new TorchRandom(2)).Forward(Tensor.Ones(shape, DType.Float64));
        Close.Equal(mask.Read<double>(), x.Grad.Read<double>(), 0, "gradient");
        Assert.Contains(0.0, mask.ToArray<double>());
    }

    [Fact]
    public void The_mean_stays_and_the_share_dropped_is_p()
    {
        var y = new Dropout(0.3, new TorchRandom(7)).Forward(Tensor.Ones([100, 1000]));
        // Standard deviations: 0.0021 of the mean, 0.0014 of the share.
        Assert.InRange(y.Mean().Item(), 0.99, 1.01);
        Assert.InRange(y.ToArray<float>().Count(number => number == 0) / 1e5, 0.293, 0.307);
    }

    [Fact]
    public void In_use_and_at_0_nothing_is_dropped_and_nothing_drawn()
    {
        var rng = new TorchRandom(3);
        var x = Tensor.Ones([10]);
        Assert.Equal(x, new Dropout(0, rng).Forward(x));
        var layer = new Dropout(0.5, rng);
        layer.Eval();
        Assert.Equal(x, layer.Forward(x));
        Assert.Equal(new TorchRandom(3).NextUInt32(), rng.NextUInt32());
    }

    [Theory]
    [InlineData(-0.1, "Dropout(-0.1): the probability p must be 0 or more and below 1, or nothing is left")]
    [InlineData(1, "Dropout(1): the probability p must be 0 or more and below 1, or nothing is left")]
    [InlineData(double.NaN, "Dropout(NaN): the probability p must be 0 or more and below 1, or nothing is left")]
    public void A_share_outside_0_to_1_is_refused(double p, string message) =>
        Assert.Equal(message, Assert.ThrowsAny<ArgumentException>(() => new Dropout(p, new TorchRandom(1))).Message);
}
