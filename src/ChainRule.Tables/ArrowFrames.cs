using System.Buffers.Binary;

namespace ChainRule.Tables;

/// <summary>
/// Looks at the frames of an Arrow stream before the library reads them, which believes what they say: their lengths,
/// how deep the columns of a schema are nested, and how many things a frame lists.
/// </summary>
static class ArrowFrames
{
    const int Deepest = 32, MostColumns = 1_000_000, SchemaHeader = 1, WordsHeader = 2, RowsHeader = 3;

    /// <summary>The part of a file that is a stream of messages; of a stream all of it.</summary>
    /// <exception cref="InvalidDataException">The file ends before its footer.</exception>
    public static ReadOnlyMemory<byte> Stream(byte[] bytes)
    {
        const int Head = 8, Tail = 10;
        if (!bytes.AsSpan().StartsWith("ARROW1"u8)) return bytes;
        int footer = bytes.Length < Head + Tail || !bytes.AsSpan().EndsWith("ARROW1"u8) ? -1
            : BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(bytes.Length - Tail));
        if (footer <= 0 || footer > bytes.Length - Head - Tail) Refuse();
        return bytes.AsMemory(Head, bytes.Length - Head - Tail - footer);
    }

    /// <summary>What is thrown where buffers are larger than asked for.</summary>
    public const string TooLarge = "it is, unpacked, larger";

    /// <summary>Checks every message.</summary>
    /// <param name="stream">The messages.</param>
    /// <param name="maxBytes">The most bytes that packed buffers may have, unpacked.</param>
    public static void Check(ReadOnlySpan<byte> stream, long maxBytes)
    {
        int at = 0, columns = 0;
        bool first = true;
        while (stream.Length - at >= 4)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(stream[at..]);
            at += 4;
            if (length == -1)
            {
                if (stream.Length - at < 4) Refuse();
                length = BinaryPrimitives.ReadInt32LittleEndian(stream[at..]);
                at += 4;
            }
            if (length == 0) break;
            if (length < 0 || length > stream.Length - at) Refuse();
            var root = FlatTable.Root(stream.Slice(at, length));
            at += length;
            long body = root.Long(3);
            if (body < 0 || body > stream.Length - at) Refuse();
            Message(root, stream.Slice(at, (int)body), first, ref columns, ref maxBytes);
            at += (int)body;
            first = false;
        }
        if (first) Refuse();
    }

    static void Message(FlatTable root, ReadOnlySpan<byte> body, bool first, ref int columns, ref long left)
    {
        int kind = root.Byte(1);
        if (kind == SchemaHeader != first) Refuse();
        switch (kind)
        {
            case SchemaHeader:
                var schema = root.Inner(2);
                Columns(schema, 1, 0, ref columns);
                Pairs(schema, 2);
                break;
            case WordsHeader:
                Rows(root.Inner(2).Inner(1), body, ref left);
                break;
            case RowsHeader:
                Rows(root.Inner(2), body, ref left);
                break;
            default:
                Refuse();
                break;
        }
        Pairs(root, 4);
    }

    static void Columns(FlatTable table, int field, int depth, ref int seen)
    {
        var (at, count) = table.Vector(field, 4);
        if (depth > Deepest || (seen += count) > MostColumns) Refuse();
        for (int c = 0; c < count; c++)
        {
            var column = table.At(at + 4 * c);
            column.Vector(0, 1);
            if (column.Has(3)) Type(column.Byte(2), column.Inner(3));
            Pairs(column, 6);
            Columns(column, 5, depth + 1, ref seen);
        }
    }

    // What a type lists: the zone of a timestamp, and the numbers of a union's columns.
    static void Type(int kind, FlatTable type)
    {
        const int Timestamp = 10, Union = 14;
        if (kind == Timestamp) type.Vector(1, 1);
        else if (kind == Union) type.Vector(1, 4);
    }

    // The lengths of columns, and the buffers, are structures of 16 bytes.
    static void Rows(FlatTable rows, ReadOnlySpan<byte> body, ref long left)
    {
        rows.Vector(1, 16);
        rows.Vector(4, 8);
        var (at, count) = rows.Vector(2, 16);
        for (int i = 0; i < count; i++)
        {
            long from = rows.LongAt(at + 16 * i), length = rows.LongAt(at + 16 * i + 8);
            if (from < 0 || length < 0 || from > body.Length - length) Refuse();
            if (!rows.Has(3) || length < 8) continue;
            // A packed buffer begins with its length, or with -1 where it is not packed after all.
            long unpacked = BinaryPrimitives.ReadInt64LittleEndian(body[(int)from..]);
            if (unpacked < -1) Refuse();
            if (unpacked > left) throw new InvalidDataException(TooLarge);
            left -= Math.Max(0, unpacked);
        }
    }

    static void Pairs(FlatTable table, int field)
    {
        var (at, count) = table.Vector(field, 4);
        for (int i = 0; i < count; i++)
        {
            var pair = table.At(at + 4 * i);
            pair.Vector(0, 1);
            pair.Vector(1, 1);
        }
    }

    static void Refuse() => throw new InvalidDataException("frames that contradict themselves");
}
