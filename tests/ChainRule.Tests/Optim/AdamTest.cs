using ChainRule.Optim;

namespace ChainRule.Tests.Optim;

public sealed class AdamTest
{
    public static TheoryData<string, DType> Recorded => Trial.Recorded("adam");

    [Theory, MemberData(nameof(Recorded))]
    public void Follows_pytorch(string name, DType dtype) =>
        Trial.Follow(name, dtype, (golden, w) => new Adam(w, golden.Number("lr"),
        new()
        {
            Beta1 = golden.Number("beta1"), Beta2 = golden.Number("beta2"), Eps = golden.Number("eps"),
            WeightDecay = golden.Number("weight_decay"),
        }));

    [Fact]
    public void Both_means_are_freed_of_their_start() =>
        // m = 1, 3, −0.5, over 1 − 0.5ᵗ: 2, 4, −4/7; s = 1, 7, 9.25, over 1 − 0.75ᵗ: 4, 16, 16: 2 / (2 + 1),
        // 4 / (4 + 1), −4/7 / (4 + 1)
        Trial.ThreeSteps(w => new Adam(w, 0.1, new() { Beta1 = 0.5, Beta2 = 0.75, Eps = 1 }), [2, 5, -4],
            [0.9333333333333333, 0.8533333333333333, 0.8647619047619048]);

    [Fact]
    public void The_first_step_is_the_rate_whatever_the_gradient()
    {
        var w = Trial.Weight([3], DType.Float64, [0, 0, 0]);
        Trial.PutGrad(w, [1e-3, -1, 1e3]);
        new Adam([w], 0.01, new() { Eps = 0 }).Step();
        Close.Equal([-0.01, 0.01, -0.01], Trial.Numbers(w), 1e-14, "first step");
    }

    [Fact]
    public void Wrong_settings_are_named()
    {
        Tensor[] w = [Tensor.Zeros([3]).RequireGrad()];
        Assert.Equal("Adam: beta1 1: give a number in [0, 1)",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => new Adam(w, options: new() { Beta1 = 1 })).Message);
        Assert.Equal("Adam: beta2 -0.1: give a number in [0, 1)",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => new Adam(w, options: new() { Beta2 = -0.1 })).Message);
        Assert.Equal("Adam: eps NaN: give a finite number, 0 or more",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => new Adam(w, options: new() { Eps = double.NaN }))
                .Message);
    }
}
