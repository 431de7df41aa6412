using ChainRule.Optim;

namespace ChainRule.Tests.Optim;

public sealed class SgdTest
{
    public static TheoryData<string, DType> Recorded => Trial.Recorded("sgd");

    [Theory, MemberData(nameof(Recorded))]
    public void Follows_pytorch(string name, DType dtype) =>
        Trial.Follow(name, dtype, (golden, w) => new Sgd(w, golden.Number("lr"),
        new() { Momentum = golden.Number("momentum", 0), Nesterov = golden.Flag("nesterov", false),
            WeightDecay = golden.Number("weight_decay", 0) }));

    [Fact]
    public void Goes_down_the_gradient() =>
        // 1 − 0.1·0.5, + 0.1·0.25, − 0.1·1
        Trial.ThreeSteps(w => new Sgd(w, 0.1), [0.5, -0.25, 1], [0.95, 0.975, 0.875]);

    [Fact]
    public void Momentum_carries_on() =>
        // v = 0.5, 0.45 − 0.25 = 0.2, 0.18 + 1 = 1.18
        Trial.ThreeSteps(w => new Sgd(w, 0.1, new() { Momentum = 0.9 }), [0.5, -0.25, 1], [0.95, 0.93, 0.812]);

    [Fact]
    public void Nesterov_looks_ahead() =>
        // g + 0.9 v = 0.5 + 0.45, −0.25 + 0.18, 1 + 1.062
        Trial.ThreeSteps(w => new Sgd(w, 0.1, new() { Momentum = 0.9, Nesterov = true }), [0.5, -0.25, 1],
            [0.905, 0.912, 0.7058]);

    [Fact]
    public void Decay_is_part_of_the_gradient() =>
        // g + 0.1 w = 0.5 + 0.1, −0.25 + 0.094, 1 + 0.09556
        Trial.ThreeSteps(w => new Sgd(w, 0.1, new() { WeightDecay = 0.1 }), [0.5, -0.25, 1], [0.94, 0.9556, 0.846044]);

    [Fact]
    public void Wrong_settings_are_named()
    {
        Tensor[] w = [Tensor.Zeros([3]).RequireGrad()];
        Assert.Equal("Sgd: momentum 9: give a number in [0, 1)",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => new Sgd(w, 0.1, new() { Momentum = 9 })).Message);
        Assert.Equal("Sgd: momentum NaN: give a number in [0, 1)",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => new Sgd(w, 0.1, new() { Momentum = double.NaN }))
                .Message);
        Assert.Equal("Sgd: Nesterov looks ahead along the momentum, and the momentum is 0: give one, such as 0.9",
            Assert.ThrowsAny<ArgumentException>(() => new Sgd(w, 0.1, new() { Nesterov = true })).Message);
    }
}
