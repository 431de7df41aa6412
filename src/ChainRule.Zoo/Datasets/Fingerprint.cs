using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;

namespace ChainRule.Zoo.Datasets;

/// <summary>Tells whether a file on disk is the published one.</summary>
static class Fingerprint
{
    const int ChunkBytes = 1 << 16;

    /// <summary>The SHA-256 of the file, or of its un-gzipped content, as the published hash asks.</summary>
    public static async Task<string> Of(PublishedFile file, string path, CancellationToken cancel)
    {
        await using FileStream raw = File.OpenRead(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (file.Hashed == HashOf.File)
        {
            await Append(hash, raw, long.MaxValue, cancel);
        }
        else
        {
            await using var content = new GZipStream(raw, CompressionMode.Decompress);
            // One byte past the published content is enough to make the hash wrong, and bounds what a
            // hostile .gz can unfold to.
            await Append(hash, content, file.Bytes + 1, cancel);
        }
        return Hex(hash);
    }

    public static string Hex(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset());

    /// <summary>
    /// Takes bytes from <paramref name="source"/> into the hash until its end or until <paramref name="most"/>.
    /// </summary>
    public static async Task Append(IncrementalHash hash, Stream source, long most, CancellationToken cancel)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            int count;
            while (most > 0
                && (count = await source.ReadAsync(buffer.AsMemory(0, (int)Math.Min(ChunkBytes, most)), cancel)) > 0)
            {
                hash.AppendData(buffer, 0, count);
                most -= count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
