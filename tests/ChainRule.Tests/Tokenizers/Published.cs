using System.IO.Compression;
using System.Reflection;
using System.Text;
using ChainRule.Tokenizers;
using TiktokenTokenizer = Microsoft.ML.Tokenizers.TiktokenTokenizer;

namespace ChainRule.Tests.Tokenizers;

/// <summary>Vocabularies in use, from the packages of Microsoft.ML.Tokenizers, and its tokenizers of them.</summary>
static class Published
{
    public static readonly IReadOnlyDictionary<string, TokenPattern> Patterns = new Dictionary<string, TokenPattern>
    {
        ["r50k_base"] = TokenPattern.Gpt2, ["cl100k_base"] = TokenPattern.Cl100k, ["o200k_base"] = TokenPattern.O200k,
    };

    public static TiktokenTokenizer Theirs(string name) => TiktokenTokenizer.CreateForEncoding(name);

    public static BpeTokenizer Ours(TemporaryFolder folder, string name) =>
        BpeTokenizer.ReadTiktoken(folder.Write($"{name}.tiktoken", Bytes(name)), Patterns[name],
            new Dictionary<string, int> { ["<|endoftext|>"] = name switch
            {
                "r50k_base" => 50256, "cl100k_base" => 100257, _ => 199999,
            } });

    // Their packages leave the ranks out, which are those of the lines, and begin with a line of their own.
    public static byte[] Bytes(string name)
    {
        string package = name switch { "r50k_base" => "R50kBase", "cl100k_base" => "Cl100kBase", _ => "O200kBase" };
        using var packed = Assembly.Load($"Microsoft.ML.Tokenizers.Data.{package}")
            .GetManifestResourceStream($"{name}.tiktoken.deflate")!;
        using var reader = new StreamReader(new DeflateStream(packed, CompressionMode.Decompress));
        var lines = reader.ReadToEnd()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => !line.StartsWith("Capacity", StringComparison.Ordinal));
        return Encoding.ASCII.GetBytes(string.Concat(lines.Select((line, rank) => $"{line} {rank}\n")));
    }
}
