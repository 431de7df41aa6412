using System.IO.Compression;
using System.Numerics;
using System.Runtime.InteropServices;

namespace ChainRule.Data;

/// <summary>
/// NumPy's files, both ways: .npy, one array; .npz, arrays by name in a zip file.
/// <code>
/// Numpy.Write("x.npy", x);
/// Tensor same = Numpy.Read("x.npy").Tensor();
/// Numpy.WriteAll("weights.npz", model.StateDict(), compress: true);
/// </code>
/// What a header claims is not believed: memory grows with what the file holds.
/// </summary>
public static class Numpy
{
    // Deflate makes at most this many bytes of one.
    const long BestCompression = 1032;

    /// <summary>The array of a .npy file.</summary>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no such file, or holds numbers of another kind.</exception>
    public static NumpyArray Read(string path)
    {
        string what = $"npy '{Printable.Of(Path.GetFileName(path) ?? "", 80)}'";
        return NumpyArray.Parse(Bytes("npy", path), what);
    }

    /// <summary>The array of a stream, from its position to its end.</summary>
    /// <inheritdoc cref="Read(string)" path="/exception"/>
    public static NumpyArray Read(Stream stream)
    {
        using var whole = Files.Whole("npy", stream);
        return NumpyArray.Parse(whole.ToArray(), "npy");
    }

    /// <summary>The arrays of a .npz file, by name.</summary>
    /// <inheritdoc cref="Read(string)" path="/exception"/>
    public static IReadOnlyDictionary<string, NumpyArray> ReadAll(string path)
    {
        const string Suffix = ".npy";
        string what = $"npz '{Printable.Of(Path.GetFileName(path) ?? "", 80)}'";
        using var file = new MemoryStream(Bytes("npz", path));
        var arrays = new Dictionary<string, NumpyArray>(StringComparer.Ordinal);
        try
        {
            using var zip = new ZipArchive(file);
            foreach (var entry in zip.Entries)
            {
                if (!entry.FullName.EndsWith(Suffix, StringComparison.Ordinal)) continue;
                string name = entry.FullName[..^Suffix.Length];
                string called = $"{what}, array '{Printable.Of(name, 60)}'";
                if (entry.Length > Array.MaxLength || entry.Length > BestCompression * (entry.CompressedLength + 64))
                    Throw.Data($"{called}: it says that it is {entry.Length:N0} bytes of {entry.CompressedLength:N0}, "
                        + "and no compression makes this many: save it again with numpy.savez");
                byte[] bytes = new byte[entry.Length];
                using (var content = entry.Open())
                {
                    if (content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length
                        || content.ReadByte() >= 0)
                        Throw.Data($"{called}: it does not hold the {entry.Length:N0} bytes that it says: save it "
                            + "again with numpy.savez");
                }
                if (!arrays.TryAdd(name, NumpyArray.Parse(bytes, called)))
                    Throw.Data($"{called}: it is there twice: save it again with numpy.savez");
            }
        }
        catch (InvalidDataException e) when (!e.Message.StartsWith("npz '", StringComparison.Ordinal))
        {
            Throw.Data($"{what}: it is no zip file, or a damaged one: save it again with numpy.savez");
        }
        return arrays;
    }

    /// <summary>Writes a .npy file, whole or not at all.</summary>
    /// <exception cref="IOException">It cannot be written; if there was one, it is as it was.</exception>
    public static void Write(string path, Tensor x) => AtomicFile.Write("npy", path, stream => Write(stream, x));

    /// <summary>Writes ids as 32-bit whole numbers.</summary>
    /// <inheritdoc cref="Write(string, Tensor)" path="/exception"/>
    public static void Write(string path, Ids ids)
    {
        Throw.IfNull(ids, "npy");
        AtomicFile.Write("npy", path, stream =>
        {
            stream.Write(NumpyHeader.Write("<i4", ids.Shape));
            stream.Write(MemoryMarshal.AsBytes(ids.Span));
        });
    }

    /// <summary>Writes an array to a stream.</summary>
    public static void Write(Stream stream, Tensor x)
    {
        Throw.IfNull(stream, "npy");
        var work = new WriteNumbers(x, stream);
        DTypes.Run(x.DType, ref work);
    }

    /// <summary>Writes a .npz file of arrays by name, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="arrays">What is written, such as <c>Module.StateDict()</c>.</param>
    /// <param name="compress">Whether the numbers are compressed, as <c>numpy.savez_compressed</c> does.</param>
    /// <exception cref="ArgumentException">A name stands twice, or is none.</exception>
    /// <exception cref="IOException">It cannot be written; if there was one, it is as it was.</exception>
    public static void WriteAll(string path, IEnumerable<KeyValuePair<string, Tensor>> arrays, bool compress = false)
    {
        Throw.IfNull(arrays, "npz");
        KeyValuePair<string, Tensor>[] all = [.. arrays];
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, _) in all)
            if (string.IsNullOrEmpty(name) || !names.Add(name))
                Throw.Argument($"npz: the name '{Printable.Of(name ?? "", 60)}' is empty or stands twice: give each "
                    + "array a name of its own", nameof(arrays));
        AtomicFile.Write("npz", path, stream =>
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            foreach (var (name, x) in all)
            {
                var entry = zip.CreateEntry($"{name}.npy", compress ? CompressionLevel.Optimal
                    : CompressionLevel.NoCompression);
                // The same arrays make the same file.
                entry.LastWriteTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using var content = entry.Open();
                Write(content, x);
            }
        });
    }

    static byte[] Bytes(string asked, string path)
    {
        using var file = Files.OpenRead(asked, path);
        try
        {
            using var whole = Files.Whole(asked, file);
            return whole.ToArray();
        }
        catch (IOException e)
        {
            Files.Refuse($"{asked}: '{Printable.Path(path)}' cannot be read", path, e);
            return [];
        }
    }

    readonly struct WriteNumbers(Tensor x, Stream to) : INumeric
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            to.Write(NumpyHeader.Write($"<f{Marshal.SizeOf<T>()}", x.Shape));
            to.Write(MemoryMarshal.AsBytes(x.Detach().Read<T>()));
        }
    }
}
