using System.Buffers.Binary;

namespace ChainRule.Tables;

/// <summary>
/// Booleans written as runs (encoding RLE), as Arrow writes them in pages of the second version: the library takes the
/// length before them for a run, and reads them wrong.
/// </summary>
static class ParquetRuns
{
    /// <summary>The page's levels and values, with the values one bit each.</summary>
    /// <param name="body">Levels and values.</param>
    /// <param name="page">The page.</param>
    /// <param name="isOptional">Whether values may be missing, so that there are levels.</param>
    /// <exception cref="InvalidDataException">The runs contradict themselves.</exception>
    public static byte[] Plain(ReadOnlySpan<byte> body, ParquetPage page, bool isOptional)
    {
        int levels = page.IsSecondVersion ? page.Levels : isOptional ? sizeof(int) + Length(body) : 0;
        if (levels > body.Length) ParquetPages.Refuse();
        var runs = body[levels..];
        runs = runs.Slice(sizeof(int), Length(runs));
        byte[] plain = new byte[levels + (page.Values + 7) / 8];
        body[..levels].CopyTo(plain);
        var bits = plain.AsSpan(levels);
        for (int at = 0, value = 0; at < runs.Length && value < page.Values;)
        {
            uint head = 0;
            for (int shift = 0, one = 128; one >= 128; shift += 7)
            {
                if (at == runs.Length || shift > 28) ParquetPages.Refuse();
                one = runs[at++];
                head |= (uint)(one & 127) << shift;
            }
            // Either eight values a byte, or one value that often.
            bool isPacked = (head & 1) != 0;
            long count = isPacked ? (head >> 1) * 8L : head >> 1, bytes = isPacked ? head >> 1 : 1;
            if (bytes > runs.Length - at) ParquetPages.Refuse();
            for (int i = 0; i < count && value < page.Values; i++, value++)
                if ((runs[at + (isPacked ? i / 8 : 0)] >> (isPacked ? i % 8 : 0) & 1) != 0)
                    bits[value / 8] |= (byte)(1 << value % 8);
            at += (int)bytes;
        }
        return plain;
    }

    // A length of four bytes, and as many bytes behind it.
    static int Length(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < sizeof(int)) ParquetPages.Refuse();
        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (length < 0 || length > bytes.Length - sizeof(int)) ParquetPages.Refuse();
        return length;
    }
}
