namespace ChainRule.Tests.Ops;

public sealed class EinsumPlanTest
{
    [Theory]
    [InlineData("ij,jk", "ik")]
    [InlineData("zb,ba", "az")]
    [InlineData("ij,ij", "")]
    [InlineData("ij,jk -> k i", "ki")]
    public void A_result_that_is_not_named_has_the_letters_that_stand_once(string equation, string result) =>
        Assert.Equal(result, new EinsumPlan(equation, [Tensor.Zeros([2, 2]), Tensor.Zeros([2, 2])]).Result);

    [Fact]
    public void Axes_of_an_ellipsis_are_matched_from_the_last_on()
    {
        var plan = new EinsumPlan("...i,...i->...", [Tensor.Zeros([5, 3, 2]), Tensor.Zeros([3, 2])]);
        Assert.Equal(plan.Inputs[0][1..], plan.Inputs[1]);
        Assert.Equal(plan.Inputs[0][..2], plan.Result);
    }
}
