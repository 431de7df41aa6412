namespace ChainRule.Tests.Ops;

public sealed class GatherTest
{
    public static TheoryData<string> Recorded => GoldenOps.Cases("ops", GoldenOps.Gather);

    [Theory, MemberData(nameof(Recorded))]
    public void Values_and_gradients_equal_the_recording(string name) => GoldenOps.Check("ops", name);

    [Fact]
    public void A_row_asked_for_more_than_once_gets_every_gradient()
    {
        var table = Tensor.Ones([4, 2], DType.Float64).RequireGrad();
        var rows = table.Rows(Ids.From([1, 3, 1, 1], [2, 2]));
        rows.Backward(Tensor.Arange(1, 9, dtype: DType.Float64).Reshape(2, 2, 2));
        Assert.Equal([0, 0, 1 + 5 + 7, 2 + 6 + 8, 0, 0, 3, 4], table.Grad.ToArray<double>());
    }

    [Fact]
    public void A_place_picked_more_than_once_gets_every_gradient()
    {
        var x = Tensor.From(new double[,] { { 1, 2, 3 }, { 4, 5, 6 } }).RequireGrad();
        var y = x.Gather(Ids.From([2, 2, 0, 1, 1, 1, 1, 0], [2, 4]));
        Assert.Equal([3, 3, 1, 2, 5, 5, 5, 4], y.ToArray<double>());
        y.Backward(Tensor.Arange(1, 9, dtype: DType.Float64).Reshape(2, 4));
        Assert.Equal([3, 4, 3, 8, 18, 0], x.Grad.ToArray<double>());
    }

    [Fact]
    public void Ids_out_of_range_are_named_with_their_place()
    {
        var x = Tensor.Zeros([5, 3]);
        Refused.With<ArgumentOutOfRangeException>("rows of [5, 3]: id 5 at place 2 of [2, 2]: ids run from 0 to 4",
            () => x.Rows(Ids.From([0, 4, 5, 9], [2, 2])));
        Refused.With<ArgumentOutOfRangeException>("rows of [5, 3]: id -1 at place 0 of [1]: ids run from 0 to 4",
            () => x.Rows(Ids.From(-1)));
        Refused.With<ArgumentOutOfRangeException>("rows of [0, 3]: id 0 at place 0 of [1]: there are no ids",
            () => Tensor.Zeros([0, 3]).Rows(Ids.From(0)));
        Refused.With<ArgumentOutOfRangeException>(
            "gather along axis 1 of [5, 3]: id 3 at place 4 of [5, 1]: ids run from 0 to 2",
            () => x.Gather(Ids.From([0, 1, 2, 0, 3], [5, 1]), 1));
        Refused.With<ArgumentException>("gather along axis 1: ids of [6, 1] do not fit [5, 3]: give as many axes, and "
            + "no other size above that of the tensor",
            () => x.Gather(Ids.From(new int[6], [6, 1]), 1));
        Refused.With<ArgumentException>("gather along axis 1: ids of [5] do not fit [5, 3]: give as many axes, and no "
            + "other size above that of the tensor",
            () => x.Gather(Ids.From(new int[5]), 1));
    }

    [Fact]
    public void A_gradient_flows_back_through_rows_whichever_way_they_are_named()
    {
        var c = Tensor.From(new float[,] { { 1, 2 }, { 3, 4 }, { 5, 6 } }).RequireGrad();
        int[] places = [0, 2, 2];
        c.Rows([0, 2, 2]).Sum().Backward();
        c.Rows(places).Sum().Backward();
        ((IRows<Tensor>)c).Rows(places).Sum().Backward();
        c.Rows(Ids.From(0, 2, 2)).Sum().Backward();
        Assert.Equal([4, 4, 0, 0, 8, 8], c.Grad.ToArray<float>());
        Refused.With<ArgumentOutOfRangeException>("rows: row 3 of [3, 2]: rows run from 0 to 2", () => c.Rows([0, 3]));
    }

    [Fact]
    public void Fewer_rows_may_be_picked_from_than_there_are()
    {
        var x = Tensor.Arange(0, 24, dtype: DType.Float64).Reshape(2, 3, 4).Detach().RequireGrad();
        var y = x.Gather(Ids.From([2, 0, 1, 1, 0, 2], [1, 2, 3]), 1);
        Assert.Equal([8, 1, 6, 4, 1, 10], y.ToArray<double>());
        y.Backward(Tensor.Arange(1, 7, dtype: DType.Float64).Reshape(1, 2, 3));
        double[] expected = new double[24];
        (expected[8], expected[1], expected[6], expected[4], expected[10]) = (1, 2 + 5, 3, 4, 6);
        Assert.Equal(expected, x.Grad.ToArray<double>());
    }

    [Fact]
    public void A_mask_that_would_stretch_what_it_masks_is_refused()
    {
        Refused.With<ArgumentException>("masked fill: a mask of [2, 3] would stretch [3]: expand this tensor first",
            () => Tensor.Ones([3]).MaskedFill(Tensor.Ones([2, 3]), 0));
        Refused.With<ArgumentException>(
            "masked fill: [3] and [2] do not broadcast: axis 0 is 3 in the one and 2 in the other",
            () => Tensor.Ones([3]).MaskedFill(Tensor.Ones([2]), 0));
    }

    [Fact]
    public void A_choice_lets_nothing_through_from_what_was_not_chosen()
    {
        var mask = Tensor.From(1.0, 0.0);
        Tensor a = Tensor.From(2.0, double.NaN).RequireGrad(),
            b = Tensor.From(double.PositiveInfinity, 3.0).RequireGrad();
        var y = Tensor.Where(mask, a, b);
        y.Sum().Backward();
        Assert.Equal([2, 3], y.ToArray<double>());
        Assert.Equal([1, 0], a.Grad.ToArray<double>());
        Assert.Equal([0, 1], b.Grad.ToArray<double>());
    }

    [Fact]
    public void Comparisons_are_masks_without_a_gradient()
    {
        Tensor a = Tensor.From(1.0, 2.0, double.NaN).RequireGrad(), b = Tensor.From(2.0, 2.0, 2.0);
        Assert.Equal([0, 0, 0], a.Greater(b).ToArray<double>());
        Assert.Equal([1, 0, 0], a.Less(b).ToArray<double>());
        Assert.Equal([0, 1, 0], a.EqualTo(b).ToArray<double>());
        Assert.False(a.Less(b).RequiresGrad);
    }
}
