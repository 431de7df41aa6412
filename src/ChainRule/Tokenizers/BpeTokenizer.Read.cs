using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ChainRule.Data;

namespace ChainRule.Tokenizers;

public sealed partial class BpeTokenizer
{
    // Far above those in use: of 200,000 tokens, of 128 bytes, in files of 20 MB.
    const int MostTokens = 4_000_000, LongestToken = 1024;
    const long LongestFile = 1 << 28;

    /// <summary>
    /// Reads a tokenizer.json of a byte-level BPE; a folder is looked into for tokenizer.json, or for vocab.json and
    /// merges.txt.
    /// </summary>
    /// <exception cref="IOException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is damaged, or a tokenizer of another kind.</exception>
    public static BpeTokenizer Read(string path)
    {
        Throw.IfNull(path, Asked);
        if (!Directory.Exists(path)) return TokenizerJson.Parse(Named(path), Bytes(path));
        string whole = Path.Combine(path, "tokenizer.json"), vocabulary = Path.Combine(path, "vocab.json"),
            merges = Path.Combine(path, "merges.txt");
        if (File.Exists(whole)) return Read(whole);
        if (File.Exists(vocabulary) && File.Exists(merges)) return ReadGpt2(vocabulary, merges);
        throw new FileNotFoundException($"{Named(path)}: this folder has no tokenizer.json, and not both of vocab.json "
            + "and merges.txt: give the file");
    }

    /// <summary>The tokenizer of the text of a tokenizer.json.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or a tokenizer of another kind.</exception>
    public static BpeTokenizer FromJson(string json)
    {
        Throw.IfNull(json, Asked);
        return TokenizerJson.Parse(Asked, Encoding.UTF8.GetBytes(json));
    }

    /// <summary>
    /// Reads GPT-2's two files. Tokens that are no byte and that no merge makes, such as <c>&lt;|endoftext|&gt;</c>,
    /// are special ones.
    /// </summary>
    /// <param name="vocabularyPath">vocab.json: the id of each token.</param>
    /// <param name="mergesPath">merges.txt: two tokens a line, the earliest first.</param>
    /// <param name="pattern">Where texts are cut.</param>
    /// <exception cref="IOException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">One is damaged, or they do not belong together.</exception>
    public static BpeTokenizer ReadGpt2(string vocabularyPath, string mergesPath,
        TokenPattern pattern = TokenPattern.Gpt2)
    {
        Throw.IfNull(vocabularyPath, Asked);
        Throw.IfNull(mergesPath, Asked);
        CheckPattern(pattern);
        string asked = Named(vocabularyPath);
        var vocabulary = OfJson(asked, Bytes(vocabularyPath), json => ReadVocabulary(asked, json));
        string text = Encoding.UTF8.GetString(Bytes(mergesPath));
        var merges = text.Split('\n').Select(line => line.TrimEnd('\r'))
            .Where((line, i) => line.Length > 0 && !(i == 0 && line.StartsWith("#version", StringComparison.Ordinal)));
        return Of(Named(mergesPath), vocabulary, merges.Select(SplitMerge), pattern, wholePieces: false,
            new Dictionary<string, int>());
    }

