using System.Runtime.InteropServices;
using System.Text;
using ChainRule.Formats.Protobuf;

namespace ChainRule.Formats.Graph;

/// <summary>
/// Reads a model file of ONNX. Numbers stay where they are in the file's bytes; nothing is made larger than what is
/// there, and nothing is executed.
/// </summary>
sealed class GraphReader(string what, string? folder)
{
    // What is said to be larger than this is a lie or a mistake.
    const long Most = int.MaxValue;

    readonly Dictionary<string, long> _opsets = [];

    /// <summary>The graph of a file.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="what">What is read, as an error's sentence begins.</param>
    /// <param name="folder">Where numbers in files of their own may lie; null for none.</param>
    /// <exception cref="InvalidDataException">It is no such file, or damaged.</exception>
    public static OnnxGraph Read(ReadOnlyMemory<byte> bytes, string what, string? folder) =>
        new GraphReader(what, folder).Model(bytes);

    /// <summary>A tensor that stands alone in a file.</summary>
    public static OnnxTensor ReadTensor(ReadOnlyMemory<byte> bytes, string what) =>
        new GraphReader(what, null).Tensor(new ProtoReader(bytes, what));

    OnnxGraph Model(ReadOnlyMemory<byte> bytes)
    {
        OnnxGraph? graph = null;
        var reader = new ProtoReader(bytes, what);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 7: graph = Graph(reader.Message()); break;
                case 8: Opset(reader.Message()); break;
                default: reader.Skip(); break;
            }
        }
        if (graph is null || _opsets.Count == 0)
            throw new InvalidDataException($"{what} is no ONNX model: it has no graph, or no version of operators");
        graph.Opset = (int)Math.Clamp(_opsets.GetValueOrDefault("", 1), 0, 1_000);
        return graph;
    }

    void Opset(ProtoReader reader)
    {
        string domain = "";
        long version = 1;
        while (reader.Next())
        {
            if (reader.Field == 1) domain = reader.Text();
            else if (reader.Field == 2) version = reader.Number();
            else reader.Skip();
        }
        _opsets[domain == "ai.onnx" ? "" : domain] = version;
    }

    OnnxGraph Graph(ProtoReader reader)
    {
        var graph = new OnnxGraph();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: graph.Nodes.Add(Node(reader.Message())); break;
                case 5: graph.Constants.Add(Tensor(reader.Message())); break;
                case 11: graph.Inputs.Add(Port(reader.Message())); break;
                case 12: graph.Outputs.Add(Port(reader.Message())); break;
                default: reader.Skip(); break;
            }
        }
        return graph;
    }

    OnnxNode Node(ProtoReader reader)
    {
        List<string> inputs = [], outputs = [];
        List<OnnxAttribute> attributes = [];
        string op = "", domain = "";
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: inputs.Add(reader.Text()); break;
                case 2: outputs.Add(reader.Text()); break;
                case 4: op = reader.Text(); break;
                case 5:
                    if (Attribute(reader.Message()) is { } attribute) attributes.Add(attribute);
                    break;
                case 7: domain = reader.Text(); break;
                default: reader.Skip(); break;
            }
        }
        return new(op, inputs, outputs, attributes, domain == "ai.onnx" ? "" : domain);
    }

    OnnxAttribute? Attribute(ProtoReader reader)
    {
        string name = "";
        long kind = 0;
        object? one = null;
        List<float> reals = [];
        List<long> wholes = [];
        List<string> texts = [];
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: name = reader.Text(); break;
                case 2: one = (double)reader.Single(); break;
                case 3: one = reader.Number(); break;
                case 4: one = reader.Text(); break;
                case 5: one = Tensor(reader.Message()); break;
                case 7: reader.Singles(reals); break;
                case 8: reader.Numbers(wholes); break;
                case 9: texts.Add(reader.Text()); break;
                case 20: kind = reader.Number(); break;
                default: reader.Skip(); break;
            }
        }
        object? value = kind switch
        {
            6 => reals.ToArray(),
            7 => wholes.ToArray(),
            8 => texts.ToArray(),
            // A number that is 0 and a text that is empty may be left out.
            1 => one ?? 0.0,
            2 => one ?? 0L,
            3 => one ?? "",
            0 => one ?? (reals.Count > 0 ? reals.ToArray() : texts.Count > 0 ? texts.ToArray() : wholes.ToArray()),
            _ => one,
        };
        return value is null ? null : new(name, value);
    }

    OnnxTensor Tensor(ProtoReader reader)
    {
        string name = "", file = "";
        long offset = 0, length = -1;
        List<long> sizes = [], wholes = [];
        List<float> singles = [];
        List<double> doubles = [];
        List<string> texts = [];
        ReadOnlyMemory<byte>? raw = null;
        var element = OnnxElement.None;
        bool outside = false;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: reader.Numbers(sizes); break;
                case 2: element = (OnnxElement)reader.Number(); break;
                case 4: reader.Singles(singles); break;
                case 5 or 7 or 11: reader.Numbers(wholes); break;
                case 6: texts.Add(reader.Text()); break;
                case 8: name = reader.Text(); break;
                case 9: raw = reader.Blob(); break;
                case 10: reader.Doubles(doubles); break;
                case 13:
                    var (key, value) = Entry(reader.Message());
                    if (key == "location") file = value;
                    else if (key is "offset" or "length" && !long.TryParse(value, out key == "offset" ? ref offset : ref length))
                        throw Damaged(name, $"its {key} is '{Printable.Of(value, 30)}'");
                    break;
                case 14: outside = reader.Number() == 1; break;
                default: reader.Skip(); break;
            }
        }
        long count = 1;
        foreach (long size in sizes)
        {
            if (size < 0 || size > Most || size > 0 && count > Most / size)
                throw Damaged(name, $"its sizes are [{Printable.Of(string.Join(", ", sizes), 80)}]");
            count *= size;
        }
        if (element == OnnxElement.Text)
            return texts.Count == count ? new() { Name = name, Element = element, Sizes = [.. sizes], Texts = texts }
                : throw Damaged(name, $"it holds {texts.Count:N0} texts, and its sizes ask for {count:N0}");
        if (OnnxTensor.SizeOf(element) is not { } width)
            throw new InvalidDataException($"{what}: tensor '{Printable.Of(name, 60)}' holds numbers of kind "
                + $"{(int)element}, which is not read: give float, double, half, bfloat16, whole numbers or booleans");
        var bytes = outside ? Outside(name, file, offset, length, count * width)
            : raw ?? Typed(element, singles, doubles, wholes);
        return bytes.Length == count * width
            ? new() { Name = name, Element = element, Sizes = [.. sizes], Raw = bytes }
            : throw Damaged(name, $"it holds {bytes.Length:N0} bytes, and its sizes ask for {count * width:N0}");
    }

    static byte[] Typed(OnnxElement element, List<float> singles, List<double> doubles, List<long> wholes) =>
        element switch
        {
            OnnxElement.Float32 => Bytes([.. singles]),
            OnnxElement.Float64 => Bytes([.. doubles]),
            OnnxElement.Int64 => Bytes([.. wholes]),
            OnnxElement.Int32 => Bytes([.. wholes.Select(x => (int)x)]),
            OnnxElement.Float16 or OnnxElement.BFloat16 => Bytes([.. wholes.Select(x => (ushort)x)]),
            _ => [.. wholes.Select(x => (byte)x)],
        };

    static byte[] Bytes<T>(T[] numbers) where T : unmanaged => MemoryMarshal.AsBytes<T>(numbers).ToArray();

    // Numbers in a file beside the model: never one elsewhere.
    ReadOnlyMemory<byte> Outside(string name, string file, long offset, long length, long wanted)
    {
        if (folder is null)
            throw Damaged(name, "its numbers are in a file beside it, and it was not read from a file");
        string home = Path.GetFullPath(folder), path = Path.GetFullPath(Path.Combine(home, file));
        if (file.Length == 0 || Path.IsPathRooted(file) || file.Contains('\0')
            || !path.StartsWith(Path.TrimEndingDirectorySeparator(home) + Path.DirectorySeparatorChar,
                StringComparison.Ordinal)
            || LeadsAway(home, path))
            throw Damaged(name, $"its numbers are said to be in '{Printable.Of(file, 80)}', which is no file of the "
                + "model's own folder");
        if (offset < 0 || length < -1 || length >= 0 && length != wanted)
            throw Damaged(name, $"its numbers are said to be {length:N0} bytes from {offset:N0} on, and its sizes ask for "
                + $"{wanted:N0}");
        try
        {
            using var handle = File.OpenHandle(path);
            if (RandomAccess.GetLength(handle) - offset < wanted)
                throw Damaged(name, $"'{Printable.Of(file, 80)}' is too short: it lacks the {wanted:N0} bytes from "
                    + $"{offset:N0} on");
            byte[] bytes = new byte[wanted];
            for (int at = 0; at < bytes.Length;) at += RandomAccess.Read(handle, bytes.AsSpan(at), offset + at);
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{what}: the numbers of '{Printable.Of(name, 60)}' cannot be read from "
                + $"'{Printable.Of(file, 80)}': put it beside the model", e);
        }
    }

    // Whether the file, or a folder on the way to it, is a link.
    static bool LeadsAway(string home, string path)
    {
        for (string? at = path; at is not null && at.Length > home.Length; at = Path.GetDirectoryName(at))
            if (new FileInfo(at).LinkTarget is not null) return true;
        return false;
    }

    static (string Key, string Value) Entry(ProtoReader reader)
    {
        string key = "", value = "";
        while (reader.Next())
        {
            if (reader.Field == 1) key = reader.Text();
            else if (reader.Field == 2) value = reader.Text();
            else reader.Skip();
        }
        return (key, value);
    }

    static OnnxPort Port(ProtoReader reader)
    {
        string name = "";
        var element = OnnxElement.None;
        List<string> sizes = [];
        while (reader.Next())
        {
            if (reader.Field == 1) name = reader.Text();
            else if (reader.Field == 2) Type(reader.Message());
            else reader.Skip();
        }
        return new(name, element, sizes);

        void Type(ProtoReader type)
        {
            while (type.Next())
            {
                if (type.Field != 1)
                {
                    type.Skip();
                    continue;
                }
                var tensor = type.Message();
                while (tensor.Next())
                {
                    if (tensor.Field == 1) element = (OnnxElement)tensor.Number();
                    else if (tensor.Field == 2) Sizes(tensor.Message());
                    else tensor.Skip();
                }
            }
        }

        void Sizes(ProtoReader shape)
        {
            while (shape.Next())
            {
                if (shape.Field != 1)
                {
                    shape.Skip();
                    continue;
                }
                string size = "?";
                var axis = shape.Message();
                while (axis.Next())
                {
                    if (axis.Field == 1) size = $"{axis.Number()}";
                    else if (axis.Field == 2) size = axis.Text();
                    else axis.Skip();
                }
                sizes.Add(size);
            }
        }
    }

    InvalidDataException Damaged(string name, string how) =>
        new($"{what} is damaged: tensor '{Printable.Of(name, 60)}': {how}");
}
