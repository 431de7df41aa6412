using ChainRule.Bench.Workloads;

namespace ChainRule.Bench.Tests;

public sealed class GptSizeTest
{
    [Theory]
    [InlineData(1, 2, 16, 8, 3)]
    [InlineData(3, 4, 32, 5, 2)]
    public void Parameters_are_counted_as_the_network_counts_them(int layers, int heads, int width,
        int context, int batch)
    {
        var size = new GptSize(layers, heads, width, context, batch);
        Assert.Equal(new GptTraining(size).Parameters, size.Parameters);
    }

    [Fact]
    public void A_size_has_a_name_that_the_catalogue_understands()
    {
        var size = new GptSize(1, 2, 16, 8, 3);
        var entry = Assert.Single(Catalog.Find(size.Name));
        Assert.Equal("gpt-1x2x16x8x3", entry.Name);
        Assert.Equal(size.Flops, entry.Make().Flops);
    }

    [Theory]
    [InlineData("gpt-1x2x16x8")]
    [InlineData("gpt-small")]
    [InlineData("gpt-1x2x16x8x999999")]
    public void What_is_no_size_is_none(string name) => Assert.Null(GptSize.Find(name));
}