    /// <summary>
    /// Reads a file of tiktoken: on each line a token as base64 and its rank, which is its id.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="pattern">Where texts are cut, which the file does not say.</param>
    /// <param name="specialTokens">Special tokens, which the file does not hold either; none if null.</param>
    /// <exception cref="IOException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static BpeTokenizer ReadTiktoken(string path, TokenPattern pattern,
        IReadOnlyDictionary<string, int>? specialTokens = null)
    {
        Throw.IfNull(path, Asked);
        CheckPattern(pattern);
        string asked = Named(path);
        byte[] file = Bytes(path);
        List<(byte[] Bytes, int Id)> tokens = [];
        byte[] bytes = new byte[LongestToken];
        int line = 0;
        foreach (var range in file.AsSpan().Split((byte)'\n'))
        {
            line++;
            var text = file.AsSpan(range).TrimEnd((byte)'\r');
            if (text.IsEmpty) continue;
            int space = text.IndexOf((byte)' ');
            int length = 0;
            if (space <= 0 || !int.TryParse(text[(space + 1)..], NumberStyles.None, CultureInfo.InvariantCulture,
                out int rank) || Base64.DecodeFromUtf8(text[..space], bytes, out _, out length)
                != OperationStatus.Done || length == 0)
            {
                Throw.Data($"{asked}: line {line:N0}: a token of up to {LongestToken:N0} bytes as base64, a space and "
                    + "its rank were expected: give a file of tiktoken");
                continue;
            }
            CheckId(asked, rank);
            tokens.Add((bytes[..length], rank));
        }
        var table = new TokenTable(asked, tokens);
        return new(asked, table, AllPairs(table), pattern, wholePieces: true,
            specialTokens ?? new Dictionary<string, int>(), allPairs: true);
    }

    // Any two tokens that are a third one together are merged into it, at its rank.
    static TokenPairs AllPairs(TokenTable table)
    {
        var pairs = new TokenPairs();
        for (int id = 0; id < table.Size; id++)
        {
            if (table[id] is not { } bytes) continue;
            for (int cut = 1; cut < bytes.Length; cut++)
                if (table.Find(bytes.AsSpan(0, cut)) is >= 0 and var left
                    && table.Find(bytes.AsSpan(cut)) is >= 0 and var right) pairs.Add(left, right, new(id, id));
        }
        return pairs;
    }

    /// <summary>A tokenizer of a vocabulary and merges in the characters of <see cref="ByteAlphabet"/>.</summary>
    internal static BpeTokenizer Of(string asked, IReadOnlyDictionary<string, int> vocabulary,
        IEnumerable<(string Left, string Right)> merges, TokenPattern pattern, bool wholePieces,
        IReadOnlyDictionary<string, int> specials)
    {
        List<(int Left, int Right, int Id)> found = [];
        HashSet<int> made = [];
        foreach (var (left, right) in merges)
        {
            string whole = left + right;
            foreach (string one in (string[])[left, right, whole])
                if (!vocabulary.ContainsKey(one))
                    Throw.Data($"{asked}: merge {found.Count + 1:N0}, '{Printable.Of(left, 40)}' and "
                        + $"'{Printable.Of(right, 40)}': the vocabulary lacks '{Printable.Of(one, 40)}': take "
                        + "vocabulary and merges of one model");
            found.Add((vocabulary[left], vocabulary[right], vocabulary[whole]));
            made.Add(vocabulary[whole]);
        }
        List<(byte[], int)> tokens = [];
        Dictionary<string, int> special = new(specials);
        foreach (var (text, id) in vocabulary)
        {
            if (specials.ContainsKey(text)) continue;
            byte[]? bytes = ByteAlphabet.Parse(text);
            if (bytes is { Length: 1 } || made.Contains(id) || wholePieces && bytes is { Length: > 0 })
            {
                if (bytes is null)
                    Throw.Data($"{asked}: the token '{Printable.Of(text, 40)}' has characters that stand for no byte: "
                        + "give a vocabulary of bytes, as GPT-2's is");
                if (bytes.Length > LongestToken)
                    Throw.Data($"{asked}: a token of {bytes.Length:N0} bytes: at most {LongestToken:N0} are read");
                tokens.Add((bytes, id));
            }
            else special[text] = id;
        }
        var table = new TokenTable(asked, tokens);
        var pairs = new TokenPairs();
        for (int rank = 0; rank < found.Count; rank++)
            if (!pairs.Add(found[rank].Left, found[rank].Right, new(rank, found[rank].Id)))
                Throw.Data($"{asked}: merge {rank + 1:N0} stands before already: take a whole copy of the file");
        return new(asked, table, pairs, pattern, wholePieces, special);
    }

    internal static Dictionary<string, int> ReadVocabulary(string asked, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
            Throw.Data($"{asked}: the vocabulary is no JSON object: give one of tokens and their ids");
        Dictionary<string, int> vocabulary = new(StringComparer.Ordinal);
        foreach (var one in json.EnumerateObject())
        {
            if (one.Value.ValueKind != JsonValueKind.Number || !one.Value.TryGetInt32(out int id))
            {
                Throw.Data($"{asked}: the id of the token '{Printable.Of(one.Name, 40)}' is no whole number: give one");
                continue;
            }
            CheckId(asked, id);
            if (!vocabulary.TryAdd(one.Name, id))
                Throw.Data($"{asked}: the token '{Printable.Of(one.Name, 40)}' has ids {vocabulary[one.Name]} and "
                    + $"{id}: take a whole copy of the file");
        }
        return vocabulary;
    }

    /// <summary>What is read of a JSON. Texts of it that are no UTF-8 are found only when they are read.</summary>
    internal static T OfJson<T>(string asked, byte[] json, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json.AsMemory(json.AsSpan().StartsWith("\ufeff"u8) ? 3 : 0));
            return read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException(
                $"{asked}: this is no JSON ({Printable.Of(e.Message, 100)}): take a whole copy of the file", e);
        }
    }

    /// <summary>The two tokens of a line; the second is empty where there are not two.</summary>
    internal static (string Left, string Right) SplitMerge(string line) => line.Split(' ') is [var left, var right]
        ? (left, right) : (line, "");

    static void CheckId(string asked, int id)
    {
        if (id is < 0 or > MostTokens) Throw.Data($"{asked}: id {id}: give 0 to {MostTokens:N0}");
    }

    static void CheckPattern(TokenPattern pattern)
    {
        if (!Enum.IsDefined(pattern))
            Throw.OutOfRange($"{Asked}: pattern {(int)pattern}: give one of {string.Join(", ",
                Enum.GetNames<TokenPattern>())}", nameof(pattern));
    }

    static string Named(string path) => $"{Asked} '{Printable.Path(path)}'";

    static byte[] Bytes(string path)
    {
        using var file = Files.OpenRead(Asked, path);
        if (file.Length > LongestFile)
            Throw.Data($"{Named(path)}: {file.Length:N0} bytes: at most {LongestFile:N0} are read");
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
