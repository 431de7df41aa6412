using System.Buffers.Binary;
using System.IO.Compression;

namespace ChainRule.Data;

/// <summary>
/// The file format of MNIST, plain or gzipped: bytes with a shape. Its header is two zero bytes, the number type (8: unsigned byte), the number of
/// axes, and each axis's size as a big-endian 32-bit integer; the numbers follow, row-major, to the end of the file.
/// </summary>
/// <remarks>What a header claims is not believed: memory grows with what the file really holds.</remarks>
public sealed class Idx
{
    const int UnsignedByte = 8;

    // Deflate makes at most this many bytes of one: more than that is not in a gzipped file.
    const int BestCompression = 1032;

    // Every byte's share of 1.
    static readonly float[] s_shares = Shares();

    readonly byte[] _bytes;

    Idx(byte[] bytes, Shape shape) => (_bytes, Shape) = (bytes, shape);

    /// <summary>The sizes of the axes: [60000, 28, 28] for the images of MNIST, [60000] for its labels.</summary>
    public Shape Shape { get; }

    /// <summary>The bytes, row-major.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Reads a file, gzipped or not: its first bytes tell.</summary>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file is no IDX file of unsigned bytes, or holds less or more than its header says.</exception>
    public static Idx Read(string path)
    {
        using var file = Files.OpenRead("idx", path);
        try
        {
            return Parse(file, Path.GetFileName(path));
        }
        catch (IOException e)
        {
            Files.Refuse($"idx: '{path}' cannot be read", path, e);
            return null;
        }
    }

    /// <summary>The bytes scaled to 0 … 1, x = byte / 255: float32 of the file's shape.</summary>
    public Tensor Tensor()
    {
        var numbers = new float[_bytes.Length];
        for (int i = 0; i < numbers.Length; i++) numbers[i] = s_shares[_bytes[i]];
        return ChainRule.Tensor.From(numbers, Shape);
    }

    /// <summary>The bytes as ids, such as the labels 0 … 9, of the file's shape.</summary>
    public Ids Ids() => ChainRule.Ids.From(Array.ConvertAll(_bytes, one => (int)one), Shape);

    public override string ToString() => $"idx {Shape}";

    internal static Idx Parse(Stream file, string name)
    {
        bool zipped = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        if (!zipped) return Parse(file, name, most: file.Length);
        using var content = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
        return Parse(content, name, most: file.Length * BestCompression);
    }

    static Idx Parse(Stream content, string name, long most)
    {
        Span<byte> header = stackalloc byte[4 + sizeof(int) * Shape.MaxRank];
        int got = Fill(content, header[..4], name);
        if (got < 4) Throw.Data($"idx '{name}': it holds {got} bytes, and the header alone takes 4 and more: fetch the file again");
        if (header[0] != 0 || header[1] != 0)
            Throw.Data($"idx '{name}': it begins with the bytes {header[0]:x2} {header[1]:x2}, and an IDX file with 00 00: give an IDX file");
        if (header[2] != UnsignedByte)
            Throw.Data($"idx '{name}': its number type is {header[2]}, {TypeName(header[2])}: only {UnsignedByte}, unsigned bytes, can be read");
        int rank = header[3];
        if (rank is 0 or > Shape.MaxRank) Throw.Data($"idx '{name}': its header says {rank} axes: from 1 to {Shape.MaxRank} can be read");

        got = Fill(content, header.Slice(4, sizeof(int) * rank), name);
        if (got < sizeof(int) * rank) Throw.Data($"idx '{name}': it ends within the sizes of its {rank} axes: fetch the file again");
        var sizes = new int[rank];
        long count = 1;
        for (int axis = 0; axis < rank; axis++)
        {
            uint size = BinaryPrimitives.ReadUInt32BigEndian(header[(4 + sizeof(int) * axis)..]);
            if (size > Array.MaxLength || (count *= size) > Array.MaxLength)
            {
                Throw.Data($"idx '{name}': axis {axis} is {size}, and the numbers up to it pass {Array.MaxLength:N0}, the most that can be held: "
                    + "the header is damaged, or the file too large");
            }
            sizes[axis] = (int)size;
        }
        Shape shape = sizes;
        if (count > most)
            Throw.Data($"idx '{name}': its header says {shape}, {count:N0} bytes, which a file of that length cannot hold: fetch the file again");
        return new(Numbers(content, name, shape), shape);
    }

    static byte[] Numbers(Stream content, string name, Shape shape)
    {
        int count = shape.Elements;
        var bytes = new byte[Math.Min(count, 1 << 16)];
        int have = 0;
        while (true)
        {
            have += Fill(content, bytes.AsSpan(have), name);
            if (have < bytes.Length || have == count) break;
            Array.Resize(ref bytes, (int)Math.Min(count, 2L * bytes.Length));
        }
        if (have < count) Throw.Data($"idx '{name}': its header says {shape}, {count:N0} bytes, and {have:N0} follow: fetch the file again");
        if (Fill(content, stackalloc byte[1], name) > 0)
            Throw.Data($"idx '{name}': its header says {shape}, {count:N0} bytes, and more follow: fetch the file again");
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

    static string TypeName(int type) => type switch
    {
        0x09 => "signed bytes",
        0x0b => "16-bit integers",
        0x0c => "32-bit integers",
        0x0d => "float32",
        0x0e => "float64",
        _ => "which the format does not know",
    };

    static float[] Shares()
    {
        var shares = new float[256];
        for (int i = 0; i < shares.Length; i++) shares[i] = i / 255f;
        return shares;
    }
}
