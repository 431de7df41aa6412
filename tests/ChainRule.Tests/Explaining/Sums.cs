using ChainRule.Explaining;

namespace ChainRule.Tests.Explaining;

/// <summary>Whether the terms of explanations add up to the engine's gradients.</summary>
static class Sums
{
    public static void Check(string what, Tensor loss)
    {
        var check = Explain.Check(loss);
        Assert.True(check.Numbers > 0 || double.IsNaN(loss.Item()), what);
        Assert.True(check.Passed, $"{what}: dL/d{check.Name} is {check.Gradient}, and its terms add up to {check.Sum}");
    }
}
