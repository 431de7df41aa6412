using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;

namespace ChainRule.Data;

/// <summary>The number types of IDX files, by the byte that names them in the header.</summary>
public enum IdxType
{
    /// <summary>Unsigned bytes, 0 … 255, as in MNIST.</summary>
    UInt8 = 0x08,

    /// <summary>Signed bytes.</summary>
    Int8 = 0x09,

    /// <summary>16-bit integers.</summary>
    Int16 = 0x0b,

    /// <summary>32-bit integers, as in the labels of QMNIST.</summary>
    Int32 = 0x0c,

    /// <summary>float32.</summary>
    Float32 = 0x0d,

    /// <summary>float64.</summary>
    Float64 = 0x0e,
}

/// <summary>
/// The file format of MNIST, plain or gzipped: numbers with a shape. Its header is two zero bytes, the number type
/// (<see cref="IdxType"/>), the number of axes, and each axis's size as a big-endian 32-bit integer; the numbers
/// follow, big-endian and row-major, to the end of the file.
/// </summary>
/// <remarks>What a header claims is not believed: memory grows with what the file really holds.</remarks>
public sealed class Idx
{
    // Deflate makes at most this many bytes of one: more than that is not in a gzipped file.
    const int BestCompression = 1032;

    readonly byte[] _bytes;
    readonly string _name;

    Idx(byte[] bytes, Shape shape, IdxType type, string name) =>
        (_bytes, Shape, Type, _name) = (bytes, shape, type, name);

    /// <summary>The sizes of the axes: [60000, 28, 28] for the images of MNIST, [60000] for its labels.</summary>
    public Shape Shape { get; }

    /// <summary>The number type.</summary>
    public IdxType Type { get; }

    /// <summary>The bytes of the numbers as they stand in the file: big-endian, row-major.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Reads a file, gzipped or not: its first bytes tell.</summary>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file is no IDX file, or holds less or more than its
    /// header says.</exception>
    public static Idx Read(string path)
    {
        using var file = Files.OpenRead("idx", path);
        try
        {
            return Parse(file, Path.GetFileName(path));
        }
        catch (IOException e)
        {
            Files.Refuse($"idx: '{Printable.Path(path)}' cannot be read", path, e);
            return null;
        }
    }

    /// <summary>
    /// Reads a stream from its position to its end, gzipped or not. The stream need not seek, and is not closed.
    /// </summary>
    /// <exception cref="InvalidDataException">It is no IDX file, or holds less or more than its
    /// header says.</exception>
    public static Idx Read(Stream stream)
    {
        // How much a header may claim is told from the length, which a stream from the network does
        // not know before its end.
        using var whole = Files.Whole("idx", stream);
        return Parse(whole, "stream");
    }

    /// <summary>
    /// The numbers, of the file's shape. Unsigned bytes are shades of grey and scaled to 0 … 1, x = byte / 255; numbers
    /// of all other types are taken as they are.
    /// </summary>
    /// <exception cref="InvalidDataException">A 32-bit integer is one that float32 cannot hold:
    /// take float64.</exception>
    public Tensor Tensor(DType dtype = DType.Float32)
    {
        var numbers = ChainRule.Tensor.Zeros(Shape, dtype);
        var work = new Conversion(this, numbers);
        DTypes.Run(dtype, ref work);
        return numbers;
    }

    /// <summary>Integers as ids, such as the labels 0 … 9, of the file's shape.</summary>
    /// <exception cref="InvalidDataException">The file holds float32 or float64.</exception>
    public Ids Ids()
    {
        if (Type is IdxType.Float32 or IdxType.Float64)
            Throw.Data($"idx '{_name}': it holds {Type}, and ids are integers: take it by Tensor");
        int[] ids = new int[Shape.Elements];
        for (int i = 0; i < ids.Length; i++) ids[i] = (int)Number(i);
        return ChainRule.Ids.From(ids, Shape);
    }

    public override string ToString() => $"idx {Shape} {Type}";

    double Number(int i) => Type switch
    {
        IdxType.UInt8 => _bytes[i],
        IdxType.Int8 => (sbyte)_bytes[i],
        IdxType.Int16 => BinaryPrimitives.ReadInt16BigEndian(_bytes.AsSpan(2 * i)),
        IdxType.Int32 => BinaryPrimitives.ReadInt32BigEndian(_bytes.AsSpan(4 * i)),
        IdxType.Float32 => BinaryPrimitives.ReadSingleBigEndian(_bytes.AsSpan(4 * i)),
        _ => BinaryPrimitives.ReadDoubleBigEndian(_bytes.AsSpan(8 * i)),
    };

    /// <summary>Bytes of one number; 0 where the type is not known.</summary>
    static int BytesOf(int type) => (IdxType)type switch
    {
        IdxType.UInt8 or IdxType.Int8 => 1,
        IdxType.Int16 => 2,
        IdxType.Int32 or IdxType.Float32 => 4,
        IdxType.Float64 => 8,
        _ => 0,
    };

