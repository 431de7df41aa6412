using ChainRule.Tests;
using ChainRule.Zoo.Datasets;

namespace ChainRule.Zoo.Tests.Datasets;

[Collection(Alone.Name)]
public sealed class TokenTextMemoryTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Memory_does_not_grow_with_the_text()
    {
        string part = TokenTextWriteTest.Text;
        string Long(int times)
        {
            string path = _folder.PathOf($"{times}.txt");
            using var text = new StreamWriter(path);
            for (int i = 0; i < times; i++) text.Write(part);
            return path;
        }
        string text = Long(4000);
        long length = new FileInfo(text).Length, most = 0, before = GC.GetTotalMemory(forceFullCollection: true);
        Assert.True(length > 20_000_000);
        var watch = new Seen(() => most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before));
        var made = TokenText.Write([text], _folder.PathOf("tokens"), progress: watch);
        Assert.Equal(4000L * part.EnumerateRunes().Count(), made.Characters);
        Assert.True(watch.Times > 20 / Environment.ProcessorCount);
        // The pieces in work and their ids: 6 bytes a character.
        Assert.InRange(most, 0, 8L * (1 << 20) * (Environment.ProcessorCount + 2));
    }

    sealed class Seen(Action look) : IProgress<long>
    {
        public int Times { get; private set; }

        public void Report(long value)
        {
            Times++;
            look();
        }
    }
}
