using ChainRule.Data;

namespace ChainRule.Tests.Data;

[Collection(Alone.Name)]
public sealed class CsvFileMemoryTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_memory_for_a_file_is_two_bytes_a_row()
    {
        string path = _folder.PathOf("t.csv");
        const int Rows = 400_000;
        using (var text = new StreamWriter(path))
        {
            text.WriteLine("a,b,c,d");
            for (int i = 0; i < Rows; i++) text.WriteLine($"{i},{i * 7 % 1000}.25,some words that make it "
                + $"long,{i % 10}");
        }
        long before = GC.GetTotalMemory(forceFullCollection: true);
        using var file = CsvFile.Open(path);
        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.Equal(Rows, file.Rows);
        Assert.InRange(held, 0, 2 * Rows + 200_000);
        Assert.Equal("399999", file.Take([Rows - 1]).Texts("a")[0]);
    }
}
