using System.Buffers.Binary;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using ChainRule.Data;

namespace ChainRule.Training;

/// <summary>
/// What a safetensors file, or several that belong together, hold: tensors and byte entries by name, and texts. The
/// numbers are in memory (<see cref="Safetensors.Read(string)"/>), or are read from the disk when one asks for them
/// (<see cref="Safetensors.Open"/>).
/// </summary>
public sealed class SafetensorsFile
{
    readonly string _file;
    readonly Dictionary<string, (SafetensorsEntry Entry, Func<byte[]> Data)> _entries;

    internal SafetensorsFile(string file, IReadOnlyList<(SafetensorsEntry Entry, Func<byte[]> Data)> entries,
        IReadOnlyDictionary<string, string> metadata)
    {
        _file = file;
        _entries = entries.ToDictionary(one => one.Entry.Name, StringComparer.Ordinal);
        Names = [.. entries.Select(one => one.Entry.Name)];
        Metadata = metadata;
    }

    /// <summary>The names of the entries, in the order of their data; of several files one after another.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The texts that belong to the file.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    public bool Contains(string name)
    {
        Throw.IfNull(name, "safetensors");
        return _entries.ContainsKey(name);
    }

    /// <summary>The shape of an entry.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public Shape ShapeOf(string name) => Find("shape of", name).Entry.Shape;

    /// <summary>The format's name of an entry's number type, such as F32, F64, BF16 or U8.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public string DTypeOf(string name) => Find("dtype of", name).Entry.DType;

