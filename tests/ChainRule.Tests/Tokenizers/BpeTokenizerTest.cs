using System.Text;
using ChainRule.Tokenizers;
using Bpe = Microsoft.ML.Tokenizers.BpeTokenizer;
using BpeOptions = Microsoft.ML.Tokenizers.BpeOptions;
using RegexPreTokenizer = Microsoft.ML.Tokenizers.RegexPreTokenizer;

namespace ChainRule.Tests.Tokenizers;

public sealed class BpeTokenizerTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("r50k_base")]
    [InlineData("cl100k_base")]
    [InlineData("o200k_base")]
    public void A_megabyte_of_text_has_the_ids_of_another_library(string name)
    {
        var (ours, theirs) = (Published.Ours(_folder, name), Published.Theirs(name));
        string text = MadeText.Sound(seed: 1, length: 800_000);
        Assert.True(Encoding.UTF8.GetByteCount(text) > 1_000_000);
        foreach (string part in text.Chunk(20_000).Select(part => new string(part)).Append(text[..5]))
        {
            IReadOnlyList<int> expected = theirs.EncodeToIds(part);
            int[] actual = ours.EncodeWithSpecialTokens(part);
            Assert.Equal(expected.Count, actual.Length);
            Assert.Equal(expected, actual);
            Assert.Equal(Encoding.UTF8.GetBytes(part), ours.DecodeBytes(actual));
        }
    }

    [Fact]
    public void A_vocabulary_saved_in_each_form_gives_the_same_ids()
    {
        string text = MadeText.Of(seed: 2, length: 200_000);
        foreach (string name in Published.Patterns.Keys)
        {
            var first = Published.Ours(_folder, name);
            int[] ids = first.Encode(text);
            first.Save(_folder.PathOf("tokenizer.json"));
            var second = BpeTokenizer.Read(_folder.Path);
            Assert.Equal((first.Pattern, first.Size), (second.Pattern, second.Size));
            Assert.Equal(first.SpecialTokens, second.SpecialTokens);
            Assert.Equal(ids, second.Encode(text));
            second.SaveTiktoken(_folder.PathOf("again.tiktoken"));
            Assert.Equal(Published.Bytes(name), File.ReadAllBytes(_folder.PathOf("again.tiktoken")));
        }
    }

    [Fact]
    public void GPT_2_s_two_files_are_written_and_read_here_and_by_another_library()
    {
        var gpt2 = Published.Ours(_folder, "r50k_base");
        string vocabulary = _folder.PathOf("vocab.json"), merges = _folder.PathOf("merges.txt"),
            text = MadeText.Sound(seed: 3, length: 100_000);
        gpt2.SaveGpt2(vocabulary, merges);
        string[] lines = File.ReadAllLines(merges);
        Assert.Equal(("#version: 0.2", "Ġ t", "Ġ a", 50_001), (lines[0], lines[1], lines[2], lines.Length));
        var read = BpeTokenizer.Read(_folder.Path);
        Assert.Equal((50257, 50256), (read.Size, read.SpecialTokens["<|endoftext|>"]));
        Assert.Equal(gpt2.Encode(text), read.Encode(text));
        var theirs = Bpe.Create(new BpeOptions(vocabulary, merges)
        {
            ByteLevel = true,
            PreTokenizer = new RegexPreTokenizer(new(TokenizerJson.Regex(TokenPattern.Gpt2)), null),
        });
        Assert.Equal(theirs.EncodeToIds(text), read.Encode(text));
    }

    [Fact]
    public void Known_texts_have_the_published_ids()
    {
        var gpt2 = Published.Ours(_folder, "r50k_base");
        Assert.Equal([15496, 11, 995, 0], gpt2.Encode("Hello, world!"));
        Assert.Equal("Hello, world!", gpt2.Decode([15496, 11, 995, 0]));
        Assert.Equal([9906, 1917], Published.Ours(_folder, "cl100k_base").Encode("Hello world"));
        Assert.Equal([13225, 2375], Published.Ours(_folder, "o200k_base").Encode("Hello world"));
        Assert.Equal([15496, 50256, 15496], gpt2.EncodeWithSpecialTokens("Hello<|endoftext|>Hello"));
        Assert.Equal("Hello<|endoftext|>", gpt2.Decode([15496, 50256]));
        Assert.DoesNotContain(50256, gpt2.Encode("Hello<|endoftext|>Hello"));
    }

    [Fact]
    public void Any_bytes_come_back()
    {
        var rng = new Random(4);
        foreach (string name in Published.Patterns.Keys)
        {
            var tokenizer = Published.Ours(_folder, name);
            byte[] bytes = new byte[100_000];
            rng.NextBytes(bytes);
            Assert.Equal(bytes, tokenizer.DecodeBytes(tokenizer.Encode(bytes)));
            Encoding.UTF8.GetBytes(MadeText.Of(5, 20_000), bytes);
            for (int i = 0; i < 2000; i++) bytes[rng.Next(bytes.Length)] = (byte)rng.Next(256);
            Assert.Equal(bytes, tokenizer.DecodeBytes(tokenizer.Encode(bytes)));
        }
    }

    [Fact]
    public void A_long_piece_is_merged_as_short_ones_are()
    {
        var tokenizer = Published.Ours(_folder, "cl100k_base");
        var theirs = Published.Theirs("cl100k_base");
        string[] longOnes = [new('a', 5000), string.Concat(Enumerable.Repeat("zxqjkvbn", 300)), new(' ', 3000),
            string.Concat(Enumerable.Repeat("สวัสดีชาวโลก", 100)), new('=', 1000)];
        foreach (string one in longOnes) Assert.Equal(theirs.EncodeToIds(one), tokenizer.Encode(one));
        // A million letters without a space are done in a moment.
        string text = string.Concat(Enumerable.Range(0, 1_000_000).Select(i => (char)('a' + i * i % 26)));
        Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
    }
}
