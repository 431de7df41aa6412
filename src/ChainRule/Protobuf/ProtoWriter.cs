using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace ChainRule.Protobuf;

/// <summary>
/// Writes protocol buffers: fields of a number and a kind, in which whole numbers are seven bits a byte, and texts,
/// bytes and messages stand behind their length.
/// </summary>
/// <remarks>The encoding as described in Google's "Protocol Buffers: Encoding".</remarks>
sealed class ProtoWriter
{
    const int Varint = 0, Fixed64 = 1, Delimited = 2, Fixed32 = 5;

    readonly ArrayBufferWriter<byte> _bytes = new();

    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    public void Number(int field, long value)
    {
        Tag(field, Varint);
        Whole((ulong)value);
    }

    public void Real(int field, float value)
    {
        Tag(field, Fixed32);
        BinaryPrimitives.WriteSingleLittleEndian(_bytes.GetSpan(4), value);
        _bytes.Advance(4);
    }

    public void Real(int field, double value)
    {
        Tag(field, Fixed64);
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.GetSpan(8), value);
        _bytes.Advance(8);
    }

    public void Text(int field, string value)
    {
        if (value.Length > 0) Blob(field, Encoding.UTF8.GetBytes(value));
    }

    public void Blob(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, Delimited);
        Whole((ulong)value.Length);
        _bytes.Write(value);
    }

    /// <summary>A message inside of this one.</summary>
    public void Message(int field, Action<ProtoWriter> write)
    {
        var inner = new ProtoWriter();
        write(inner);
        Blob(field, inner.Bytes.Span);
    }

    /// <summary>Whole numbers, all in one field.</summary>
    public void Packed(int field, IEnumerable<long> values)
    {
        var inner = new ProtoWriter();
        foreach (long value in values) inner.Whole((ulong)value);
        Blob(field, inner.Bytes.Span);
    }

    /// <summary>Numbers of 64 bits, all in one field.</summary>
    public void Packed(int field, ReadOnlySpan<double> values)
    {
        Tag(field, Delimited);
        Whole((ulong)values.Length * 8);
        foreach (double value in values)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(_bytes.GetSpan(8), value);
            _bytes.Advance(8);
        }
    }

    void Tag(int field, int kind) => Whole((ulong)(field << 3 | kind));

    void Whole(ulong value)
    {
        var span = _bytes.GetSpan(10);
        int count = 0;
        for (; value >= 0x80; value >>= 7) span[count++] = (byte)(value | 0x80);
        span[count++] = (byte)value;
        _bytes.Advance(count);
    }
}
