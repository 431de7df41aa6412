using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Runtime.InteropServices;
using ChainRule.Data;

namespace ChainRule.Training;

/// <summary>
/// The tensors of a file that PyTorch's <c>torch.save</c> wrote: a state dict, or a dictionary that holds some, whose
/// names are then joined by a dot.
/// <code>
/// model.LoadStateDict(PyTorchFile.Read("model.pt").Tensors());
/// </code>
/// Such a file is a program in Python's pickle language. Here it is read as data: names of functions are compared with
/// a
/// short list, nothing is imported, called or executed, and a file that asks for anything else is refused.
/// </summary>
/// <remarks>The zip format of PyTorch 1.6 and newer.</remarks>
public sealed class PyTorchFile
{
    // Dictionaries within one another, and the names of all tensors together.
    const int MostDeep = 16, MostTensors = 1_000_000;

    // Deflate makes at most this many bytes of one.
    const long BestCompression = 1032;

    static readonly Dictionary<string, (string Type, int Bytes)> s_storages = new()
    {
        ["torch.FloatStorage"] = ("float32", 4),
        ["torch.DoubleStorage"] = ("float64", 8),
        ["torch.HalfStorage"] = ("float16", 2),
        ["torch.BFloat16Storage"] = ("bfloat16", 2),
        ["torch.LongStorage"] = ("int64", 8),
        ["torch.IntStorage"] = ("int32", 4),
        ["torch.ShortStorage"] = ("int16", 2),
        ["torch.CharStorage"] = ("int8", 1),
        ["torch.ByteStorage"] = ("uint8", 1),
        ["torch.BoolStorage"] = ("bool", 1),
    };

    static readonly HashSet<string> s_allowed =
        [.. s_storages.Keys, "collections.OrderedDict", "torch._utils._rebuild_tensor_v2",
            "torch._utils._rebuild_parameter", "torch.Size"];

    readonly Dictionary<string, Tensor> _tensors = new(StringComparer.Ordinal);
    readonly Dictionary<string, ZipArchiveEntry> _entries = [];
    readonly Dictionary<string, byte[]> _storages = [];
    readonly string _what;
    string _root = "";
    bool _bigEndian;

    PyTorchFile(string what) => _what = what;

    /// <summary>The names of the tensors, in the order of the file.</summary>
    public IReadOnlyList<string> Names => [.. _tensors.Keys];

