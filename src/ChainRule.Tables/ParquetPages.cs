using System.Buffers.Binary;
using Parquet.Meta;

namespace ChainRule.Tables;

/// <summary>
/// Looks at the sizes that a Parquet file says of itself, before memory is taken for what it says: the library that
/// reads the values believes them.
/// </summary>
sealed class ParquetPages(byte[] bytes, long maxBytes)
{
    const int Magic = 4, Tail = 8;

    long _unpacked;

    /// <summary>Whether a file ends as one of Parquet does, in a footer whose sizes agree with the file.</summary>
    public void CheckFooter()
    {
        int length = bytes.Length < Magic + Tail ? -1
            : BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(bytes.Length - Tail));
        if (length <= 0 || length > bytes.Length - Magic - Tail) Refuse();
        new ThriftReader(bytes.AsSpan(bytes.Length - Tail - length, length)).Structure("File");
    }

    /// <summary>Checks the pages of one column in one group of rows.</summary>
    public void Check(ColumnMetaData column, long rows)
    {
        long start = column.DictionaryPageOffset is { } at and > 0 ? Math.Min(at, column.DataPageOffset)
            : column.DataPageOffset, size = column.TotalCompressedSize;
        if (start < Magic || size < 0 || start > bytes.Length - Tail || size > bytes.Length - Tail - start
            || column.NumValues != rows) Refuse();
        long values = 0;
        for (int place = (int)start, end = (int)(start + size); place < end && values < rows;)
        {
            var page = Page.Read(bytes.AsSpan(place, end - place));
            place += page.Header;
            if (page.Packed < page.Levels || page.Packed > end - place || page.Unpacked < page.Levels
                || page.Values < 0) Refuse();
            _unpacked += page.Unpacked;
            if (_unpacked > maxBytes)
                throw new InvalidDataException($"{TooLarge} than MaxBytes = {maxBytes:N0}");
            if (page.IsDictionary && page.Values > page.Unpacked) Refuse();
            if (page.IsPacked && !(column.Codec switch
            {
                CompressionCodec.SNAPPY => IsSnappy(place, page),
                CompressionCodec.ZSTD => IsZstd(place, page),
                _ => true,
            })) Refuse();
            if (!page.IsDictionary) values += page.Values;
            place += page.Packed;
        }
        if (values != rows) Refuse();
    }

    // Packed by Snappy, a page begins with its length once more.
    bool IsSnappy(int place, Page page)
    {
        long length = 0;
        for (int shift = 0, at = place + page.Levels; shift < 35 && at < bytes.Length; shift += 7)
        {
            int one = bytes[at++];
            length |= (long)(one & 127) << shift;
            if (one < 128) return length == page.Unpacked - page.Levels;
        }
        return false;
    }

    // A page that zstd packed is unpacked whole by the library, however much it is: so that is counted first.
    bool IsZstd(int place, Page page)
    {
        using var packed = new MemoryStream(bytes, place + page.Levels, page.Packed - page.Levels, writable: false);
        using var unpacked = new ZstdSharp.DecompressionStream(packed);
        byte[] part = System.Buffers.ArrayPool<byte>.Shared.Rent(1 << 16);
        try
        {
            long left = page.Unpacked - page.Levels;
            for (int read; left >= 0 && (read = unpacked.Read(part)) > 0;) left -= read;
            return left == 0;
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(part);
        }
    }

    /// <summary>How the sentence about too large pages begins.</summary>
    public const string TooLarge = "its pages are, unpacked, larger";

    static void Refuse() => throw new InvalidDataException("sizes that contradict each other");

    readonly record struct Page(int Header, int Unpacked, int Packed, int Values, bool IsDictionary,
        int Levels, bool IsPacked)
    {
        public static Page Read(ReadOnlySpan<byte> bytes)
        {
            var reader = new ThriftReader(bytes);
            long kind = -1, unpacked = -1, packed = -1, values = 0, levels = 0;
            bool isPacked = true;
            reader.Structure("Page", (structure, field, number) =>
            {
                switch (structure, field)
                {
                    case ("Page", 1):
                        kind = number;
                        break;
                    case ("Page", 2):
                        unpacked = number;
                        break;
                    case ("Page", 3):
                        packed = number;
                        break;
                    case ("DataPage" or "DataPage2" or "Dictionary", 1):
                        values = number;
                        break;
                    // The levels of the second version's pages stand before what is packed.
                    case ("DataPage2", 5 or 6):
                        if (number < 0 || number > packed - levels) Refuse();
                        levels += number;
                        break;
                    case ("DataPage2", 7):
                        isPacked = number != 0;
                        break;
                }
            });
            if (kind is not (0 or 1 or 2 or 3)) Refuse();
            return new(reader.Position, Whole(unpacked), Whole(packed), Whole(values), kind == 2,
                Whole(levels), isPacked);
        }

        static int Whole(long number) => number is >= 0 and <= int.MaxValue ? (int)number : -1;
    }
}
