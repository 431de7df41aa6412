using System.Text.Json;
using ChainRule.Data;
using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Runs;

/// <summary>
/// A file of settings: one JSON object, as <c>chainrule train names --print-config</c> writes it, whole or in part. It
/// may hold comments and trailing commas.
/// </summary>
public sealed class ConfigFile
{
    const long Longest = 1 << 20;

    static readonly JsonDocumentOptions s_json = new()
        { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 8 };

    ConfigFile(string asked, IReadOnlyList<KeyValuePair<string, JsonElement>> settings) =>
        (Asked, Settings) = (asked, settings);

    /// <summary>What a message calls it.</summary>
    public string Asked { get; }

    /// <summary>Its settings, in its order.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonElement>> Settings { get; }

    /// <summary>Settings that stand in a part of another file.</summary>
    internal static ConfigFile Of(string asked, IReadOnlyList<KeyValuePair<string, JsonElement>> settings) =>
        new(asked, settings);

    /// <summary>Reads a file.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="what">What a message calls such a file.</param>
    /// <exception cref="IOException">There is none, or it cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no JSON object, or gives a setting twice.</exception>
    public static ConfigFile Read(string path, string what = "config") => Read(path, what,
        "give a file of JSON such as --print-config writes");

    /// <summary>Reads a file of which a refusal ends with what is wanted.</summary>
    internal static ConfigFile Read(string path, string what, string wanted)
    {
        string asked = $"{what} {Printable.Path(path)}";
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException($"{what}: '{Printable.Path(path)}' is no path: {wanted}");
        if (Directory.Exists(path)) throw new InvalidDataException($"{asked}: this is a folder: {wanted}");
        try
        {
            return Parse(asked, TextFile.Decode(asked, TextFile.Bytes(what, path, Longest, wanted)), wanted);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileNotFoundException($"{asked}: there is no such file: {wanted}", path, e);
        }
    }

    static ConfigFile Parse(string asked, string text, string wanted)
    {
        try
        {
            using var document = JsonDocument.Parse(text, s_json);
            var root = document.RootElement.Clone();
            if (root.ValueKind != JsonValueKind.Object)
                throw new InvalidDataException($"{asked}: this is JSON, but no object of settings: {wanted}");
            if (root.EnumerateObject().Any(setting => Nearest.Plain(setting.Name) == "datasha256"))
                throw new InvalidDataException($"{asked}: this is what a run keeps of itself, and no file of settings: "
                    + $"{Shell.Tool} train … --resume DIR --print-config prints them as one");
            List<KeyValuePair<string, JsonElement>> settings =
                [.. root.EnumerateObject().Select(setting => KeyValuePair.Create(setting.Name, setting.Value))];
            var twice = settings.GroupBy(setting => Nearest.Plain(setting.Key))
                .FirstOrDefault(same => same.Count() > 1);
            return twice is null ? new(asked, settings)
                : throw new InvalidDataException(
                    $"{asked}: '{Printable.Of(twice.First().Key, 40)}' is given twice: give it once");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Half of a surrogate pair is JSON, and no text.
            string where = e is JsonException { LineNumber: { } line } ? $" (line {line + 1})" : "";
            throw new InvalidDataException($"{asked}: this is no JSON{where}: {wanted}", e);
        }
    }
}