    /// <summary>Reads a file.</summary>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no such file, is damaged, or asks for more than
    /// tensors.</exception>
    public static PyTorchFile Read(string path)
    {
        var file = new PyTorchFile($"pytorch '{Printable.Of(Path.GetFileName(path) ?? "", 80)}'");
        using var stream = Files.OpenRead("pytorch", path);
        try
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Read);
            file.Fill(zip);
        }
        catch (InvalidDataException e) when (!e.Message.StartsWith(file._what, StringComparison.Ordinal))
        {
            Throw.Data($"{file._what}: it is no zip file, as torch.save writes since PyTorch 1.6, or a damaged one: "
                + "load it in PyTorch and save it again");
        }
        catch (IOException e)
        {
            Files.Refuse($"pytorch: '{Printable.Path(path)}' cannot be read", path, e);
        }
        return file;
    }

    /// <summary>All tensors by name, as <see cref="Layers.Module.LoadStateDict"/> takes them: float32 and float64 as
    /// they are, float16 and bfloat16 as float32, whole numbers and booleans as float64.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Tensors() => _tensors;

    /// <summary>A tensor.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public Tensor Tensor(string name)
    {
        Throw.IfNull(name, "pytorch");
        if (!_tensors.TryGetValue(name, out var x))
            Throw.Argument($"{_what}: there is no tensor '{Printable.Of(name, 60)}': it has "
                + Printable.List([.. Names]), nameof(name));
        return x;
    }

    /// <summary>The file with the number of its tensors.</summary>
    public override string ToString() => $"{_what} of {_tensors.Count} tensors";

    void Fill(ZipArchive zip)
    {
        foreach (var entry in zip.Entries)
        {
            if (!_entries.TryAdd(entry.FullName, entry)) Refuse($"'{Printable.Of(entry.FullName, 60)}' is there twice");
        }
        string[] programs = [.. _entries.Keys.Where(name => name.EndsWith("/data.pkl", StringComparison.Ordinal))];
        if (programs is not [var program])
            Refuse("it holds no data.pkl, as a state dict does: save model.state_dict()");
        else
        {
            _root = program[..^"data.pkl".Length];
            _bigEndian = _entries.ContainsKey($"{_root}byteorder")
                && Bytes($"{_root}byteorder").AsSpan().SequenceEqual("big"u8);
            if (_bigEndian) Refuse("its numbers have the greatest byte first: save it on another machine");
            Add("", new PickleReader(Bytes(program), _what, s_allowed).Read(), 0);
        }
        if (_tensors.Count == 0) Refuse("it holds no tensor by name: save model.state_dict()");
    }

    void Add(string name, object? value, int deep)
    {
        if (deep > MostDeep) Refuse($"dictionaries lie within one another, more than {MostDeep} deep");
        if (value is PickleCall call)
        {
            if (_tensors.Count >= MostTensors) Refuse($"it holds more than {MostTensors:N0} tensors");
            if (call.Function == "torch._utils._rebuild_parameter" && call.Arguments is [PickleCall inner, ..]) call =
                inner;
            if (call.Function == "torch._utils._rebuild_tensor_v2")
            {
                if (name.Length == 0) name = "tensor";
                if (!_tensors.TryAdd(name, Made(name, call.Arguments)))
                    Refuse($"tensor '{Printable.Of(name, 60)}' is there twice");
            }
        }
        // What else a checkpoint remembers, such as its epoch, is no weight.
        if (value is not List<KeyValuePair<object?, object?>> fields) return;
        foreach (var (key, inside) in fields)
            if (key is string text) Add(name.Length == 0 ? text : $"{name}.{text}", inside, deep + 1);
    }

    Tensor Made(string name, object?[] arguments)
    {
        string called = $"tensor '{Printable.Of(name, 60)}'";
        if (arguments is not [PickleOutside { Id: object?[] id }, long offset, object?[] sizes, object?[] strides, ..]
            || id is not ["storage", PickleGlobal kind, string key, _, long]
            || !s_storages.TryGetValue(kind.Name, out var storage))
        {
            Refuse($"{called} is not made as PyTorch makes tensors");
            return default;
        }
        if (sizes.Length != strides.Length || sizes.Length > Shape.MaxRank
            || !Array.TrueForAll(sizes, size => size is >= 0L and <= int.MaxValue)
            || !Array.TrueForAll(strides, stride => stride is >= 0L and <= int.MaxValue))
            Refuse($"{called} has sizes or strides that no tensor has");
        long count = 1, last = offset;
        for (int i = 0; i < sizes.Length; i++)
        {
            long size = (long)sizes[i]!;
            if (size > 0 && count > Array.MaxLength / size) Refuse($"{called} has more numbers than can be held");
            count *= size;
            last += Math.Max(0, size - 1) * (long)strides[i]!;
        }
        byte[] bytes = Numbers(key);
        if (offset < 0 || count > 0 && last >= bytes.Length / storage.Bytes)
            Refuse($"{called} reaches beyond its storage: place {last:N0} of {bytes.Length / storage.Bytes:N0}");
        Shape shape = Shape.Create(Array.ConvertAll(sizes, size => (int)(long)size!));
        int[] places = Places(shape, (int)offset, Array.ConvertAll(strides, stride => (int)(long)stride!));
        return storage.Type switch
        {
            "float32" => ChainRule.Tensor.From(Picked<float>(bytes, places), shape),
            "float64" => ChainRule.Tensor.From(Picked<double>(bytes, places), shape),
            "float16" => ChainRule.Tensor.From(Array.ConvertAll(Picked<Half>(bytes, places), x => (float)x), shape),
            "bfloat16" => ChainRule.Tensor.From(Array.ConvertAll(Picked<ushort>(bytes, places), x =>
                BitConverter.UInt32BitsToSingle((uint)x << 16)), shape),
            "int64" => Whole(Array.ConvertAll(Picked<long>(bytes, places), x => (double)x), shape),
            "int32" => Whole(Array.ConvertAll(Picked<int>(bytes, places), x => (double)x), shape),
            "int16" => Whole(Array.ConvertAll(Picked<short>(bytes, places), x => (double)x), shape),
            "int8" => Whole(Array.ConvertAll(Picked<sbyte>(bytes, places), x => (double)x), shape),
            _ => Whole(Array.ConvertAll(Picked<byte>(bytes, places), x => (double)x), shape),
        };
    }

    // Book-keeping, such as num_batches_tracked, which modules do not have.
    static Tensor Whole(double[] numbers, Shape shape)
    {
        var tensor = ChainRule.Tensor.From(numbers, shape);
        tensor.Slot.Role = Role.Whole;
        return tensor;
    }

    /// <summary>Where in a storage each number stands, row by row.</summary>
    static int[] Places(Shape shape, int offset, int[] strides)
    {
        int[] places = new int[shape.Elements];
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = offset;
            for (int axis = shape.Rank - 1, rest = i; axis >= 0; rest /= shape[axis--])
                places[i] += rest % shape[axis] * strides[axis];
        }
        return places;
    }

    static T[] Picked<T>(byte[] bytes, int[] places) where T : unmanaged
    {
        var all = MemoryMarshal.Cast<byte, T>(bytes);
        var picked = new T[places.Length];
        for (int i = 0; i < places.Length; i++) picked[i] = all[places[i]];
        return picked;
    }

    // Tensors may share one.
    byte[] Numbers(string key)
    {
        if (!_storages.TryGetValue(key, out byte[]? bytes)) _storages[key] = bytes = Bytes($"{_root}data/{key}");
        return bytes;
    }

    byte[] Bytes(string name)
    {
        if (!_entries.TryGetValue(name, out var entry))
        {
            Refuse($"it lacks '{Printable.Of(name, 60)}'");
            return [];
        }
        if (entry.Length > Array.MaxLength || entry.Length > BestCompression * (entry.CompressedLength + 64))
            Refuse($"'{Printable.Of(name, 60)}' says that it is {entry.Length:N0} bytes of "
                + $"{entry.CompressedLength:N0}, and no compression makes this many");
        byte[] bytes = new byte[entry.Length];
        using var content = entry.Open();
        if (content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length
            || content.ReadByte() >= 0)
            Refuse($"'{Printable.Of(name, 60)}' does not hold the {entry.Length:N0} bytes that it says");
        return bytes;
    }

    [DoesNotReturn]
    void Refuse(string says) => Throw.Data($"{_what}: {says}");
}
