using System.Buffers.Binary;
using System.Text;

namespace ChainRule.Formats.Protobuf;

/// <summary>Reads the fields of a protocol buffer one after another; what is long is not copied.</summary>
/// <param name="bytes">The message.</param>
/// <param name="what">What is read, as an error's sentence begins.</param>
struct ProtoReader(ReadOnlyMemory<byte> bytes, string what)
{
    const int Varint = 0, Fixed64 = 1, Delimited = 2, Fixed32 = 5, LongestVarint = 10;

    int _at = 0;
    int _kind = 0;

    /// <summary>The number of the field that <see cref="Next"/> came to.</summary>
    public int Field { get; private set; }

    /// <summary>Whether its content is bytes: a text, a message, or packed numbers.</summary>
    public readonly bool IsBlob => _kind == Delimited;

    readonly ReadOnlySpan<byte> Rest => bytes.Span[_at..];

    /// <summary>Goes to the next field; false behind the last.</summary>
    public bool Next()
    {
        if (_at >= bytes.Length) return false;
        ulong tag = Whole();
        (Field, _kind) = ((int)(tag >> 3), (int)(tag & 7));
        return tag <= uint.MaxValue && Field > 0 && _kind is Varint or Fixed64 or Delimited or Fixed32 ? true
            : throw Damaged("a field has a kind that there is not");
    }

    /// <summary>A whole number.</summary>
    public long Number() => _kind == Varint ? (long)Whole() : throw Damaged("a whole number was expected");

    /// <summary>A number of 32 bits.</summary>
    public float Single()
    {
        if (_kind != Fixed32) throw Damaged("a number was expected");
        return BinaryPrimitives.ReadSingleLittleEndian(Take(4).Span);
    }

    /// <summary>Bytes: a part of those that are read.</summary>
    public ReadOnlyMemory<byte> Blob()
    {
        if (_kind != Delimited) throw Damaged("bytes were expected");
        ulong length = Whole();
        return length <= (ulong)(bytes.Length - _at) ? Take((int)length)
            : throw Damaged($"{length:N0} bytes are announced, and {bytes.Length - _at:N0} are left");
    }

    /// <summary>A text.</summary>
    public string Text() => Encoding.UTF8.GetString(Blob().Span);

    /// <summary>A message inside of this one.</summary>
    public ProtoReader Message() => new(Blob(), what);

    /// <summary>Whole numbers, all in one field or one in each.</summary>
    public void Numbers(List<long> to)
    {
        if (!IsBlob)
        {
            to.Add(Number());
            return;
        }
        var inner = new ProtoReader(Blob(), what);
        while (inner._at < inner.Length) to.Add((long)inner.Whole());
    }

    /// <summary>Numbers of 32 bits, all in one field or one in each.</summary>
    public void Singles(List<float> to)
    {
        if (!IsBlob)
        {
            to.Add(Single());
            return;
        }
        var part = Blob().Span;
        if (part.Length % 4 != 0) throw Damaged("numbers are cut off");
        for (int i = 0; i < part.Length; i += 4) to.Add(BinaryPrimitives.ReadSingleLittleEndian(part[i..]));
    }

    /// <summary>Numbers of 64 bits, all in one field or one in each.</summary>
    public void Doubles(List<double> to)
    {
        var part = _kind == Fixed64 ? Take(8).Span : Blob().Span;
        if (part.Length % 8 != 0) throw Damaged("numbers are cut off");
        for (int i = 0; i < part.Length; i += 8) to.Add(BinaryPrimitives.ReadDoubleLittleEndian(part[i..]));
    }

    /// <summary>Passes over the field.</summary>
    public void Skip()
    {
        if (_kind == Varint) Whole();
        else if (_kind == Delimited) Blob();
        else Take(_kind == Fixed64 ? 8 : 4);
    }

    readonly int Length => bytes.Length;

    ReadOnlyMemory<byte> Take(int count)
    {
        if (count > bytes.Length - _at) throw Damaged("it ends in the middle of a field");
        var part = bytes.Slice(_at, count);
        _at += count;
        return part;
    }

    ulong Whole()
    {
        ulong value = 0;
        var rest = Rest;
        for (int i = 0; i < LongestVarint && i < rest.Length; i++)
        {
            value |= (ulong)(rest[i] & 0x7F) << (7 * i);
            if (rest[i] >= 0x80) continue;
            _at += i + 1;
            return value;
        }
        throw Damaged(rest.Length < LongestVarint ? "it ends in the middle of a number" : "a number has no end");
    }

    readonly InvalidDataException Damaged(string how) => new($"{what} is damaged: {how}");
}
