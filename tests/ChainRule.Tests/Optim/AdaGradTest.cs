using ChainRule.Optim;

namespace ChainRule.Tests.Optim;

public sealed class AdaGradTest
{
    public static TheoryData<string, DType> Recorded => Trial.Recorded("adagrad");

    [Theory, MemberData(nameof(Recorded))]
    public void Follows_pytorch(string name, DType dtype) => Trial.Follow(name, dtype,
        (golden, w) => new AdaGrad(w, golden.Number("lr"), golden.Number("eps"), golden.Number("weight_decay", 0)));

    [Fact]
    public void Divides_by_the_root_of_all_squares() =>
        // s = 9, 25, 169: 3 / (3 + 1), 4 / (5 + 1), 12 / (13 + 1)
        Trial.ThreeSteps(w => new AdaGrad(w, 0.1, eps: 1), [3, 4, 12], [0.925, 0.8583333333333333, 0.7726190476190476]);

    [Fact]
    public void Wrong_settings_are_named() => Assert.Equal("AdaGrad: eps -1: give a finite number, 0 or more",
        Assert.ThrowsAny<ArgumentOutOfRangeException>(() => new AdaGrad([Tensor.Zeros([3]).RequireGrad()], eps: -1))
            .Message);
}
