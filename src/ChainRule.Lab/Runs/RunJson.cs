using System.Text;
using System.Text.Json;

namespace ChainRule.Lab.Runs;

/// <summary>
/// Reads run.json and summary.json into values by name, whatever version wrote them, without making a model of it: ten
/// thousand of them are read at a start.
/// </summary>
static class RunJson
{
    const int Longest = 1 << 20, LongestText = 200, Deepest = 3;

    // What identifies a file, and not the run.
    static readonly string[] s_left = ["dataSha256", "fromSha256", "lineFeeds", "history"];

    /// <summary>The settings of a run, as one flat list: those of its training and sizes beside its own.</summary>
    /// <exception cref="InvalidDataException">It is no JSON of a run.</exception>
    public static Cells Settings(byte[] json)
    {
        const string Asked = "run.json";
        using var document = Parse(Asked, json);
        var flat = new Flat();
        flat.Add(document.RootElement, 0);
        if (document.RootElement.TryGetProperty("dataSha256", out var hash) && hash.ValueKind == JsonValueKind.String
            && flat["data"].Text is { } data)
            flat["data"] = Cell.Of($"{Path.GetFileName(data.Replace('\\', '/'))} {Short(hash.GetString()!)}");
        return flat["model"].Text is null
            ? throw new InvalidDataException($"{Asked}: it names no model: this is not the JSON that a run writes")
            : flat.Cells;
    }

    /// <summary>The numbers of a summary.</summary>
    /// <exception cref="InvalidDataException">It is no JSON of a run.</exception>
    public static Cells Summary(byte[] json)
    {
        using var document = Parse("summary.json", json);
        var numbers = new Flat();
        foreach (var one in document.RootElement.EnumerateObject())
            if (one.Value.ValueKind == JsonValueKind.Number && one.Name is not "seed" and not "steps")
                numbers.Add(one);
        return numbers.Cells;
    }

    /// <summary>All bytes of a file of a run, which are few.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is longer than a run writes.</exception>
    public static byte[] Bytes(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        long length = RandomAccess.GetLength(file);
        if (length > Longest)
            throw new InvalidDataException($"{Path.GetFileName(path)}: it is longer than the {Longest:N0} bytes that a "
                + "run writes");
        byte[] bytes = new byte[length];
        int read = RandomAccess.Read(file, bytes, 0);
        return read == length ? bytes : bytes[..read];
    }

    static JsonDocument Parse(string file, byte[] json)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json.AsMemory(json.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? 3 : 0));
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(
                $"{file}: {(json.Length == 0 ? "it is empty" : "this is not the JSON that a run writes")}", e);
        }
        if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
        document.Dispose();
        throw new InvalidDataException($"{file}: this is not the JSON that a run writes");
    }

    static string Short(string hash) => Printable.Of(hash[..Math.Min(8, hash.Length)]);

    sealed class Flat
    {
        const int Most = 1000;

        readonly List<string> _names = [];
        readonly List<Cell> _values = [];

        public Cells Cells => new(SharedSchema.Of([.. _names]), [.. _values]);

        public Cell this[string name]
        {
            get => _names.IndexOf(name) is >= 0 and var at ? _values[at] : Cell.Empty;
            set => _values[_names.IndexOf(name)] = value;
        }

        public void Add(JsonElement element, int depth)
        {
            foreach (var one in element.EnumerateObject())
            {
                if (s_left.Contains(one.Name)) continue;
                // The sizes of a model and how data is read are JSON in a text.
                if (one.Value.ValueKind == JsonValueKind.String && one.Name is "options" or "dataOptions")
                    AddText(one.Value.GetString()!, depth);
                else if (one.Value.ValueKind == JsonValueKind.Object && depth < Deepest) Add(one.Value, depth + 1);
                else Add(one);
            }
        }

        public void Add(JsonProperty one)
        {
            if (_names.Count == Most || Value(one.Value) is not { } cell) return;
            string name = SharedNames.Of(Camel(Printable.Of(one.Name, 80)));
            if (_names.Contains(name)) return;
            _names.Add(name);
            _values.Add(cell);
        }

        void AddText(string json, int depth)
        {
            try
            {
                using var document = JsonDocument.Parse(json);
                if (document.RootElement.ValueKind == JsonValueKind.Object && depth < Deepest)
                    Add(document.RootElement, depth + 1);
            }
            catch (JsonException)
            {
                // The zoo says so where the run is used; its other settings are as good as before.
            }
        }

        static Cell? Value(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.Number => Cell.Of(value.GetDouble()),
            JsonValueKind.String => Cell.Of(SharedNames.Of(Printable.Of(value.GetString(), LongestText))),
            JsonValueKind.True => Cell.Of("true"),
            JsonValueKind.False => Cell.Of("false"),
            _ => null,
        };

        static string Camel(string name) =>
            name.Length > 0 && char.IsUpper(name[0]) ? char.ToLowerInvariant(name[0]) + name[1..] : name;
    }
}
