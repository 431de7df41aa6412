using ChainRule.Optim;

namespace ChainRule.Tests.Optim;

public sealed class AdamWTest
{
    public static TheoryData<string, DType> Recorded => Trial.Recorded("adamw");

    [Theory, MemberData(nameof(Recorded))]
    public void Follows_pytorch(string name, DType dtype) =>
        Trial.Follow(name, dtype, (golden, w) => new AdamW(w, golden.Number("lr"),
        new()
        {
            Beta1 = golden.Number("beta1"), Beta2 = golden.Number("beta2"), Eps = golden.Number("eps"),
            WeightDecay = golden.Number("weight_decay"),
        }));

    [Fact]
    public void Decay_stands_beside_the_gradient() =>
        // Adam's steps of 0.1 · (2/3, 4/5, −4/35), each from 0.95 w
        Trial.ThreeSteps(w => new AdamW(w, 0.1, new() { Beta1 = 0.5, Beta2 = 0.75, Eps = 1, WeightDecay = 0.5 }),
            [2, 5, -4], [0.8833333333333333, 0.7591666666666667, 0.7326369047619048]);

    [Fact]
    public void Wrong_settings_are_named()
    {
        Tensor[] w = [Tensor.Zeros([3]).RequireGrad()];
        Assert.Equal("AdamW: beta1 1: give a number in [0, 1)",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => new AdamW(w, options: new() { Beta1 = 1 })).Message);
        Assert.Equal("AdamW: beta2 -0.1: give a number in [0, 1)",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => new AdamW(w, options: new() { Beta2 = -0.1 })).Message);
        Assert.Equal("AdamW: eps NaN: give a finite number, 0 or more",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => new AdamW(w, options: new() { Eps = double.NaN }))
                .Message);
    }
}
