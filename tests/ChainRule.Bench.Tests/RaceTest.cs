namespace ChainRule.Bench.Tests;

public sealed class RaceTest
{
    [Fact]
    public void Two_workloads_do_not_share_one_standard_input() => Assert.Equal(
        "--paced: 2 workloads would share one standard input: name one with --only",
        Assert.ThrowsAny<ArgumentException>(() => Race.Paced([.. Catalog.All.Take(2)], TextReader.Null)).Message);

    [Fact]
    public void No_rounds_are_refused() =>
        Assert.Equal("rounds: 0: give 1 or more",
            Assert.ThrowsAny<ArgumentException>(() => Race.Run(Catalog.All, 0)).Message);
}
