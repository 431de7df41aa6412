using ChainRule.Diagnostics;

namespace ChainRule.Tests.Ops;

public sealed class PadTest
{
    public static TheoryData<string> Recorded => Golden.Names("conv", "pad");

    [Theory, MemberData(nameof(Recorded))]
    public void Values_and_gradients_equal_the_recording(string name) => GoldenOps.Check("conv", name);

    [Theory]
    [InlineData(PaddingMode.Zeros, new double[] { 0, 0, 1, 2, 3, 0, 0 })]
    [InlineData(PaddingMode.Reflect, new double[] { 3, 2, 1, 2, 3, 2, 1 })]
    [InlineData(PaddingMode.Replicate, new double[] { 1, 1, 1, 2, 3, 3, 3 })]
    [InlineData(PaddingMode.Circular, new double[] { 2, 3, 1, 2, 3, 1, 2 })]
    public void Each_mode_holds_what_it_says(PaddingMode mode, double[] expected)
    {
        var x = Tensor.From([1.0, 2, 3], [3]).RequireGrad();
        Assert.Equal(expected, x.Pad(0, 2, 2, mode).ToArray<double>());
        GradCheck.Require("pad", () => x.Pad(0, 2, 1, mode).Square().Sum(), [new("x", x)]);
        Assert.Equal([1.0, 2, 3], x.Pad(0, 0, 0, mode).ToArray<double>());
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        var x = Tensor.Ones([2, 3]);
        Assert.Equal("[0, 5]", Tensor.Ones([0, 3]).Pad(1, 1, 1, PaddingMode.Circular).Shape.ToString());
        Assert.Equal("[5, 0]", Tensor.Ones([3, 0]).Pad(0, 1, 1).Shape.ToString());
        Refused.With<ArgumentException>("pad axis 1 of [2, 3] by -1 and 0: give 0 or more", () => x.Pad(1, -1, 0));
        Refused.With<ArgumentException>(
            "pad axis 1 of [2, 3] by 0 and 3: Reflect needs 4 numbers, and there are 3: pad less, or by zeros",
            () => x.Pad(1, 0, 3, PaddingMode.Reflect));
        Refused.With<ArgumentException>(
            "pad axis 0 of [2, 3] by 3 and 0: Circular needs 3 numbers, and there are 2: pad less, or by zeros",
            () => x.Pad(0, 3, 0, PaddingMode.Circular));
        Refused.With<ArgumentException>(
            "pad axis 0 of [0, 3] by 1 and 0: Replicate needs 1 numbers, and there are 0: pad less, or by zeros",
            () => Tensor.Ones([0, 3]).Pad(0, 1, 0, PaddingMode.Replicate));
        Refused.With<ArgumentOutOfRangeException>("pad: 8 is no padding mode: give one of PaddingMode",
            () => x.Pad(0, 1, 0, (PaddingMode)8));
    }
}
