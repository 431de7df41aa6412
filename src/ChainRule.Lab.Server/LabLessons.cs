using System.IO.Compression;
using System.Text.Json;

namespace ChainRule.Lab.Server;

/// <summary>
/// The lessons as the build packed them: by Brotli in the tool, where every kilobyte counts, and by gzip on their way
/// to a page, since that is what a page can unpack by itself.
/// </summary>
static class LabLessons
{
    /// <summary>The name of the packed lessons in the page's build, and in addresses.</summary>
    public const string Resource = "lessons.json.br", Name = "lessons.json.gz";

    static readonly Lazy<byte[]> s_json = new(Unpacked), s_packed = new(Pack);

    static readonly Lazy<IReadOnlyDictionary<string, string>> s_all = new(Read);

    /// <summary>The programs by their names; none where this build has no page.</summary>
    public static IReadOnlyDictionary<string, string> All => s_all.Value;

    /// <summary>A JSON object of all programs by their names, by gzip.</summary>
    public static byte[] Packed => s_packed.Value;

    static byte[] Unpacked()
    {
        if (LabFiles.Missing is not null) return "{}"u8.ToArray();
        using var packed = new MemoryStream(LabFiles.Read(Resource));
        using var brotli = new BrotliStream(packed, CompressionMode.Decompress);
        using var json = new MemoryStream();
        brotli.CopyTo(json);
        return json.ToArray();
    }

    static byte[] Pack()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize)) gzip.Write(s_json.Value);
        return packed.ToArray();
    }

    static Dictionary<string, string> Read()
    {
        using var all = JsonDocument.Parse(s_json.Value);
        return all.RootElement.EnumerateObject().ToDictionary(one => one.Name, one => one.Value.GetString()!);
    }
}
