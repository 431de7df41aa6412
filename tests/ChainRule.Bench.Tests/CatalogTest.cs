namespace ChainRule.Bench.Tests;

public sealed class CatalogTest
{
    [Fact]
    public void A_name_finds_that_workload_and_not_those_that_contain_it() =>
        Assert.Equal("gpt", Assert.Single(Catalog.Find("gpt")).Name);

    [Fact]
    public void A_part_of_a_name_finds_all_that_contain_it()
    {
        var found = Catalog.Find("gemm-nt");
        Assert.True(found.Count > 1);
        Assert.All(found, entry => Assert.StartsWith("gemm-nt-", entry.Name, StringComparison.Ordinal));
    }

    [Fact]
    public void An_unknown_name_is_refused() => Assert.Equal("workload 'nothing': none of that name: --list shows them",
        Assert.ThrowsAny<ArgumentException>(() => Catalog.Find("nothing")).Message);

    [Fact]
    public void No_name_stands_twice() =>
        Assert.Equal(Catalog.All.Count, Catalog.All.DistinctBy(entry => entry.Name).Count());
}
