using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using ChainRule.Data;

namespace ChainRule.Training;

/// <summary>Writes a model in several safetensors files and the list that <see cref="SafetensorsIndex"/> reads.
/// </summary>
static class SafetensorsShards
{
    const string Asked = "safetensors", Ending = ".safetensors";

    static readonly JsonWriterOptions s_json =
        new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(string folder, IEnumerable<KeyValuePair<string, Tensor>> tensors, long maxBytes,
        IReadOnlyDictionary<string, string>? metadata, string name)
    {
        Throw.IfNull(folder, Asked);
        Throw.IfNull(tensors, Asked);
        Throw.IfNull(name, Asked);
        if (maxBytes < 1) Throw.OutOfRange($"{Asked}: files of {maxBytes:N0} bytes: give 1 or more", nameof(maxBytes));
        if (name.Length == 0 || name.IndexOfAny(['/', '\\', ':', '\0']) >= 0)
            Throw.Argument($"{Asked}: '{Printable.Of(name, 40)}' is no name of files: give one such as model",
                nameof(name));
        if (string.IsNullOrWhiteSpace(folder))
            Throw.Argument($"{Asked}: '{Printable.Of(folder, 40)}' is no folder: give the path of one", nameof(folder));
        var (shards, total) = Divide(tensors, maxBytes);
        Directory.CreateDirectory(folder);
        string one = Path.Combine(folder, name + Ending), list = one + SafetensorsIndex.Suffix;
        if (shards.Count < 2)
        {
            Safetensors.Write(one, shards.Count == 0 ? [] : shards[0], metadata);
            File.Delete(list);
            return one;
        }
        string[] files = [.. shards.Select((_, i) => string.Create(CultureInfo.InvariantCulture,
            $"{name}-{i + 1:D5}-of-{shards.Count:D5}{Ending}"))];
        if (files.Any(file => File.Exists(Path.Combine(folder, file)))) File.Delete(list);
        for (int i = 0; i < files.Length; i++)
            Safetensors.Write(Path.Combine(folder, files[i]), shards[i], metadata);
        AtomicFile.Write(Asked, list, to => WriteList(to, total, shards, files));
        // Others take the one file before the list.
        File.Delete(one);
        return list;
    }

    static (List<List<KeyValuePair<string, Tensor>>> Shards, long Total) Divide(
        IEnumerable<KeyValuePair<string, Tensor>> tensors, long maxBytes)
    {
        List<List<KeyValuePair<string, Tensor>>> shards = [];
        var names = new HashSet<string>(StringComparer.Ordinal);
        long total = 0, taken = 0;
        foreach (var one in tensors)
        {
            // In two files, no file would find it.
            if (!names.Add(one.Key))
                Throw.Argument($"{Asked}: '{Printable.Of(one.Key, 40)}' stands twice: give each tensor a name of its "
                    + "own", nameof(tensors));
            long size = (long)one.Value.Count * DTypes.Bytes(one.Value.DType);
            if (shards.Count == 0 || taken + size > maxBytes && taken > 0)
            {
                shards.Add([]);
                taken = 0;
            }
            shards[^1].Add(one);
            taken += size;
            total += size;
        }
        return (shards, total);
    }

    // As Transformers writes it: the total first, then tensors by name.
    static void WriteList(Stream to, long total, List<List<KeyValuePair<string, Tensor>>> shards, string[] files)
    {
        using var json = new Utf8JsonWriter(to, s_json);
        json.WriteStartObject();
        json.WriteStartObject("metadata");
        json.WriteNumber("total_size", total);
        json.WriteEndObject();
        json.WriteStartObject("weight_map");
        foreach (var (tensor, file) in shards.SelectMany((shard, i) => shard.Select(one => (one.Key, files[i])))
            .OrderBy(one => one.Key, StringComparer.Ordinal)) json.WriteString(tensor, file);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
