using System.Buffers.Binary;

namespace ChainRule.Tables;

/// <summary>
/// A table of FlatBuffers, in which Arrow writes its schemas: no place outside of the bytes is read, and offsets lead
/// forwards, so that no table can hold itself.
/// </summary>
readonly ref struct FlatTable
{
    readonly ReadOnlySpan<byte> _bytes;
    readonly int _place;

    FlatTable(ReadOnlySpan<byte> bytes, int place)
    {
        _bytes = bytes;
        _place = place;
    }

    /// <summary>The table that everything hangs on.</summary>
    public static FlatTable Root(ReadOnlySpan<byte> bytes) => new FlatTable(bytes, 0).At(0);

    /// <summary>The table that an offset at a place leads to.</summary>
    public FlatTable At(int place) => new(_bytes, Follow(place));

    /// <summary>Whether a field is there.</summary>
    public bool Has(int field) => Find(field) > 0;

    /// <summary>A field of one byte; 0 if it is not there.</summary>
    public int Byte(int field) => Find(field) is var at and > 0 ? _bytes[at] : 0;

    /// <summary>A field of eight bytes; 0 if it is not there.</summary>
    public long Long(int field) => Find(field) is not (var at and > 0) ? 0
        : LongAt(at);

    /// <summary>Eight bytes at a place, of a vector that was found.</summary>
    public long LongAt(int place) =>
        place <= _bytes.Length - 8 ? BinaryPrimitives.ReadInt64LittleEndian(_bytes[place..]) : throw Wrong();

    /// <summary>A field that is a table.</summary>
    public FlatTable Inner(int field) => Find(field) is var at and > 0 ? At(at) : throw Wrong();

    /// <summary>Where the elements of a vector or of a text stand, and how many they are.</summary>
    public (int At, int Count) Vector(int field, int width)
    {
        if (Find(field) is not (var at and > 0)) return (0, 0);
        int vector = Follow(at), count = Int(vector);
        if (count < 0 || count > (_bytes.Length - vector - 4) / width) throw Wrong();
        return (vector + 4, count);
    }

    // Where a field stands; 0 if it is not there. The list of fields may stand before the table or behind it.
    int Find(int field)
    {
        long list = (long)_place - Int(_place);
        if (list < 0 || list > _bytes.Length - 2) throw Wrong();
        int size = BinaryPrimitives.ReadUInt16LittleEndian(_bytes[(int)list..]);
        if (6 + 2 * field > size) return 0;
        if (list + 6 + 2 * field > _bytes.Length) throw Wrong();
        int offset = BinaryPrimitives.ReadUInt16LittleEndian(_bytes[((int)list + 4 + 2 * field)..]);
        if (offset == 0) return 0;
        return _place + offset < _bytes.Length ? _place + offset : throw Wrong();
    }

    int Follow(int place)
    {
        int offset = Int(place);
        return offset > 0 && offset <= _bytes.Length - place ? place + offset : throw Wrong();
    }

    int Int(int place) => place >= 0 && place <= _bytes.Length - 4
        ? BinaryPrimitives.ReadInt32LittleEndian(_bytes[place..]) : throw Wrong();

    static InvalidDataException Wrong() => new("frames that contradict themselves");
}
