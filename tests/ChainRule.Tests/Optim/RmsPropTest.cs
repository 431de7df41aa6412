using ChainRule.Optim;

namespace ChainRule.Tests.Optim;

public sealed class RmsPropTest
{
    public static TheoryData<string, DType> Recorded => Trial.Recorded("rmsprop");

    [Theory, MemberData(nameof(Recorded))]
    public void Follows_pytorch(string name, DType dtype) =>
        Trial.Follow(name, dtype, (golden, w) => new RmsProp(w, golden.Number("lr"),
        new()
        {
            Alpha = golden.Number("alpha"), Eps = golden.Number("eps"), Momentum = golden.Number("momentum", 0),
            Centered = golden.Flag("centered", false), WeightDecay = golden.Number("weight_decay", 0),
        }));

    [Fact]
    public void Divides_by_the_root_of_the_mean_square() =>
        // s = 36/4, 27/4 + 169/4, 147/4 + 529/4 = 9, 49, 169: 6 / (3 + 1), 13 / (7 + 1), −23 / (13 + 1)
        Trial.ThreeSteps(w => new RmsProp(w, 0.1, new() { Alpha = 0.75, Eps = 1 }), [6, 13, -23],
            [0.85, 0.6875, 0.8517857142857143]);

    [Fact]
    public void Momentum_carries_on() =>
        // v = 1.5, 0.75 + 1.625, 1.1875 − 23/14
        Trial.ThreeSteps(w => new RmsProp(w, 0.1, new() { Alpha = 0.75, Eps = 1, Momentum = 0.5 }), [6, 13, -23],
            [0.85, 0.6125, 0.6580357142857143]);

    [Fact]
    public void Centred_divides_by_the_standard_deviation() =>
        // s = 8, 8.5, 5.78125; m = 2, 2.5, 0.375; √(s − m²) = 2, 1.5, 2.375: 4 / 2.5, 3 / 2, −1.75 / 2.875
        Trial.ThreeSteps(w => new RmsProp(w, 0.1, new() { Alpha = 0.5, Eps = 0.5, Centered = true }), [4, 3, -1.75],
            [0.84, 0.69, 0.7508695652173913]);

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void A_variance_that_rounds_below_zero_is_zero(DType dtype)
    {
        // The gradient never changes: its variance falls to 0, and rounding takes it below.
        double[] gradient = [.. Enumerable.Range(1, 50).Select(i => i / 7.0)];
        var w = Trial.Weight([50], dtype, new double[50]);
        var optimizer = new RmsProp([w], 1e-9, new() { Alpha = 0.5, Eps = 1, Centered = true });
        for (int step = 0; step < 200; step++)
        {
            Trial.PutGrad(w, gradient);
            optimizer.Step();
        }
        var state = optimizer.State.ToDictionary(pair => pair.Key, pair => Trial.Numbers(pair.Value));
        double Rounded(double x) => dtype == DType.Float32 ? (float)x : x;
        Assert.Contains(Enumerable.Range(0, 50),
            i => Rounded(state["0.square"][i] - Rounded(state["0.mean"][i] * state["0.mean"][i])) < 0);
        Assert.All(Trial.Numbers(w), x => Assert.True(double.IsFinite(x)));
    }

    [Fact]
    public void Wrong_settings_are_named()
    {
        Tensor[] w = [Tensor.Zeros([3]).RequireGrad()];
        Assert.Equal("RmsProp: alpha 1: give a number in [0, 1)",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => new RmsProp(w, options: new() { Alpha = 1 })).Message);
        Assert.Equal("RmsProp: eps Infinity: give a finite number, 0 or more",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(
                () => new RmsProp(w, options: new() { Eps = double.PositiveInfinity })).Message);
        Assert.Equal("RmsProp: momentum -0.5: give a number in [0, 1)",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => new RmsProp(w, options: new() { Momentum = -0.5 }))
                .Message);
    }
}
