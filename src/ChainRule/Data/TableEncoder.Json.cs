using System.Text;
using System.Text.Json;

namespace ChainRule.Data;

public sealed partial class TableEncoder
{
    /// <summary>All that it was fitted to, as JSON.</summary>
    public string ToJson()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes,
            new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteNumber("version", 1);
            json.WriteStartArray("columns");
            foreach (var encoding in _encodings)
            {
                json.WriteStartObject();
                json.WriteString("column", encoding.Column);
                json.WriteString("kind", encoding.Kind.ToString().ToLowerInvariant());
                encoding.Write(json);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartObject("leftOut");
            foreach (var (name, why) in LeftOut) json.WriteString(name, why);
            json.WriteEndObject();
            json.WriteStartObject("constants");
            foreach (var (name, value) in _constants) json.WriteString(name, value);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    /// <summary>The encoder that <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The text is no saved encoder; says what is wrong.</exception>
    public static TableEncoder FromJson(string json)
    {
        Throw.IfNull(json, Asked);
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.GetProperty("version").GetInt32() != 1)
                throw new FormatException($"its version is {root.GetProperty("version")}, and this program reads "
                    + "version 1");
            ColumnEncoding[] encodings = [.. root.GetProperty("columns").EnumerateArray().Select(ColumnEncoding.Read)];
            if (encodings.Length == 0) throw new FormatException("it has no columns");
            string[] names = Array.ConvertAll(encodings, one => one.Column);
            if (Array.Find(names, name => names.Count(other => other == name) > 1) is { } twice)
                throw new FormatException($"it has column '{twice}' twice");
            // An encoder of before has no constants.
            var constants = root.TryGetProperty("constants", out var said) ? Texts(said) : [];
            return new(encodings, Texts(root.GetProperty("leftOut")), constants);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException
            or KeyNotFoundException or ArgumentException)
        {
            string why = e is FormatException ? e.Message : e is JsonException ? "it is no sound JSON"
                : "a part of it is missing or of another type";
            Throw.Data($"{Asked}: this text is no saved encoder: {Printable.Of(why, 200)}: save it again with ToJson");
            return null;
        }
    }

    static Dictionary<string, string> Texts(JsonElement json) =>
        json.EnumerateObject().ToDictionary(one => one.Name, one => one.Value.GetString() ?? "");

    /// <summary>Writes <see cref="ToJson"/> into a file, whole or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) =>
        AtomicFile.Write(Asked, path, stream => stream.Write(Encoding.UTF8.GetBytes(ToJson())));

    /// <summary>The encoder of a file that <see cref="Save"/> wrote.</summary>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no saved encoder.</exception>
    public static TableEncoder Load(string path) => FromJson(TextFile.Decode($"{Asked} "
        + $"'{Printable.Of(Path.GetFileName(path), 80)}'", TextFile.Bytes(Asked, path)));
}
