namespace ChainRule.Tables;

/// <summary>
/// Walks through a structure in Thrift's compact protocol, in which Parquet writes its metadata, and takes no memory:
/// what it got through has no length that leads beyond the end, no field of another type than the specification's, and
/// is nested no deeper than a file has reason to.
/// </summary>
ref struct ThriftReader(ReadOnlySpan<byte> bytes)
{
    const int Deepest = 32;

    readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Where it stands.</summary>
    public int Position { get; private set; }

    /// <summary>Walks through a structure.</summary>
    /// <param name="structure">Which of <see cref="ParquetMetadata"/>.</param>
    /// <param name="found">Is told of every whole number and truth value in it, and in the structures that it holds:
    /// the structure, the field, the number, and where it is written.</param>
    /// <exception cref="InvalidDataException">It contradicts itself.</exception>
    public void Structure(string structure, Action<string, int, long, Range>? found = null) =>
        Structure(structure, 0, found);

    void Structure(string? structure, int depth, Action<string, int, long, Range>? found)
    {
        if (depth > Deepest) Refuse();
        int field = 0;
        while (true)
        {
            int head = Byte();
            if (head == 0) return;
            field = head >> 4 is var step and not 0 ? field + step : (short)Signed();
            string? type = ParquetMetadata.Of(structure, field);
            if (!ParquetMetadata.Fits(head & 15, type)) Refuse();
            int start = Position;
            long number = Value(head & 15, type, depth, found);
            if (type is ['i' or 't', ..]) found?.Invoke(structure!, field, number, start..Position);
        }
    }

    long Value(int kind, string? type, int depth, Action<string, int, long, Range>? found)
    {
        switch (kind)
        {
            case 1 or 2:
                return kind == 1 ? 1 : 0;
            case 3:
                Byte();
                break;
            case 4 or 5 or 6:
                return Signed();
            case 7:
                Skip(8);
                break;
            case 8:
                Skip(Unsigned());
                break;
            case 9 or 10:
                Elements(type?[1..], depth);
                break;
            case 11:
                Pairs(depth);
                break;
            case 12:
                Structure(type?[1..], depth + 1, found);
                break;
            case 13:
                Skip(16);
                break;
            default:
                Refuse();
                break;
        }
        return 0;
    }

    void Elements(string? type, int depth)
    {
        int head = Byte(), kind = head & 15;
        ulong count = head >> 4 is var few and not 15 ? (ulong)few : Unsigned();
        bool isStructure = type is not (null or "i" or "b");
        // Each takes a byte at least; a list without elements has a kind all the same.
        if (count > (ulong)(_bytes.Length - Position)) Refuse();
        if (count > 0 && !ParquetMetadata.Fits(kind, isStructure ? "{" : type)) Refuse();
        for (ulong i = 0; i < count; i++) Element(kind, isStructure ? "{" + type : type, depth);
    }

    void Pairs(int depth)
    {
        ulong count = Unsigned();
        if (count == 0) return;
        if (count > (ulong)(_bytes.Length - Position)) Refuse();
        int kinds = Byte();
        for (ulong i = 0; i < count; i++)
        {
            Element(kinds >> 4, null, depth);
            Element(kinds & 15, null, depth);
        }
    }

    // In a list a boolean is a byte; in a structure it is the field's kind.
    void Element(int kind, string? type, int depth)
    {
        if (depth > Deepest) Refuse();
        if (kind is 1 or 2) Byte();
        else Value(kind, type, depth + 1, null);
    }

    int Byte()
    {
        if (Position >= _bytes.Length) Refuse();
        return _bytes[Position++];
    }

    void Skip(ulong count)
    {
        if (count > (ulong)(_bytes.Length - Position)) Refuse();
        Position += (int)count;
    }

    ulong Unsigned()
    {
        ulong number = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            int one = Byte();
            number |= (ulong)(one & 127) << shift;
            if (one < 128) return number;
        }
        Refuse();
        return 0;
    }

    long Signed() => Unsigned() is var number && (number & 1) == 0 ? (long)(number >> 1) : ~(long)(number >> 1);

    static void Refuse() => throw new InvalidDataException("metadata that contradicts itself");
}
