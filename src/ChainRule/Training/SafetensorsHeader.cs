using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace ChainRule.Training;

/// <summary>
/// One entry: bytes <paramref name="Begin"/> to <paramref name="End"/>, which is not one of them, after the header.
/// </summary>
sealed record SafetensorsEntry(string Name, string DType, Shape Shape, long Begin, long End);

/// <summary>
/// The header of a safetensors file, and every rule it must keep; entries stand in the order of their data.
/// </summary>
sealed record SafetensorsHeader(IReadOnlyList<SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The longest header that the format allows.</summary>
    public const int MaxBytes = 100_000_000;

    const int Alignment = 8;
    const string MetadataName = "__metadata__";

    /// <summary>The length and the header, padded with spaces so that the data begin at a multiple of 8.</summary>
    public static byte[] Write(IReadOnlyList<SafetensorsEntry> entries, IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Write(new byte[sizeof(ulong)]);
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 }) WriteMetadata(json, metadata);
            var names = new HashSet<string>(StringComparer.Ordinal) { MetadataName };
            foreach (var entry in entries)
            {
                if (entry.Name is null)
                    Throw.Argument("safetensors: the name of an entry is null: give each a name", "tensors");
                if (entry.Name == MetadataName)
                    Throw.Argument($"safetensors: an entry is named '{MetadataName}', which the format keeps for "
                        + "itself: rename it", "tensors");
                if (!names.Add(entry.Name))
                    Throw.Argument($"safetensors: two entries are named '{entry.Name}': rename one of them", "tensors");
                CheckText("the name of an entry", entry.Name);
                WriteEntry(json, entry);
            }
            json.WriteEndObject();
        }
        while (buffer.WrittenCount % Alignment != 0) buffer.Write(" "u8);
        int length = buffer.WrittenCount - sizeof(ulong);
        if (length > MaxBytes)
        {
            Throw.Argument($"safetensors: {entries.Count} names and the metadata make a header of {length:N0} bytes: "
                + $"the format allows {MaxBytes:N0}", "tensors");
        }
        byte[] header = buffer.WrittenSpan.ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)length);
        return header;
    }

    /// <summary>Reads a header and checks it against the number of bytes that follow it.</summary>
    /// <exception cref="InvalidDataException">It breaks a rule of the format.</exception>
    public static SafetensorsHeader Parse(byte[] json, long dataBytes, string file)
    {
        if (json.Length == 0 || json[0] != '{') Refuse(file, "its header does not begin with '{'");
        if (!Utf8.IsValid(json)) Refuse(file, "its header is no UTF-8");
        List<SafetensorsEntry> entries = [];
        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(json);
            foreach (var (name, value) in Fields(document.RootElement, "its header", file))
            {
                if (name == MetadataName) ReadMetadata(value, metadata, file);
                else entries.Add(ReadEntry(name, value, file));
            }
        }
        catch (JsonException e)
        {
            Refuse(file, $"its header is no JSON from byte {e.BytePositionInLine} of its line {e.LineNumber + 1} on");
        }
        catch (InvalidOperationException)
        {
            Refuse(file, "its header holds half of a surrogate pair, which is no text");
        }
        entries.Sort((a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)));
        CheckPlaces(entries, dataBytes, file);
        return new(entries, metadata);
    }

    static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string> metadata)
    {
        json.WriteStartObject(MetadataName);
        foreach (var (name, text) in metadata.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            CheckText("a name in the metadata", name);
            CheckText($"metadata '{name}'", text);
            json.WriteString(name, text);
        }
        json.WriteEndObject();
    }

    static void WriteEntry(Utf8JsonWriter json, SafetensorsEntry entry)
    {
        json.WriteStartObject(entry.Name);
        json.WriteString("dtype", entry.DType);
        json.WriteStartArray("shape");
        foreach (int size in entry.Shape) json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(entry.Begin);
        json.WriteNumberValue(entry.End);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void ReadMetadata(JsonElement json, SortedDictionary<string, string> metadata, string file)
    {
        foreach (var (name, value) in Fields(json, $"'{MetadataName}'", file))
        {
            if (value.ValueKind != JsonValueKind.String)
                Refuse(file, $"metadata '{Short(name)}' is {value.ValueKind}, not a string");
            metadata.Add(name, value.GetString()!);
        }
    }

    static SafetensorsEntry ReadEntry(string name, JsonElement json, string file)
    {
        string what = $"tensor '{Short(name)}'";
        JsonElement dtype = default, shape = default, offsets = default;
        foreach (var (field, value) in Fields(json, what, file))
        {
            if (field == "dtype") dtype = value;
            else if (field == "shape") shape = value;
            else if (field == "data_offsets") offsets = value;
        }
        if (dtype.ValueKind != JsonValueKind.String) Refuse(file, $"{what} has no dtype that is a string");
        string type = dtype.GetString()!;
        int size = BytesOf(type);
        if (size == 0) Refuse(file, $"{what} says dtype '{Short(type)}', which is not known");

        long[] sizes = Integers(shape, $"the shape of {what}", file);
        if (sizes.Length > Shape.MaxRank)
            Refuse(file, $"{what} says {sizes.Length} axes, and at most {Shape.MaxRank} can be held");
        long count = 1;
        foreach (long axis in sizes)
        {
            if (axis > Array.MaxLength || (count *= axis) > Array.MaxLength)
                Refuse(file,
                    $"{what} says shape [{Shown(sizes)}], more than the {Array.MaxLength:N0} numbers that can be held");
        }

        long[] places = Integers(offsets, $"data_offsets of {what}", file);
        if (places.Length != 2) Refuse(file, $"data_offsets of {what} are {places.Length} numbers, not 2");
        var (begin, end) = (places[0], places[1]);
        if (begin > end) Refuse(file, $"{what} says data_offsets [{begin}, {end}], which end before they begin");
        if (count * size != end - begin)
        {
            Refuse(file, $"{what} says {type} [{Shown(sizes)}], which takes {count * size:N0} bytes, and data_offsets "
                + $"[{begin}, {end}], which are {end - begin:N0}");
        }
        if (end - begin > Array.MaxLength)
            Refuse(file, $"{what} takes {end - begin:N0} bytes, and at most {Array.MaxLength:N0} can be held");
        return new(name, type, Array.ConvertAll(sizes, axis => (int)axis), begin, end);
    }

    /// <summary>The entries fill the data from end to end: no hole, no overlap, nothing after the last.</summary>
    static void CheckPlaces(List<SafetensorsEntry> entries, long dataBytes, string file)
    {
        long at = 0;
        string before = "the header";
        foreach (var entry in entries)
        {
            string what = $"tensor '{Short(entry.Name)}' says data_offsets [{entry.Begin}, {entry.End}]";
            if (entry.End > dataBytes) Refuse(file, $"{what}, and {dataBytes:N0} bytes of data are there");
            if (entry.Begin > at) Refuse(file, $"{what}, and {before} ends at {at}: nothing fills the hole between");
            if (entry.Begin < at) Refuse(file, $"{what}, and {before} ends at {at}: the two overlap");
            (at, before) = (entry.End, $"tensor '{Short(entry.Name)}'");
        }
        if (at != dataBytes)
            Refuse(file, $"{before} ends at {at}, and {dataBytes - at:N0} bytes follow that belong to nothing");
    }

    internal static IEnumerable<(string Name, JsonElement Value)> Fields(JsonElement json, string what, string file)
    {
        if (json.ValueKind != JsonValueKind.Object) Refuse(file, $"{what} is {json.ValueKind}, not an object");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in json.EnumerateObject())
        {
            if (!seen.Add(field.Name)) Refuse(file, $"{what} names '{Short(field.Name)}' twice");
            yield return (field.Name, field.Value);
        }
    }

    static long[] Integers(JsonElement json, string what, string file)
    {
        if (json.ValueKind != JsonValueKind.Array) Refuse(file, $"{what} is no list of integers");
        long[] numbers = new long[json.GetArrayLength()];
        int i = 0;
        foreach (var one in json.EnumerateArray())
        {
            if (one.ValueKind != JsonValueKind.Number || !one.TryGetInt64(out numbers[i]) || numbers[i] < 0)
                Refuse(file, $"{what} holds {Short(one.GetRawText())}, which is no integer from 0 to {long.MaxValue}");
            i++;
        }
        return numbers;
    }

    /// <summary>Bytes of one number; 0 where the type is not known.</summary>
    static int BytesOf(string dtype) => dtype switch
    {
        "BOOL" or "U8" or "I8" or "F8_E5M2" or "F8_E4M3" or "F8_E8M0" => 1,
        "U16" or "I16" or "F16" or "BF16" => 2,
        "U32" or "I32" or "F32" => 4,
        "U64" or "I64" or "F64" or "C64" => 8,
        _ => 0,
    };

    static void CheckText(string what, string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                Throw.Argument($"safetensors: {what} holds half of a surrogate pair at place {i}, which UTF-8 cannot "
                    + "hold: leave it out",
                    nameof(text));
            i++;
        }
    }

    static string Shown(long[] sizes) =>
        Printable.List(Array.ConvertAll(sizes, size => size.ToString(CultureInfo.InvariantCulture)));

    static string Short(string text) => Printable.Of(text, 40);

    [DoesNotReturn]
    static void Refuse(string file, string says) =>
        Throw.Data($"safetensors '{file}': {says}: write or fetch the file again");
}
