using System.Runtime.InteropServices;
using ChainRule.Formats.Protobuf;

namespace ChainRule.Formats.Graph;

/// <summary>Tensors of a file, and those in files beside it.</summary>
sealed partial class GraphReader
{
    // What is said to be larger than this is a lie or a mistake.
    const long Most = int.MaxValue;

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
                    else if (key is "offset" or "length" && !long.TryParse(value, out key == "offset" ? ref offset
                        : ref length))
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
            throw Damaged(name, $"its numbers are said to be {length:N0} bytes from {offset:N0} on, and its sizes ask "
                + $"for {wanted:N0}");
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

    InvalidDataException Damaged(string name, string how) =>
        new($"{what} is damaged: tensor '{Printable.Of(name, 60)}': {how}");
}
