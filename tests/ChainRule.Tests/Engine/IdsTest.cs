using ChainRule.Randomness;

namespace ChainRule.Tests.Engine;

public sealed class IdsTest
{
    [Fact]
    public void Ids_have_a_shape_and_are_copied()
    {
        int[] given = [1, 2, 3, 4, 5, 6];
        var ids = Ids.From(given, [2, 3]);
        given[0] = 9;
        Assert.Equal((6, 1, 6), (ids.Count, ids[0], ids[5]));
        Assert.Equal("[3, 2]", ids.Reshape([3, 2]).Shape.ToString());
        Assert.Equal("ids [2, 3] [1, 2, 3, 4, 5, 6]", ids.ToString());
        Assert.Equal("ids [20] [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, …]",
            Ids.From([.. Enumerable.Range(0, 20)]).ToString());
        Refused.With<ArgumentException>("ids: 6 ids do not fill [4], which holds 4", () => Ids.From(given, [4]));
        Refused.With<ArgumentException>("reshape: ids of [2, 3] do not fill [4]: 6 ids for 4 places",
            () => ids.Reshape([4]));
    }

    [Fact]
    public void Rows_are_picked_in_the_order_asked_for()
    {
        var ids = Ids.From([1, 2, 3, 4, 5, 6], [3, 2]);
        Assert.Equal([5, 6, 1, 2], ids.Rows([2, 0]).Span.ToArray());
        Refused.With<ArgumentOutOfRangeException>("rows: row -1 of ids [3, 2]: rows run from 0 to 2",
            () => ids.Rows([-1]));
        Refused.With<ArgumentOutOfRangeException>("rows: row 0 of ids [0]: there are no rows",
            () => Ids.From().Rows([0]));
        Refused.With<ArgumentException>("rows: a single id has no rows", () => Ids.From([3], []).Rows([0]));
    }

    [Fact]
    public void Drawn_ids_are_the_streams_of_their_generator()
    {
        int[] expected = new int[12];
        new TorchRandom(3).Integers(expected, -2, 5);
        Assert.Equal(expected, Ids.Random([3, 4], -2, 5, new TorchRandom(3)).Span.ToArray());
        Assert.Equal(Enumerable.Range(0, 50), Ids.Permutation(50, new TorchRandom(3)).Span.ToArray().Order());
    }

    [Fact]
    public void Ids_picked_in_a_scope_end_with_it_unless_they_are_kept()
    {
        var all = Ids.From([1, 2, 3, 4, 5, 6], [3, 2]);
        Ids gone, reshaped, kept;
        using (Scope.Begin())
        {
            gone = all.Rows([2, 0]);
            reshaped = gone.Reshape([4]);
            kept = all.Rows([1, 1]).Reshape([4]).Keep();
            Assert.Equal([5, 6, 1, 2], reshaped.Span.ToArray());
        }
        using (Scope.Begin()) all.Rows([0, 0]);
        const string Message = "these ids of [2, 2] were picked in a scope which has ended, and they are gone: Keep() "
            + "what must outlive the scope";
        Refused.With<InvalidOperationException>(Message, () => _ = gone[0]);
        Refused.With<InvalidOperationException>(Message.Replace("[2, 2]", "[4]", StringComparison.Ordinal),
            () => _ = reshaped[0]);
        Assert.Equal([3, 4, 3, 4], kept.Span.ToArray());
        Assert.Equal([1, 2, 3, 4, 5, 6], all.Span.ToArray());
    }

    [Fact]
    public void Windows_are_stretches_that_may_lie_over_one_another()
    {
        var ids = Ids.From(1, 2, 3, 4, 5);
        Assert.Equal([4, 5, 1, 2, 2, 3], ids.Windows([3, 0, 1], 2).Span.ToArray());
        Assert.Equal<Shape>([3, 2], ids.Windows([3, 0, 1], 2).Shape);
        Refused.With<ArgumentOutOfRangeException>("windows of 2 of ids [5]: one that starts at 4 does not lie within: "
            + "starts run from 0 to 3", () => ids.Windows([4], 2));
        Refused.With<ArgumentOutOfRangeException>("windows of 2 of ids [5]: one that starts at -1 does not lie within: "
            + "starts run from 0 to 3", () => ids.Windows([-1], 2));
        Refused.With<ArgumentException>("windows of 2 of ids [1, 5]: give a vector of ids, and a length of 0 or more",
            () => ids.Reshape([1, 5]).Windows([0], 2));
    }
}
