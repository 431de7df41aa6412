namespace ChainRule.Tests.Ops;

public sealed class ArrangingTest
{
    public static TheoryData<string> Recorded => GoldenOps.Cases("ops", GoldenOps.Arranging);

    [Theory, MemberData(nameof(Recorded))]
    public void Values_and_gradients_equal_the_recording(string name) => GoldenOps.Check("ops", name);

    [Fact]
    public void Parts_are_cut_as_PyTorch_cuts_them()
    {
        var x = Tensor.Arange(0, 7);
        Assert.Equal([3, 3, 1], x.Chunk(0, 3).Select(part => part.Count));
        Assert.Equal([1, 1, 1, 1, 1, 1, 1], x.Chunk(0, 9).Select(part => part.Count));
        Assert.Equal([2, 2, 2, 1], x.Chunk(0, 4).Select(part => part.Count));
        Assert.Equal([0, 7], x.Split(0, 0, 7).Select(part => part.Count));
        Assert.Equal([0], Tensor.Zeros([0, 2]).Chunk(0, 3).Select(part => part.Count));
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        var x = Tensor.Zeros([2, 3]);
        Refused.With<ArgumentException>("split axis 1 of [2, 3] into [1, 1]: give sizes of 0 or more that add up to 3",
            () => x.Split(1, 1, 1));
        Refused.With<ArgumentException>("split axis 1 of [2, 3] into [4, -1]: give sizes of 0 or more that add up to 3",
            () => x.Split(1, 4, -1));
        Refused.With<ArgumentException>("chunk axis 0 of [2, 3] into 0 parts: give 1 or more", () => x.Chunk(0, 0));
        Refused.With<ArgumentException>("repeat [2, 3] [2] times: give a count for each of the 2 axes",
            () => x.Repeat(2));
        Refused.With<ArgumentException>("repeat [2, 3] [2, -1] times: -1 times: give 0 or more", () => x.Repeat(2, -1));
        Refused.With<ArgumentException>("flip: axis -1 of [2, 3] is named twice", () => x.Flip(1, -1));
        Refused.With<ArgumentException>("diagonal of axes 0 and 1 of [2, 3]: give two axes of one size",
            () => x.Diagonal(0, 1));
        Assert.Equal([0, 3], x.Repeat(0, 1).Shape);
        Assert.Equal([2, 3], x.Flip().Shape);
    }
}
