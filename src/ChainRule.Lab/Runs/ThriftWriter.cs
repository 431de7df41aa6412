using System.Text;

namespace ChainRule.Lab.Runs;

/// <summary>Structs in Thrift's compact protocol, in which Parquet says what is where.</summary>
sealed class ThriftWriter : IDisposable
{
    const byte Int32Type = 5, Int64Type = 6, BinaryType = 8, ListType = 9, StructType = 12, Stop = 0;

    readonly MemoryStream _bytes = new();
    readonly Stack<int> _outer = new();
    int _field;

    /// <summary>Seven bits a byte, the lowest first.</summary>
    public static void Varint(Stream to, ulong x)
    {
        for (; x >= 0x80; x >>= 7) to.WriteByte((byte)(x | 0x80));
        to.WriteByte((byte)x);
    }

    public void Number(int field, int x)
    {
        Field(field, Int32Type);
        Signed(x);
    }

    public void Long(int field, long x)
    {
        Field(field, Int64Type);
        Signed(x);
    }

    public void Text(int field, string text)
    {
        Field(field, BinaryType);
        Bytes(text);
    }

    public void Numbers(int field, IReadOnlyList<int> numbers)
    {
        List(field, numbers.Count, Int32Type);
        foreach (int x in numbers) Signed(x);
    }

    public void Texts(int field, IReadOnlyList<string> texts)
    {
        List(field, texts.Count, BinaryType);
        foreach (string text in texts) Bytes(text);
    }

    /// <summary>A list of structs, each begun by <see cref="BeginItem"/>.</summary>
    public void BeginList(int field, int count) => List(field, count, StructType);

    public void BeginItem()
    {
        _outer.Push(_field);
        _field = 0;
    }

    /// <summary>A struct in a field.</summary>
    public void Begin(int field)
    {
        Field(field, StructType);
        BeginItem();
    }

    public void End()
    {
        _bytes.WriteByte(Stop);
        _field = _outer.Pop();
    }

    /// <summary>The outermost struct, which ends here.</summary>
    public byte[] ToBytes()
    {
        _bytes.WriteByte(Stop);
        return _bytes.ToArray();
    }

    public void Dispose() => _bytes.Dispose();

    void Field(int field, byte type)
    {
        // A field that follows soon after the one before is one byte.
        if (field - _field is > 0 and < 16 and var apart) _bytes.WriteByte((byte)(apart << 4 | type));
        else
        {
            _bytes.WriteByte(type);
            Signed(field);
        }
        _field = field;
    }

    void List(int field, int count, byte type)
    {
        Field(field, ListType);
        if (count < 15)
        {
            _bytes.WriteByte((byte)(count << 4 | type));
            return;
        }
        _bytes.WriteByte((byte)(0xF0 | type));
        Varint(_bytes, (ulong)count);
    }

    /// <summary>Small numbers of either sign are short: 0, −1, 1, −2 are 0, 1, 2, 3.</summary>
    void Signed(long x) => Varint(_bytes, (ulong)(x << 1 ^ x >> 63));

    void Bytes(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Varint(_bytes, (ulong)bytes.Length);
        _bytes.Write(bytes);
    }
}
