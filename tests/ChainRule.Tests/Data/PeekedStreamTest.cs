using System.IO.Compression;
using System.Text;
using ChainRule.Data;

namespace ChainRule.Tests.Data;

public sealed class PeekedStreamTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Damage_within_a_gzip_is_the_cause_whatever_the_text_looks_like()
    {
        // Stored as it is, so that a flipped bit changes a character and nothing else.
        string rows = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i},{i % 7}\n"));
        byte[] whole = Stored(Encoding.UTF8.GetBytes("a,b\n" + rows));
        foreach (int at in (int[])[20, 16, 40, 5000, 90_000, whole.Length - 6])
        {
            foreach (byte bit in (byte[])[1, 4, 16, 128])
            {
                byte[] flipped = [.. whole];
                flipped[at] ^= bit;
                Assert.Equal("csv 'flipped': the gzip around it is damaged: fetch the file again",
                    Assert.Throws<InvalidDataException>(() => Csv.Read(_folder.Write("flipped", flipped))).Message);
            }
        }
    }

    [Fact]
    public void Damage_within_a_gzip_is_the_cause_whatever_the_numbers_say()
    {
        byte[] whole = Stored([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6]);
        for (int at = 15; at < 15 + 18; at++)
        {
            byte[] flipped = [.. whole];
            flipped[at] ^= 1;
            Assert.Equal("idx 'z': the gzip around it is damaged: fetch the file again",
                Assert.Throws<InvalidDataException>(() => Idx.Parse(new MemoryStream(flipped), "z")).Message);
        }
    }

    static byte[] Stored(byte[] bytes)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.NoCompression)) gzip.Write(bytes);
        return zipped.ToArray();
    }
}
