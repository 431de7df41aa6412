using System.IO.Compression;
using Parquet.Meta;

namespace ChainRule.Tables;

/// <summary>Unpacks what a page holds, never to more than the page says.</summary>
static class ParquetPacking
{
    /// <summary>Whether pages packed in a way are unpacked here; of others, the library must know.</summary>
    public static bool Knows(CompressionCodec codec) => codec is CompressionCodec.UNCOMPRESSED
        or CompressionCodec.SNAPPY or CompressionCodec.GZIP or CompressionCodec.BROTLI or CompressionCodec.ZSTD
        or CompressionCodec.LZ4_RAW;

    /// <summary>Appends what was packed.</summary>
    /// <param name="codec">How it was packed: one that is known.</param>
    /// <param name="packed">What was packed.</param>
    /// <param name="size">How many bytes it should be.</param>
    /// <param name="to">Where it is appended.</param>
    /// <exception cref="InvalidDataException">It is of another size, or damaged.</exception>
    public static void Unpack(CompressionCodec codec, ArraySegment<byte> packed, int size, MemoryStream to)
    {
        switch (codec)
        {
            case CompressionCodec.UNCOMPRESSED:
                if (packed.Count != size) ParquetPages.Refuse();
                to.Write(packed);
                return;
            case CompressionCodec.SNAPPY:
                if (Snappier.Snappy.GetUncompressedLength(packed) != size) ParquetPages.Refuse();
                AtOnce(size, to, whole => Snappier.Snappy.Decompress(packed, whole));
                return;
            case CompressionCodec.LZ4_RAW:
                AtOnce(size, to, whole => K4os.Compression.LZ4.LZ4Codec.Decode(packed, whole));
                return;
        }
        using var from = new MemoryStream(packed.Array!, packed.Offset, packed.Count, writable: false);
        using Stream unpacked = codec switch
        {
            CompressionCodec.GZIP => new GZipStream(from, CompressionMode.Decompress),
            CompressionCodec.BROTLI => new BrotliStream(from, CompressionMode.Decompress),
            _ => new ZstdSharp.DecompressionStream(from),
        };
        byte[] part = System.Buffers.ArrayPool<byte>.Shared.Rent(1 << 16);
        try
        {
            int left = size;
            for (int read; (read = unpacked.Read(part)) > 0; left -= read)
            {
                if (read > left) ParquetPages.Refuse();
                to.Write(part, 0, read);
            }
            if (left != 0) ParquetPages.Refuse();
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(part);
        }
    }

    static void AtOnce(int size, MemoryStream to, Func<byte[], int> unpack)
    {
        byte[] whole = System.Buffers.ArrayPool<byte>.Shared.Rent(size);
        try
        {
            if (unpack(whole) != size) ParquetPages.Refuse();
            to.Write(whole, 0, size);
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(whole);
        }
    }
}
