using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace ChainRule.Data;

/// <summary>
/// What stands before the numbers of a .npy file: <c>\x93NUMPY</c>, a version, the header's length, and a dictionary of
/// Python such as <c>{'descr': '&lt;f4', 'fortran_order': False, 'shape': (3, 4), }</c>. It is read, never run.
/// </summary>
/// <remarks>NumPy's own description of the format, versions 1.0 to 3.0.</remarks>
sealed record NumpyHeader(string Type, bool IsFortran, Shape Shape, int Length)
{
    // NumPy writes less than 200 bytes; of more axes than there are, none needs more.
    const int Most = 1 << 16;

    const int Alignment = 64;

    static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>The header of a file's first bytes.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="what">What is read, as an error's sentence begins.</param>
    /// <exception cref="InvalidDataException">It is none, or not one that is read.</exception>
    public static NumpyHeader Parse(ReadOnlySpan<byte> bytes, string what)
    {
        var (type, fortran, sizes, length) = Fields(bytes, what);
        return new(type, fortran, Sized(sizes, what), length);
    }

    /// <summary>The type, the count and the place of the numbers of a vector, which may be longer than any
    /// tensor.</summary>
    /// <inheritdoc cref="Parse"/>
    public static (string Type, long Count, int Length) ParseVector(ReadOnlySpan<byte> bytes, string what)
    {
        var (type, _, sizes, length) = Fields(bytes, what);
        if (sizes.Length != 1) Refuse(what, $"it has {sizes.Length} axes, and a vector has one");
        if (sizes[0] > long.MaxValue / 8) Refuse(what, $"its shape is ({sizes[0]},), more numbers than can be held");
        return (type, sizes[0], length);
    }

    static (string Type, bool IsFortran, long[] Sizes, int Length) Fields(ReadOnlySpan<byte> bytes, string what)
    {
        if (bytes.Length < 12 || !bytes.StartsWith(Magic)) Refuse(what, "it does not begin as a file of NumPy does");
        int version = bytes[6], lengthBytes = version == 1 ? 2 : 4;
        if (version is < 1 or > 3) Refuse(what, $"it is of version {version}, and versions 1 to 3 are read");
        uint length = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..])
            : BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        int from = 8 + lengthBytes;
        if (length > Most || length > bytes.Length - from)
            Refuse(what, $"its header says that it is {length:N0} bytes long, and {bytes.Length - from:N0} follow");
        string text = Encoding.UTF8.GetString(bytes.Slice(from, (int)length));
        var fields = new NumpyLiteral(text, what).Dictionary();
        if (fields.GetValueOrDefault("descr") is not string type) Refuse(what, "its numbers are of no single type");
        else if (fields.GetValueOrDefault("fortran_order") is not bool fortran) Refuse(what, "it has no fortran_order");
        else if (fields.GetValueOrDefault("shape") is not long[] sizes) Refuse(what, "it has no shape");
        else return (type, fortran, sizes, from + (int)length);
        return default;
    }

    /// <summary>A header whose numbers begin at a multiple of 64, in row-major order.</summary>
    public static byte[] Write(string type, Shape shape)
    {
        string sizes = string.Join(", ", shape.Span.ToArray().Select(size =>
            size.ToString(CultureInfo.InvariantCulture)));
        string text = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({sizes}{(shape.Rank == 1 ? "," : "")}), "
            + "}";
        int length = (Magic.Length + 4 + text.Length + 1 + Alignment - 1) / Alignment * Alignment;
        byte[] header = new byte[length];
        Magic.CopyTo(header);
        header[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(length - 10));
        header.AsSpan(10).Fill((byte)' ');
        Encoding.ASCII.GetBytes(text, header.AsSpan(10));
        header[^1] = (byte)'\n';
        return header;
    }

    static Shape Sized(long[] sizes, string what)
    {
        long count = 1;
        foreach (long size in sizes)
            if (size < 0 || size > Array.MaxLength || size > 0 && count > Array.MaxLength / size)
                Refuse(what, $"its shape is ({string.Join(", ", sizes)}), more numbers than can be held");
            else count *= size;
        if (sizes.Length > Shape.MaxRank)
            Refuse(what, $"it has {sizes.Length} axes, and at most {Shape.MaxRank} can be held");
        return Shape.Create(Array.ConvertAll(sizes, size => (int)size));
    }

    [DoesNotReturn]
    internal static void Refuse(string what, string says) =>
        Throw.Data($"{what}: {says}: save it again with numpy.save");
}

/// <summary>The few literals of Python that a header may hold: texts, True, False, and tuples of whole
/// numbers.</summary>
sealed class NumpyLiteral(string text, string what)
{
    int _at;

    public Dictionary<string, object?> Dictionary()
    {
        Dictionary<string, object?> fields = [];
        Take('{');
        while (!Takes('}'))
        {
            string name = Text();
            Take(':');
            if (!fields.TryAdd(name, Value())) Damaged();
            if (!Takes(','))
            {
                Take('}');
                break;
            }
        }
        Blank();
        if (_at < text.Length) Damaged();
        return fields;
    }

    object? Value()
    {
        Blank();
        if (_at >= text.Length) Damaged();
        if (text[_at] is '\'' or '"') return Text();
        if (text[_at] == '(') return Tuple();
        foreach (var (word, value) in (ReadOnlySpan<(string, bool)>)[("True", true), ("False", false)])
        {
            if (!text.AsSpan(_at).StartsWith(word, StringComparison.Ordinal)) continue;
            _at += word.Length;
            return value;
        }
        // A list is the description of a record of several types.
        NumpyHeader.Refuse(what, "its numbers are of no single type");
        return null;
    }

    long[] Tuple()
    {
        List<long> numbers = [];
        Take('(');
        while (!Takes(')'))
        {
            Blank();
            int from = _at;
            while (_at < text.Length && char.IsAsciiDigit(text[_at])) _at++;
            if (!long.TryParse(text.AsSpan(from, _at - from), NumberStyles.None, CultureInfo.InvariantCulture,
                out long one))
                Damaged();
            // Python 2 wrote an L behind long numbers.
            Takes('L');
            numbers.Add(one);
            if (!Takes(','))
            {
                Take(')');
                break;
            }
        }
        return [.. numbers];
    }

    string Text()
    {
        Blank();
        if (_at >= text.Length || text[_at] is not ('\'' or '"')) Damaged();
        char quote = text[_at++];
        int end = text.IndexOf(quote, _at);
        if (end < 0) Damaged();
        string found = text[_at..end];
        _at = end + 1;
        return found;
    }

    void Take(char c)
    {
        if (!Takes(c)) Damaged();
    }

    bool Takes(char c)
    {
        Blank();
        if (_at >= text.Length || text[_at] != c) return false;
        _at++;
        return true;
    }

    void Blank()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at])) _at++;
    }

    [DoesNotReturn]
    void Damaged() => NumpyHeader.Refuse(what, $"its header, '{Printable.Of(text.Trim(), 80)}', is no header of NumPy");
}
