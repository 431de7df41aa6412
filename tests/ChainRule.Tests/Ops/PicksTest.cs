namespace ChainRule.Tests.Ops;

public sealed class PicksTest
{
    [Fact]
    public void Ids_are_walked_row_by_row_and_their_axis_is_left_out()
    {
        var at = new Picks([2, 3, 4], [1, 2, 3], axis: 1, new int[2 * Shape.MaxRank]);
        Assert.Equal(4, at.Stride);
        List<int> from = [];
        for (int i = 0; i < 6; i++, at.Step()) from.Add(at.From);
        Assert.Equal([0, 1, 2, 0, 1, 2], from);
    }
}
