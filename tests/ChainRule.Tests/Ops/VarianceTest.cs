using ChainRule.Diagnostics;
using ChainRule.Randomness;

namespace ChainRule.Tests.Ops;

/// <summary>
/// What <see cref="ReductionsTest"/> does not ask of every reduction: the recordings of var and std are there.
/// </summary>
public sealed class VarianceTest
{
    // Along rows and across them, wider and narrower than a vector: each has a loop of its own.
    [Theory]
    [InlineData(5, 3, 1)]
    [InlineData(4, 37, 1)]
    [InlineData(5, 3, 0)]
    [InlineData(4, 37, 0)]
    public void Its_gradient_is_right_whatever_the_loop(int rows, int columns, int axis)
    {
        var x = Tensor.Randn([rows, columns], new TorchRandom(3), DType.Float64).RequireGrad();
        GradCheck.Require("var", () => x.Var(axis).Square().Sum(), [new("x", x)]);
        GradCheck.Require("std", () => x.Std(axis, unbiased: false).Square().Sum(), [new("x", x)]);
    }

    [Fact]
    public void A_far_away_mean_costs_no_digits()
    {
        var x = Tensor.Randn([1000, 3], new TorchRandom(3));
        double[] near = [.. x.Var(0).ToArray<float>()], far = [.. (x + 1000).Var(0).ToArray<float>()];
        for (int i = 0; i < 3; i++) Assert.Equal(near[i], far[i], 1e-3);
    }

    [Fact]
    public void Too_few_numbers_have_no_variance()
    {
        Refused.With<ArgumentException>(
            "var of [1]: 1 number has no unbiased variance: reduce over more, or say unbiased: false",
            () => Tensor.Ones([1]).Var());
        Refused.With<ArgumentException>("var of [0]: 0 numbers have no variance: reduce over more",
            () => Tensor.Ones([0]).Var(unbiased: false));
    }
}