    internal static Idx Parse(Stream file, string name)
    {
        name = Printable.Of(name, 80);
        bool zipped = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        if (!zipped) return Parse(file, name, most: file.Length);
        using var content = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
        try
        {
            return Parse(content, name, most: file.Length * BestCompression);
        }
        catch (InvalidDataException)
        {
            // A header or a length that is wrong may come of a damaged gzip, whose own checksum stands at its end.
            byte[] rest = new byte[1 << 16];
            while (Fill(content, rest, name) > 0)
            {
            }
            throw;
        }
    }

    static Idx Parse(Stream content, string name, long most)
    {
        Span<byte> header = stackalloc byte[4 + sizeof(int) * Shape.MaxRank];
        int got = Fill(content, header[..4], name);
        if (got < 4)
            Throw.Data($"idx '{name}': it holds {got} bytes, and the header alone takes 4 and more: fetch the file "
                + "again");
        if (header[0] != 0 || header[1] != 0)
        {
            string what = FileKind.Of(header[..4]) is { } says ? $"; the file {says}" : ": give an IDX file";
            Throw.Data($"idx '{name}': it begins with the bytes {header[0]:x2} {header[1]:x2}, and an IDX file with 00 "
                + $"00{what}");
        }
        int bytes = BytesOf(header[2]);
        if (bytes == 0)
            Throw.Data($"idx '{name}': its number type is {header[2]}, which the format does not know: it knows "
                + $"{string.Join(", ", Enum.GetValues<IdxType>().Select(type => (int)type))}");
        var type = (IdxType)header[2];
        int rank = header[3];
        if (rank is 0 or > Shape.MaxRank)
            Throw.Data($"idx '{name}': its header says {rank} axes: from 1 to {Shape.MaxRank} can be read");

        got = Fill(content, header.Slice(4, sizeof(int) * rank), name);
        if (got < sizeof(int) * rank)
            Throw.Data($"idx '{name}': it ends within the sizes of its {rank} axes: fetch the file again");
        int[] sizes = new int[rank];
        long count = 1;
        for (int axis = 0; axis < rank; axis++)
        {
            uint size = BinaryPrimitives.ReadUInt32BigEndian(header[(4 + sizeof(int) * axis)..]);
            if (size > Array.MaxLength || (count *= size) > Array.MaxLength / bytes)
            {
                Throw.Data($"idx '{name}': axis {axis} is {size}, and the numbers up to it pass "
                    + $"{Array.MaxLength / bytes:N0}, the most that can be held: the header is damaged, or the file "
                    + "too large");
            }
            sizes[axis] = (int)size;
        }
        Shape shape = sizes;
        count *= bytes;
        if (count > most)
            Throw.Data($"idx '{name}': its header says {shape}, {count:N0} bytes, which a file of that length cannot "
                + "hold: fetch the file again");
        return new(Numbers(content, name, shape, (int)count), shape, type, name);
    }

    static byte[] Numbers(Stream content, string name, Shape shape, int count)
    {
        byte[] bytes = new byte[Math.Min(count, 1 << 16)];
        int have = 0;
        while (true)
        {
            have += Fill(content, bytes.AsSpan(have), name);
            if (have < bytes.Length || have == count) break;
            Array.Resize(ref bytes, (int)Math.Min(count, 2L * bytes.Length));
        }
        if (have < count)
            Throw.Data($"idx '{name}': its header says {shape}, {count:N0} bytes, and {have:N0} follow: fetch the file "
                + "again");
        if (Fill(content, stackalloc byte[1], name) > 0)
            Throw.Data($"idx '{name}': its header says {shape}, {count:N0} bytes, and more follow: fetch the file "
                + "again");
        return bytes;
    }

    /// <summary>Reads until the span is full or the content ends; how many bytes there were.</summary>
    static int Fill(Stream content, Span<byte> to, string name)
    {
        try
        {
            return content.ReadAtLeast(to, to.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException)
        {
            Throw.Data($"idx '{name}': the gzip around it is damaged: fetch the file again");
            return 0;
        }
    }

    struct Conversion(Idx idx, Tensor to) : INumeric
    {
        public readonly void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var numbers = to.Write<T>();
            var scale = T.CreateTruncating(idx.Type == IdxType.UInt8 ? 255 : 1);
            for (int i = 0; i < numbers.Length; i++)
            {
                double number = idx.Number(i);
                numbers[i] = T.CreateTruncating(number);
                if (idx.Type == IdxType.Int32 && double.CreateTruncating(numbers[i]) != number)
                    Throw.Data($"idx '{idx._name}': {number} at place {i} is an integer that float32 cannot hold: take "
                        + "Tensor(DType.Float64), or Ids()");
                numbers[i] /= scale;
            }
        }
    }
}
