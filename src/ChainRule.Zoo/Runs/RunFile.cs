using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ChainRule.Data;
using ChainRule.Training;

namespace ChainRule.Zoo.Runs;

/// <summary>
/// Reads a file of a run's folder, which is a plain file and of a bounded length. What is wrong with one is said with
/// what to do about that very file.
/// </summary>
static class RunFile
{
    /// <summary>What to do about a file that nothing else in the folder can replace.</summary>
    public const string PutBack = "put back a copy of it, or start a new run";

    /// <summary>What to do about a file that follows from the others.</summary>
    public const string Anew = "delete it, and --resume writes it anew";

    /// <summary>How the files of a run are written as JSON.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        TypeInfoResolver = RunJson.Default,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    static readonly JsonSerializerOptions s_line = new(Json) { WriteIndented = false };

    /// <summary>What a file of a run holds, over several lines.</summary>
    public static string Text<T>(T content) => JsonSerializer.Serialize(content, InfoOf<T>(Json));

    /// <summary>The same in one line.</summary>
    public static string Line<T>(T content) => JsonSerializer.Serialize(content, InfoOf<T>(s_line));

    /// <summary>The same as a part of another file.</summary>
    public static JsonElement Element<T>(T content) => JsonSerializer.SerializeToElement(content, InfoOf<T>(Json));

    /// <summary>Reads what <see cref="Text{T}"/> or <see cref="Line{T}"/> wrote.</summary>
    public static T? Read<T>(string json) => JsonSerializer.Deserialize(json, InfoOf<T>(Json));

    /// <summary>Reads what <see cref="Element{T}"/> made.</summary>
    public static T? Read<T>(JsonElement json) => json.Deserialize(InfoOf<T>(Json));

    /// <summary>Whether anything has this name.</summary>
    /// <exception cref="InvalidDataException">It is no plain file.</exception>
    /// <exception cref="IOException">The folder cannot be looked into.</exception>
    public static bool Exists(string path, string remedy)
    {
        try
        {
            File.GetAttributes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e);
        }
        return Files.WhyNotPlain(path) is { } why
            ? throw Refused(path, $"this {why}, where a run has a plain file", remedy) : true;
    }

    /// <summary>All bytes of a file.</summary>
    /// <exception cref="InvalidDataException">It is no plain file, is longer than a run writes, or
    /// is empty.</exception>
    /// <exception cref="IOException">It is not there, or cannot be read.</exception>
    public static byte[] Bytes(string path, long most, string remedy)
    {
        if (!Exists(path, remedy))
            throw new FileNotFoundException($"{Printable.Path(path)}: this file is not there: {remedy}", path);
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete);
            if (stream.Length > most)
                throw Refused(path, $"this is longer than the {most:N0} bytes that a run writes", remedy);
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e);
        }
    }

    /// <summary>A file of JSON, or a line of one.</summary>
    /// <exception cref="InvalidDataException">It is no JSON, or another.</exception>
    public static T Parse<T>(string path, ReadOnlySpan<byte> json, string remedy)
    {
        try
        {
            return JsonSerializer.Deserialize(json.StartsWith(Encoding.UTF8.Preamble) ? json[3..] : json,
                InfoOf<T>(Json))
                ?? throw new JsonException();
        }
        catch (JsonException e)
        {
            throw Refused(path, json.IsEmpty ? "this file is empty" : "this is not the JSON that a run writes", remedy,
                e);
        }
    }

    /// <summary>A file of tensors.</summary>
    /// <exception cref="InvalidDataException">It is no plain file, or is damaged.</exception>
    /// <exception cref="IOException">It is not there, or cannot be read.</exception>
    public static SafetensorsFile Tensors(string path, string remedy)
    {
        if (!Exists(path, remedy))
            throw new FileNotFoundException($"{Printable.Path(path)}: this file is not there: {remedy}", path);
        try
        {
            return Safetensors.Open(path);
        }
        catch (InvalidDataException e)
        {
            throw Refused(path, new FileInfo(path).Length == 0 ? "this file is empty"
                : "this file is damaged, or no run wrote it", remedy, e);
        }
        catch (IOException e)
        {
            throw Unreadable(path, e);
        }
    }

    static InvalidDataException Refused(string path, string why, string remedy, Exception? inner = null) =>
        new($"{Printable.Path(path)}: {why}: {remedy}", inner);

    static IOException Unreadable(string path, Exception e) =>
        new($"{Printable.Path(path)}: this file cannot be read ({Files.Why(e.GetBaseException())}): change its "
            + "permissions, run this as its owner, or copy the folder", e);

    static JsonTypeInfo<T> InfoOf<T>(JsonSerializerOptions options) => (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
}