    /// <summary>
    /// A tensor, newly made at each call: F32 and F64 as they are, F16 and BF16 widened to float32, and whole numbers
    /// (I8 … U64, BOOL) as float64; all of which loses nothing. I8 with an entry <c>NAME.scale</c>, a scale for each
    /// row, is scale · q in float32.
    /// </summary>
    /// <exception cref="ArgumentException">There is no entry of that name.</exception>
    /// <exception cref="InvalidDataException">Its number type is another, such as F8_E4M3, or it holds a whole number
    /// that float64 cannot; or the file, which was opened, is no longer the same.</exception>
    /// <exception cref="IOException">The file, which was opened, cannot be read.</exception>
    public Tensor Tensor(string name)
    {
        var (entry, read) = Find("tensor", name);
        byte[] data = read();
        switch (entry.DType)
        {
            case "F32": return ChainRule.Tensor.From(MemoryMarshal.Cast<byte, float>(data), entry.Shape);
            case "F64": return ChainRule.Tensor.From(MemoryMarshal.Cast<byte, double>(data), entry.Shape);
            case "F16":
                float[] singles = new float[data.Length / 2];
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(data), singles);
                return ChainRule.Tensor.From(singles, entry.Shape);
            case "BF16":
                // The upper half of a float32.
                var halves = MemoryMarshal.Cast<byte, ushort>(data);
                float[] wide = new float[halves.Length];
                WeightRounding.FromUpper(halves, wide);
                return ChainRule.Tensor.From(wide, entry.Shape);
            case "BOOL" or "U8": return Whole<byte>(name, entry, data);
            case "I8" when IsScaled(name):
                return ChainRule.Tensor.From(WeightRounding.FromInt8(data, Tensor(name + WeightRounding.Scale)
                    .Read<float>()), entry.Shape);
            case "I8": return Whole<sbyte>(name, entry, data);
            case "U16": return Whole<ushort>(name, entry, data);
            case "I16": return Whole<short>(name, entry, data);
            case "U32": return Whole<uint>(name, entry, data);
            case "I32": return Whole<int>(name, entry, data);
            case "U64": return Whole<ulong>(name, entry, data);
            case "I64": return Whole<long>(name, entry, data);
        }
        Throw.Data($"safetensors '{_file}': tensor '{Printable.Of(name)}' holds {entry.DType}: a tensor is made of "
            + "F32, F64, F16, BF16 or whole numbers: take it by Bytes");
        return default;
    }

    /// <summary>All tensors by name, as <see cref="Layers.Module.LoadStateDict"/> takes them, without the scales of
    /// others; each is made when its turn comes.</summary>
    /// <exception cref="InvalidDataException">The number type of one is not among those of
    /// <see cref="Tensor"/>.</exception>
    public IEnumerable<KeyValuePair<string, Tensor>> Tensors() =>
        Names.Where(name => !IsScale(name)).Select(name => KeyValuePair.Create(name, Tensor(name)));

    bool IsScale(string name) => name.EndsWith(WeightRounding.Scale, StringComparison.Ordinal)
        && IsScaled(name[..^WeightRounding.Scale.Length]);

    // Whole numbers whose rows have scales.
    bool IsScaled(string name) => _entries.TryGetValue(name, out var numbers) && numbers.Entry is { DType: "I8" } entry
        && entry.Shape.Rank > 1 && _entries.TryGetValue(name + WeightRounding.Scale, out var scales)
        && scales.Entry.DType == "F32" && scales.Entry.Shape == [entry.Shape[0]];

    /// <summary>A copy of an entry's bytes as they stand in the file, whatever its number type.</summary>
    /// <exception cref="ArgumentException">There is no entry of that name.</exception>
    public byte[] Bytes(string name) => [.. Find("bytes", name).Data()];

    public override string ToString() => $"safetensors '{_file}' of {Names.Count} entries";

    /// <summary>
    /// Reads a file from its beginning. What the header claims is checked against the file's length before memory
    /// is taken for it.
    /// </summary>
    internal static SafetensorsFile Parse(Stream stream, string file)
    {
        file = Printable.Of(file, 80);
        return Refusing(file, () =>
        {
            var header = ReadHeader(stream, file);
            var entries = new (SafetensorsEntry, Func<byte[]>)[header.Entries.Count];
            for (int i = 0; i < entries.Length; i++)
            {
                var entry = header.Entries[i];
                byte[] data = GC.AllocateUninitializedArray<byte>((int)(entry.End - entry.Begin));
                stream.ReadExactly(data);
                entries[i] = (entry, () => data);
            }
            return new SafetensorsFile(file, entries, header.Metadata);
        });
    }

    /// <summary>Reads the header alone, from a file's beginning, and checks it against the file's length.</summary>
    internal static SafetensorsHeader ReadHeader(Stream stream, string file)
    {
        long length = stream.Length;
        if (length < sizeof(ulong))
            Throw.Data($"safetensors '{file}': it is {length} bytes long, and the header's length alone takes 8: write "
                + "or fetch it again");
        Span<byte> eight = stackalloc byte[sizeof(ulong)];
        stream.ReadExactly(eight);
        ulong says = BinaryPrimitives.ReadUInt64LittleEndian(eight);
        if (says > SafetensorsHeader.MaxBytes)
        {
            if (FileKind.Of(eight) is { } kind) Throw.Data($"safetensors '{file}': the file {kind}");
            if (eight[0] == '{')
                Throw.Data($"safetensors '{file}': the file is JSON, as the index of a model in several files is: give "
                    + "a path that ends in .index.json to Safetensors.Open");
            Throw.Data($"safetensors '{file}': it says that its header takes {says:N0} bytes, more than the "
                + $"{SafetensorsHeader.MaxBytes:N0} allowed: give a safetensors file");
        }
        if (says > (ulong)(length - sizeof(ulong)))
        {
            Throw.Data($"safetensors '{file}': it says that its header takes {says:N0} bytes, and "
                + $"{length - sizeof(ulong):N0} follow: write or fetch it again");
        }
        byte[] json = new byte[says];
        stream.ReadExactly(json);
        return SafetensorsHeader.Parse(json, length - sizeof(ulong) - json.Length, file);
    }

    /// <summary>A file that ends while it is read has a writer.</summary>
    internal static T Refusing<T>(string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (EndOfStreamException)
        {
            Throw.Data($"safetensors '{file}': it became shorter while it was read: let its writer finish, and read it "
                + "again");
            return default;
        }
    }

    Tensor Whole<T>(string name, SafetensorsEntry entry, byte[] data) where T : unmanaged, IBinaryInteger<T>
    {
        var integers = MemoryMarshal.Cast<byte, T>(data);
        double[] numbers = new double[integers.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = double.CreateTruncating(integers[i]);
            const long Exact = 1L << 53;
            if (numbers[i] is < -Exact or > Exact)
                Throw.Data($"safetensors '{_file}': tensor '{Printable.Of(name)}' holds {integers[i]} at place {i}, "
                    + "which float64 cannot hold: take it by Bytes");
        }
        var tensor = ChainRule.Tensor.From(numbers, entry.Shape);
        tensor.Slot.Role = Role.Whole;
        return tensor;
    }

    (SafetensorsEntry Entry, Func<byte[]> Data) Find(string asked, string name)
    {
        Throw.IfNull(name, asked);
        if (!_entries.TryGetValue(name, out var found))
        {
            string known = Printable.List([.. Names]);
            Throw.Argument($"{asked} '{Printable.Of(name)}': safetensors '{_file}' has no such entry: it has "
                + $"{(known.Length == 0 ? "none" : known)}",
                nameof(name));
        }
        return found;
    }
}
