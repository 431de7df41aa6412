using ChainRule.Bench.Accuracy;

namespace ChainRule.Bench.Tests.Accuracy;

public sealed class AccuracyCaseTest
{
    [Fact]
    public void No_name_stands_twice() =>
        Assert.Equal(AccuracyCase.All.Count, AccuracyCase.All.DistinctBy(one => one.Name).Count());

    [Fact]
    public void An_unknown_name_is_refused()
    {
        var error = Assert.ThrowsAny<ArgumentException>(() => AccuracyCase.Find("nothing"));
        Assert.StartsWith("case 'nothing': there are sum-uniform-1000000, ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_holds_the_numbers_of_all_seeds()
    {
        string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            AccuracyCase.Write(AccuracyCase.Find("mean-normal-1000"), folder);
            Assert.Equal(50 * sizeof(float), new FileInfo(Path.Combine(folder, "mean-normal-1000.f32")).Length);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
