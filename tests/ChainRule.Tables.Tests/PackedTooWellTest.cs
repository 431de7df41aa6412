using System.Globalization;
using Parquet;
using Parquet.Schema;

namespace ChainRule.Tables.Tests;

/// <summary>Pages that say to be small, and unpack to a thousand times of it.</summary>
public sealed class PackedTooWellTest
{
    const int Large = 4_000_000, Rows = 4_000;

    [Theory]
    [InlineData(CompressionMethod.Snappy)]
    [InlineData(CompressionMethod.Gzip)]
    [InlineData(CompressionMethod.Brotli)]
    [InlineData(CompressionMethod.Zstd)]
    [InlineData(CompressionMethod.Lz4Raw)]
    public void A_page_takes_no_more_memory_than_it_says(CompressionMethod method)
    {
        byte[] file = Samples.Parquet(new() { CompressionMethod = method },
            (new DataField("x", typeof(string), true), Enumerable.Range(0, Rows)
                .Select(i => i.ToString("D4", CultureInfo.InvariantCulture).PadRight(Large / Rows, 'a')).ToArray()));
        // Its header: the kind of page, and how large it is unpacked, a number of four groups of seven bits.
        int at = file.AsSpan().IndexOf((byte[])[0x15, 0x00, 0x15]) + 3;
        Assert.InRange(Number(file, at), Large, Large + 10 * Rows);
        ((byte[])[0x90 | 0x80, 0x8f, 0x80, 0x00]).CopyTo(file.AsSpan(at));

        long before = GC.GetAllocatedBytesForCurrentThread();
        var refused = Assert.Throws<InvalidDataException>(() => ParquetTable.Read(new MemoryStream(file)));
        long taken = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.StartsWith("parquet 'stream': the file is damaged", refused.Message, StringComparison.Ordinal);
        Assert.True(taken < Large / 2, $"{method}: it took {taken:N0} bytes");
    }

    // As Thrift writes whole numbers.
    static int Number(byte[] file, int at) =>
        ((file[at] & 127) | (file[at + 1] & 127) << 7 | (file[at + 2] & 127) << 14 | file[at + 3] << 21) / 2;
}
