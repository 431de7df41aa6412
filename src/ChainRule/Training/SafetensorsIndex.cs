using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;
using ChainRule.Data;

namespace ChainRule.Training;

/// <summary>
/// A model in several safetensors files: a list in JSON, whose <c>weight_map</c> says for each tensor which file beside
/// the list holds it.
/// </summary>
/// <remarks>Hugging Face's format of sharded checkpoints.</remarks>
static class SafetensorsIndex
{
    /// <summary>How the list's file name ends.</summary>
    public const string Suffix = ".index.json";

    /// <summary>Opens the files that a list names, and compares what each holds with what the list says.</summary>
    public static SafetensorsFile Open(string path)
    {
        string file = Printable.Of(Path.GetFileName(path), 80);
        var (places, metadata) = Parse(Content(path, file), file);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var texts = new SortedDictionary<string, string>(metadata, StringComparer.Ordinal);
        var entries = new List<(SafetensorsEntry, Func<byte[]>)>(places.Count);
        foreach (var listed in places.GroupBy(place => place.Value, place => place.Key, StringComparer.Ordinal)
            .OrderBy(shard => shard.Key, StringComparer.Ordinal))
        {
            string shard = listed.Key;
            string there = Path.Combine(folder, shard);
            if (!File.Exists(there))
                throw new FileNotFoundException($"safetensors '{file}': the file '{Short(shard)}' that it names is not "
                    + "beside it: fetch that one too", there);
            var (held, words) = SafetensorsOnDisk.Open(there);
            foreach (var (name, text) in words) texts.TryAdd(name, text);
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (entry, data) in held)
            {
                names.Add(entry.Name);
                if (!places.TryGetValue(entry.Name, out string? other))
                    Refuse(file, $"'{Short(shard)}' holds '{Short(entry.Name)}', which the list does not name");
                if (other != shard)
                    Refuse(file, $"tensor '{Short(entry.Name)}' is in '{Short(shard)}' too, and the list says "
                        + $"'{Short(other)}'");
                entries.Add((entry, data));
            }
            if (listed.FirstOrDefault(name => !names.Contains(name)) is { } missing)
                Refuse(file, $"it says that '{Short(shard)}' holds '{Short(missing)}', and that file does not");
        }
        return new(file, entries, texts);
    }

    /// <summary>Which file holds each tensor, and the texts of the list.</summary>
    internal static (Dictionary<string, string> Places, Dictionary<string, string> Metadata) Parse(
        byte[] json, string file)
    {
        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!Utf8.IsValid(json)) Refuse(file, "it is no UTF-8");
        try
        {
            using var document = JsonDocument.Parse(json);
            bool found = false;
            foreach (var (name, value) in SafetensorsHeader.Fields(document.RootElement, "the list", file))
            {
                if (name == "weight_map")
                {
                    found = true;
                    foreach (var (tensor, shard) in SafetensorsHeader.Fields(value, "'weight_map'", file))
                    {
                        if (shard.ValueKind != JsonValueKind.String)
                            Refuse(file, $"the file of tensor '{Short(tensor)}' is {shard.ValueKind}, not a string");
                        CheckPlace(tensor, shard.GetString()!, file);
                        places.Add(tensor, shard.GetString()!);
                    }
                }
                else if (name == "metadata")
                {
                    foreach (var (key, text) in SafetensorsHeader.Fields(value, "'metadata'", file))
                        metadata.Add(key,
                            text.ValueKind == JsonValueKind.String ? text.GetString()! : text.GetRawText());
                }
            }
            if (!found) Refuse(file, "it has no 'weight_map', which says which file holds each tensor");
        }
        catch (JsonException e)
        {
            Refuse(file, $"it is no JSON from byte {e.BytePositionInLine} of its line {e.LineNumber + 1} on");
        }
        catch (InvalidOperationException)
        {
            Refuse(file, "it holds half of a surrogate pair, which is no text");
        }
        return (places, metadata);
    }

    // A name such as ../../etc/x or C:\x would read what the model does not hold.
    static void CheckPlace(string tensor, string shard, string file)
    {
        bool inside = shard.Length > 0 && shard.IndexOfAny(['\\', ':', '\0']) < 0 && shard[0] != '/'
            && !shard.Split('/').Any(part => part is "" or "." or "..");
        if (!inside)
            Refuse(file, $"the file of tensor '{Short(tensor)}' is '{Short(shard)}', which leads out of the folder or "
                + "is no path");
    }

    static byte[] Content(string path, string file)
    {
        using var stream = Files.OpenRead("safetensors", path);
        if (stream.Length > SafetensorsHeader.MaxBytes)
            Refuse(file, $"it takes {stream.Length:N0} bytes, more than the {SafetensorsHeader.MaxBytes:N0} allowed");
        try
        {
            byte[] json = new byte[stream.Length];
            SafetensorsFile.Refusing(file, () =>
            {
                stream.ReadExactly(json);
                return true;
            });
            return json;
        }
        catch (IOException e)
        {
            Files.Refuse($"safetensors: '{Printable.Path(path)}' cannot be read", path, e);
            return [];
        }
    }

    static string Short(string text) => Printable.Of(text, 40);

    [DoesNotReturn]
    static void Refuse(string file, string says) =>
        Throw.Data($"safetensors '{file}': {says}: fetch the list and its files again");
}
