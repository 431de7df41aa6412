using System.Runtime.InteropServices;

namespace ChainRule.Data;

/// <summary>An array of NumPy that was read: numbers with a shape, of any of NumPy's plain types.</summary>
public sealed class NumpyArray
{
    readonly byte[] _bytes;
    readonly string _what;
    readonly bool _fortran;

    NumpyArray(byte[] bytes, NumpyHeader header, string what) =>
        (_bytes, Shape, Type, _fortran, _what) = (bytes, header.Shape, header.Type, header.IsFortran, what);

    /// <summary>The sizes of the axes.</summary>
    public Shape Shape { get; }

    /// <summary>NumPy's name of the number type: <c>&lt;f4</c> is float32, <c>&lt;i8</c> int64, <c>|b1</c> bool; &gt;
    /// says
    /// that the first byte is the greatest.</summary>
    public string Type { get; }

    /// <summary>The bytes of the numbers as they stand in the file.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>
    /// A tensor, newly made at each call: f4 and f8 as they are, f2 widened to float32, whole numbers and booleans as
    /// float64. Numbers in Fortran's order are put in ours.
    /// </summary>
    /// <exception cref="InvalidDataException">A whole number is one that float64 cannot hold.</exception>
    public Tensor Tensor()
    {
        int[] sizes = Shape.Span.ToArray();
        if (_fortran) Array.Reverse(sizes);
        Shape stored = Shape.Create(sizes);
        var x = Type[1..] switch
        {
            "f4" => ChainRule.Tensor.From(Each<float>(), stored),
            "f8" => ChainRule.Tensor.From(Each<double>(), stored),
            "f2" => ChainRule.Tensor.From(Array.ConvertAll(Halves(), half => (float)half), stored),
            _ => ChainRule.Tensor.From(Array.ConvertAll(Whole(), Exact), stored),
        };
        return !_fortran || Shape.Rank < 2 ? x : x.Permute([.. Enumerable.Range(0, Shape.Rank).Reverse()]);
    }

    /// <summary>Whole numbers as ids, of the array's shape.</summary>
    /// <exception cref="InvalidDataException">It holds real numbers, or one that int32 cannot hold.</exception>
    public Ids Ids()
    {
        if (Type[1] == 'f') Throw.Data($"{_what}: it holds {Type}, and ids are whole numbers: take it by Tensor");
        if (_fortran && Shape.Rank > 1)
            return ChainRule.Ids.From([.. Tensor().ToArray<double>().Select(x => (int)x)], Shape);
        return ChainRule.Ids.From(Array.ConvertAll(Whole(), id =>
        {
            if (id is < int.MinValue or > int.MaxValue) Throw.Data($"{_what}: it holds {id}, which is no id");
            return (int)id;
        }), Shape);
    }

    /// <summary>The array with its type and shape.</summary>
    public override string ToString() => $"numpy {Type} {Shape}";

    /// <summary>An array of a file's bytes: as many as its header asks for.</summary>
    internal static NumpyArray Parse(ReadOnlySpan<byte> file, string what)
    {
        var header = NumpyHeader.Parse(file, what);
        int size = header.Type.Length == 3 && header.Type[0] is '<' or '>' or '|' or '=' ? header.Type[1..] switch
        {
            "b1" or "i1" or "u1" => 1,
            "f2" or "i2" or "u2" => 2,
            "f4" or "i4" or "u4" => 4,
            "f8" or "i8" or "u8" => 8,
            _ => 0,
        } : 0;
        if (size == 0)
            Throw.Data($"{what}: its numbers are of type '{Printable.Of(header.Type, 30)}': f2, f4, f8, whole numbers "
                + "and booleans are read: convert it with astype");
        long wanted = (long)header.Shape.Elements * size, there = file.Length - header.Length;
        if (wanted != there)
            NumpyHeader.Refuse(what, $"its header asks for {wanted:N0} bytes of numbers, and {there:N0} are there");
        return new(file[header.Length..].ToArray(), header, what);
    }

    Half[] Halves() => Array.ConvertAll(Each<ushort>(), BitConverter.UInt16BitsToHalf);

    long[] Whole() => Type[1..] switch
    {
        "b1" => Array.ConvertAll(_bytes, x => x == 0 ? 0L : 1),
        "u1" => Array.ConvertAll(_bytes, x => (long)x),
        "i1" => Array.ConvertAll(Each<sbyte>(), x => (long)x),
        "i2" => Array.ConvertAll(Each<short>(), x => (long)x),
        "u2" => Array.ConvertAll(Each<ushort>(), x => (long)x),
        "i4" => Array.ConvertAll(Each<int>(), x => (long)x),
        "u4" => Array.ConvertAll(Each<uint>(), x => (long)x),
        "i8" => Each<long>(),
        _ => Array.ConvertAll(Each<ulong>(), x => x <= long.MaxValue ? (long)x : Beyond($"{x}")),
    };

    // The numbers in this machine's order of bytes.
    T[] Each<T>() where T : unmanaged
    {
        byte[] bytes = _bytes;
        int size = Marshal.SizeOf<T>();
        if (size > 1 && Type[0] == '>' == BitConverter.IsLittleEndian)
        {
            bytes = [.. bytes];
            for (int i = 0; i < bytes.Length; i += size) bytes.AsSpan(i, size).Reverse();
        }
        return MemoryMarshal.Cast<byte, T>(bytes).ToArray();
    }

    double Exact(long whole) => whole is >= -(1L << 53) and <= 1L << 53 ? whole : Beyond($"{whole}");

    long Beyond(string number)
    {
        Throw.Data($"{_what}: it holds {number}, which float64 cannot hold: take it by Bytes");
        return 0;
    }
}
