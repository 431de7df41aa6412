using System.Buffers.Binary;

namespace ChainRule.Tables;

/// <summary>
/// Looks at the frames of an Arrow stream before the library reads them, which believes what they say: their lengths, how
/// deep the columns of a schema are nested, and how many things a frame lists.
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

    /// <summary>Checks every message.</summary>
    public static void Check(ReadOnlySpan<byte> stream)
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
            long body = Message(stream.Slice(at, length), first, ref columns);
            at += length;
            if (body < 0 || body > stream.Length - at) Refuse();
            at += (int)body;
            first = false;
        }
        if (first) Refuse();
    }

    // The length of the body that follows.
    static long Message(ReadOnlySpan<byte> message, bool first, ref int columns)
    {
        var root = FlatTable.Root(message);
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
                Rows(root.Inner(2).Inner(1));
                break;
            case RowsHeader:
                Rows(root.Inner(2));
                break;
            default:
                Refuse();
                break;
        }
        Pairs(root, 4);
        return root.Long(3);
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
    static void Rows(FlatTable rows)
    {
        rows.Vector(1, 16);
        rows.Vector(2, 16);
        rows.Vector(4, 8);
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
