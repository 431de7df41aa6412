namespace ChainRule.Tests.Ops;

public sealed class ScatterTest
{
    public static TheoryData<string> Recorded => GoldenOps.Cases("ops", GoldenOps.Scatter);

    [Theory, MemberData(nameof(Recorded))]
    public void Values_and_gradients_equal_the_recording(string name) => GoldenOps.Check("ops", name);

    [Fact]
    public void Of_several_numbers_for_one_place_the_last_stays_and_gets_the_gradient()
    {
        Tensor x = Tensor.Zeros([3], DType.Float64).RequireGrad(), s = Tensor.From(1.0, 2, 3).RequireGrad();
        var y = x.Scatter(0, Ids.From(1, 1, 0), s);
        Assert.Equal([3, 2, 0], y.ToArray<double>());
        y.Backward(Tensor.From(10.0, 20, 30));
        Assert.Equal([0, 0, 30], x.Grad.ToArray<double>());
        Assert.Equal([0, 20, 10], s.Grad.ToArray<double>());
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        var x = Tensor.Zeros([2, 3]);
        Refused.With<ArgumentException>(
            "scatter along axis 1: a source of [3] for ids of [1, 1]: give one number for each id",
            () => x.Scatter(1, Ids.From([0], [1, 1]), Tensor.Zeros([3])));
        Refused.With<ArgumentOutOfRangeException>(
            "scatter-add along axis 1 of [2, 3]: id 3 at place 0 of [1, 1]: ids run from 0 to 2",
            () => x.ScatterAdd(1, Ids.From([3], [1, 1]), Tensor.Zeros([1, 1])));
        Refused.With<ArgumentException>("index add along axis 1 of [2, 3]: the source is [2, 3]: give [2, 1]",
            () => x.IndexAdd(1, Ids.From(0), Tensor.Zeros([2, 3])));
        Refused.With<ArgumentException>("index select along axis 0 of [2, 3]: ids of [1, 1]: give a vector of ids",
            () => x.IndexSelect(0, Ids.From([0], [1, 1])));
        Assert.Equal([2, 3], x.IndexAdd(0, Ids.From([], [0]), Tensor.Zeros([0, 3])).Shape);
    }
}
