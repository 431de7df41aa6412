using System.Text;
using ChainRule.Tokenizers;

namespace ChainRule.Tests.Tokenizers;

public sealed class BpeTrainingTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_most_frequent_pair_is_merged_first()
    {
        // low 5 times, lower twice, newest 6 times, widest 3 times: the example of Sennrich and others.
        string text = string.Concat(Enumerable.Repeat("low\n", 5).Concat(Enumerable.Repeat("lower\n", 2))
            .Concat(Enumerable.Repeat("newest\n", 6)).Concat(Enumerable.Repeat("widest\n", 3)));
        var tokenizer = BpeTokenizer.Train([text], 256 + 10 + 1, TokenPattern.Gpt2, "<|end|>");
        // es and st occur 9 times each, and that of the lowest ids comes first.
        Assert.Equal(["es", "est", "lo", "low", "ew", "new", "newest", "dest", "idest", "widest"],
            Enumerable.Range(256, 10).Select(id => Encoding.UTF8.GetString(tokenizer.Token(id))));
        Assert.Equal(266, tokenizer.SpecialTokens["<|end|>"]);
        Assert.Equal("byte-level BPE of 266 tokens and 1 special ones, pieces as in Gpt2", tokenizer.ToString());
    }

    [Theory]
    [InlineData(TokenPattern.Gpt2)]
    [InlineData(TokenPattern.O200k)]
    public void What_is_learned_piece_by_piece_is_what_counting_all_pairs_anew_gives(TokenPattern pattern)
    {
        string text = MadeText.Of(seed: 6, length: 4000);
        var tokenizer = BpeTokenizer.Train([text[..2000], text[2000..]], 400, pattern);
        Assert.Equal(Slowly([text[..2000], text[2000..]], 400, pattern),
            Enumerable.Range(0, 400).Select(id => Convert.ToHexString(tokenizer.Token(id))));
    }

    // All pairs of all pieces are counted for each merge.
    static List<string> Slowly(string[] texts, int size, TokenPattern pattern)
    {
        List<string> tokens = [.. Enumerable.Range(0, 256).Select(i => i.ToString("X2"))];
        List<List<int>> pieces = [];
        foreach (byte[] bytes in texts.Select(Encoding.UTF8.GetBytes))
            for (int at = 0, end; at < bytes.Length; at = end)
            {
                end = new PieceSplitter(pattern).Next(bytes, at);
                pieces.Add([.. bytes[at..end].Select(b => (int)b)]);
            }
        HashSet<(int, int)> left = [];
        while (tokens.Count < size)
        {
            Dictionary<(int Left, int Right), int> counts = [];
            foreach (var piece in pieces)
                foreach (var pair in piece.Zip(piece.Skip(1))) counts[pair] = counts.GetValueOrDefault(pair) + 1;
            var best = counts.Where(one => !left.Contains(one.Key)).OrderByDescending(one => one.Value)
                .ThenBy(one => one.Key.Left).ThenBy(one => one.Key.Right).First().Key;
            string made = tokens[best.Left] + tokens[best.Right];
            if (tokens.Contains(made))
            {
                left.Add(best);
                continue;
            }
            foreach (var piece in pieces)
                for (int i = 0; i + 1 < piece.Count; i++)
                    if ((piece[i], piece[i + 1]) == best)
                    {
                        piece[i] = tokens.Count;
                        piece.RemoveAt(i + 1);
                    }
            tokens.Add(made);
        }
        return tokens;
    }

    [Fact]
    public void What_was_trained_is_saved_in_every_form()
    {
        string text = MadeText.Of(seed: 8, length: 20_000);
        var trained = BpeTokenizer.Train([text], 1000, TokenPattern.Qwen2, "<|end|>", "<|pad|>");
        Assert.Equal(1000, trained.Size);
        int[] ids = trained.Encode(text);
        Assert.True(ids.Length < Encoding.UTF8.GetByteCount(text) / 2);
        Assert.Equal(Encoding.UTF8.GetBytes(text), trained.DecodeBytes(ids));
        trained.Save(_folder.PathOf("tokenizer.json"));
        trained.SaveGpt2(_folder.PathOf("vocab.json"), _folder.PathOf("merges.txt"));
        trained.SaveTiktoken(_folder.PathOf("own.tiktoken"));
        BpeTokenizer[] again = [BpeTokenizer.Read(_folder.Path),
            BpeTokenizer.ReadGpt2(_folder.PathOf("vocab.json"), _folder.PathOf("merges.txt"), TokenPattern.Qwen2),
            BpeTokenizer.ReadTiktoken(_folder.PathOf("own.tiktoken"), TokenPattern.Qwen2, trained.SpecialTokens)];
        foreach (var one in again)
        {
            Assert.Equal(trained.SpecialTokens, one.SpecialTokens);
            Assert.Equal(ids, one.Encode(text));
        }
    }

    [Fact]
    public void Where_no_pair_occurs_twice_there_are_fewer_tokens()
    {
        Assert.Equal(256, BpeTokenizer.Train(["abcdefg"], 300).Size);
        Assert.Equal(257, BpeTokenizer.Train(["ab ab"], 300, TokenPattern.Gpt2).Size);
        Assert.Equal(256, BpeTokenizer.Train([], 300).Size);
        Refused.With<ArgumentException>("train tokenizer: 200 tokens: give at least the 256 bytes and 0 special ones, "
            + "and at most 4,000,000", () => BpeTokenizer.Train(["a"], 200));
        Refused.With<ArgumentException>("train tokenizer: a special token is empty or named twice: name each once",
            () => BpeTokenizer.Train(["a"], 300, TokenPattern.Gpt2, "a", "a"));
    }
}
