using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Reflection;
using System.Text;
using ChainRule.Tokenizers;
using Microsoft.ML.Tokenizers;
using static System.FormattableString;

namespace ChainRule.Bench;

/// <summary>How fast a text is encoded, here and by Microsoft.ML.Tokenizers, with vocabularies in use.</summary>
static class TokenizerSpeed
{
    static readonly (string Name, string Package, TokenPattern Pattern)[] s_vocabularies =
    [
        ("r50k_base", "R50kBase", TokenPattern.Gpt2), ("cl100k_base", "Cl100kBase", TokenPattern.Cl100k),
        ("o200k_base", "O200kBase", TokenPattern.O200k),
    ];

    public static void Run(string file, int rounds, TextWriter output)
    {
        string text = File.ReadAllText(file);
        double megabytes = Encoding.UTF8.GetByteCount(text) / 1e6;
        foreach (var (name, package, pattern) in s_vocabularies)
        {
            var (ours, theirs) = (Ours(name, package, pattern), TiktokenTokenizer.CreateForEncoding(name));
            bool same = theirs.EncodeToIds(text).SequenceEqual(ours.EncodeWithSpecialTokens(text));
            double own = double.PositiveInfinity, other = double.PositiveInfinity;
            for (int i = 0; i < rounds + 1; i++)
            {
                own = Math.Min(own, Seconds(() => ours.Encode(text)));
                other = Math.Min(other, Seconds(() => theirs.EncodeToIds(text)));
            }
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name}: {megabytes / own:N1} MB/s, Microsoft.ML.Tokenizers {megabytes / other:N1} MB/s, "
                + $"ids {(same ? "equal" : "not equal")}"));
        }
    }

    static double Seconds(Action work)
    {
        long began = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    // Their packages leave the ranks out, which are those of the lines.
    static ChainRule.Tokenizers.BpeTokenizer Ours(string name, string package, TokenPattern pattern)
    {
        using var packed = Assembly.Load($"Microsoft.ML.Tokenizers.Data.{package}")
            .GetManifestResourceStream($"{name}.tiktoken.deflate")!;
        using var reader = new StreamReader(new DeflateStream(packed, CompressionMode.Decompress));
        var lines = reader.ReadToEnd()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => !line.StartsWith("Capacity", StringComparison.Ordinal));
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(path, lines.Select((line, rank) => Invariant($"{line} {rank}")));
            return ChainRule.Tokenizers.BpeTokenizer.ReadTiktoken(path, pattern);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
