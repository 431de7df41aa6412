using System.Buffers.Binary;
using Parquet.Meta;

namespace ChainRule.Tables;

/// <summary>
/// Looks at the sizes that a Parquet file says of itself, before memory is taken for what it says: the library that
/// reads the values believes them. Packed pages are unpacked here, to no more than they say, and handed to it so.
/// </summary>
sealed class ParquetPages(byte[] bytes, ParquetStream stream, long maxBytes)
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

    /// <summary>Checks the pages of one column in one group of rows, and unpacks them behind the file, where the
    /// column's metadata then say that they are.</summary>
    public void Prepare(ColumnMetaData column, long rows, bool isOptional)
    {
        long start = column.DictionaryPageOffset is { } at and > 0 ? Math.Min(at, column.DataPageOffset)
            : column.DataPageOffset, size = column.TotalCompressedSize;
        if (start < Magic || size < 0 || start > bytes.Length - Tail || size > bytes.Length - Tail - start
            || column.NumValues != rows) Refuse();
        var pages = Pages((int)start, (int)size, rows);
        bool hasRuns = column.Type == Parquet.Meta.Type.BOOLEAN && pages.Exists(page => page.Page.IsRuns);
        if (!ParquetPacking.Knows(column.Codec))
        {
            if (hasRuns) throw new NotSupportedException($"booleans in runs, packed by {column.Codec}");
            return;
        }
        if (column.Codec == CompressionCodec.UNCOMPRESSED && !hasRuns) return;
        stream.Behind.SetLength(0);
        long? dictionary = null, data = null;
        foreach (var (page, place) in pages)
        {
            long written = bytes.Length + stream.Behind.Length;
            if (page.IsDictionary) dictionary ??= written;
            else data ??= written;
            Write(page, place, column, isOptional);
        }
        (column.Codec, column.TotalCompressedSize) = (CompressionCodec.UNCOMPRESSED, stream.Behind.Length);
        (column.DictionaryPageOffset, column.DataPageOffset) = (dictionary, data ?? bytes.Length);
    }

    // Each with its place behind its header.
    List<(ParquetPage Page, int Place)> Pages(int start, int size, long rows)
    {
        List<(ParquetPage, int)> pages = [];
        long values = 0;
        for (int place = start, end = start + size; place < end && values < rows;)
        {
            var page = ParquetPage.Read(bytes.AsSpan(place, end - place));
            place += page.Header;
            if (page.Packed < page.Levels || page.Packed > end - place || page.Unpacked < page.Levels
                || page.Values < 0) Refuse();
            _unpacked += page.Unpacked;
            if (_unpacked > maxBytes)
                throw new InvalidDataException($"{TooLarge} than MaxBytes = {maxBytes:N0}");
            if (page.IsDictionary && page.Values > page.Unpacked) Refuse();
            if (!page.IsDictionary) values += page.Values;
            pages.Add((page, place));
            place += page.Packed;
        }
        if (values != rows) Refuse();
        return pages;
    }

    void Write(ParquetPage page, int place, ColumnMetaData column, bool isOptional)
    {
        using var body = new MemoryStream();
        body.Write(bytes, place, page.Levels);
        int packed = page.Packed - page.Levels;
        // A page without values may have nothing that is packed.
        if (packed > 0 || page.Unpacked > page.Levels)
            ParquetPacking.Unpack(page.IsPacked ? column.Codec : CompressionCodec.UNCOMPRESSED,
                new(bytes, place + page.Levels, packed), page.Unpacked - page.Levels, body);
        var whole = body.GetBuffer().AsSpan(0, (int)body.Length);
        bool isRuns = column.Type == Parquet.Meta.Type.BOOLEAN && page.IsRuns;
        page.WriteUnpacked(stream.Behind, isRuns ? ParquetRuns.Plain(whole, page, isOptional) : whole, isRuns);
    }

    /// <summary>How the sentence about too large pages begins.</summary>
    public const string TooLarge = "its pages are, unpacked, larger";

    /// <summary>Says that sizes contradict each other.</summary>
    public static void Refuse() => throw new InvalidDataException("sizes that contradict each other");
}
