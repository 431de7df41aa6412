using System.Text;

namespace ChainRule.Tokenizers;

public sealed partial class BpeTokenizer
{
    /// <summary>
    /// Learns merges from texts: of all pairs of neighbours in all pieces the most frequent one becomes a token, again
    /// and again; of equally frequent ones that of the lowest ids. Ids 0 to 255 are the bytes, then follow the merged
    /// tokens in their order, and then the special ones. Where no pair occurs twice any more, there are fewer tokens
    /// than asked for.
    /// </summary>
    /// <param name="texts">What is learned from.</param>
    /// <param name="size">How many tokens there are to be, with bytes and special ones.</param>
    /// <param name="pattern">Where texts are cut.</param>
    /// <param name="specialTokens">Tokens that no text is merged into, such as <c>&lt;|endoftext|&gt;</c>.</param>
    /// <exception cref="ArgumentException">There is room for fewer than the bytes, or a special token is
    /// empty or named twice.</exception>
    public static BpeTokenizer Train(IEnumerable<string> texts, int size, TokenPattern pattern = TokenPattern.Gpt2,
        params IReadOnlyList<string> specialTokens)
    {
        Throw.IfNull(texts, "train tokenizer");
        Throw.IfNull(specialTokens, "train tokenizer");
        CheckPattern(pattern);
        int fewest = 256 + specialTokens.Count;
        if (size < fewest || size > MostTokens)
            Throw.OutOfRange($"train tokenizer: {size:N0} tokens: give at least the 256 bytes and "
                + $"{specialTokens.Count} special ones, and at most {MostTokens:N0}", nameof(size));
        if (specialTokens.Any(string.IsNullOrEmpty) || specialTokens.Distinct().Count() < specialTokens.Count)
            Throw.Argument("train tokenizer: a special token is empty or named twice: name each once",
                nameof(specialTokens));
        var training = new BpeTraining(Pieces(texts, pattern), LongestToken);
        List<(byte[] Bytes, int Id)> tokens = [.. Enumerable.Range(0, 256).Select(i => ((byte[])[(byte)i], i))];
        var pairs = new TokenPairs();
        HashSet<string> known = new(StringComparer.Ordinal);
        while (pairs.Count < size - fewest && training.Next() is var (left, right))
        {
            byte[] bytes = [.. tokens[left].Bytes, .. tokens[right].Bytes];
            // Another pair of the same bytes becomes the same token.
            if (!known.Add(Encoding.Latin1.GetString(bytes)))
            {
                training.Leave(left, right);
                continue;
            }
            training.Merge(left, right, tokens.Count);
            pairs.Add(left, right, new(pairs.Count, tokens.Count));
            tokens.Add((bytes, tokens.Count));
        }
        var specials = specialTokens.Select((text, i) => KeyValuePair.Create(text, tokens.Count + i));
        return new("train tokenizer", new("train tokenizer", tokens), pairs, pattern, wholePieces: false, specials);
    }

    // Each piece once, with how often it occurs; in the order in which they come first.
    static IEnumerable<(byte[] Piece, long Count)> Pieces(IEnumerable<string> texts, TokenPattern pattern)
    {
        var splitter = new PieceSplitter(pattern);
        var counts = new OrderedDictionary<string, long>(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            Throw.IfNull(text, "train tokenizer");
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            for (int at = 0; at < bytes.Length;)
            {
                int end = splitter.Next(bytes, at);
                string piece = Encoding.Latin1.GetString(bytes, at, end - at);
                counts[piece] = counts.GetValueOrDefault(piece) + 1;
                at = end;
            }
        }
        return counts.Select(one => (Encoding.Latin1.GetBytes(one.Key), one.Value));
    }
}
