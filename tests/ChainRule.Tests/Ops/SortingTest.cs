namespace ChainRule.Tests.Ops;

public sealed class SortingTest
{
    public static TheoryData<string> Recorded => GoldenOps.Cases("ops", GoldenOps.Sorting);

    [Theory, MemberData(nameof(Recorded))]
    public void Values_and_gradients_equal_the_recording(string name) => GoldenOps.Check("ops", name);

    [Fact]
    public void Equal_numbers_keep_their_order_and_NaN_is_the_largest()
    {
        var x = Tensor.From(2.0, double.NaN, 1, 2, double.NegativeInfinity, 1);
        Assert.Equal([4, 2, 5, 0, 3, 1], x.ArgSort().Span.ToArray());
        Assert.Equal([1, 0, 3, 2, 5, 4], x.ArgSort(descending: true).Span.ToArray());
        Assert.Equal([1, 0], x.TopK(2).Indices.Span.ToArray());
        Assert.Equal([4, 2], x.TopK(2, largest: false).Indices.Span.ToArray());
        Assert.Equal((1, 1), (x.MaxWithIndices().Indices[0], x.MinWithIndices().Indices[0]));
    }

    [Fact]
    public void The_largest_of_several_axes_are_found_along_one()
    {
        var x = Tensor.From([1.0, 5, 2, 6, 3, 4, 9, 7, 8, 0, 11, 10], [2, 3, 2]);
        var (values, indices) = x.TopK(2, 1);
        Assert.Equal([2, 2, 2], values.Shape);
        Assert.Equal([3, 6, 2, 5, 11, 10, 9, 7], values.ToArray<double>());
        Assert.Equal([2, 1, 1, 0, 2, 2, 0, 0], indices.Span.ToArray());
        Assert.Equal(0, x.TopK(0).Values.Count);
        Refused.With<ArgumentOutOfRangeException>("top-k of [2, 3, 2]: 4 along axis 1: give 0 to 3",
            () => x.TopK(4, 1));
        Refused.With<ArgumentException>("argmin of [0]: axis -1 is empty", () => Tensor.Zeros([0]).ArgMin());
        Assert.Equal(0, Tensor.Zeros([0]).Sort().Values.Count);
    }
}
