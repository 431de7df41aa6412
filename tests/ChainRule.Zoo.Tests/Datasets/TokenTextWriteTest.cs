using System.Text;
using ChainRule.Data;
using ChainRule.Tests;
using ChainRule.Tokenizers;
using ChainRule.Training;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;
using ChainRule.Zoo.Tests.Runs;

namespace ChainRule.Zoo.Tests.Datasets;

public sealed class TokenTextWriteTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    internal static string Text => string.Concat(Enumerable.Range(0, 120).Select(i =>
        $"the quick brown fn {i % 7} jumps over the l\u00e4zy dog, {i * 37 % 101} times \U0001F98A\n"));

    string Tokens => _folder.PathOf("tokens");

    string Message<T>(TokenTextOptions options, params string[] texts) where T : Exception =>
        Assert.Throws<T>(() => TokenText.Write(texts, Tokens, options)).Message;

    [Theory]
    [InlineData(null)]
    [InlineData(300)]
    public void A_run_on_what_was_written_has_the_bits_and_the_losses_of_a_run_on_the_text(int? vocabulary)
    {
        string text = _folder.Write("text.txt", Text.Replace("\n", "\r\n", StringComparison.Ordinal));
        var made = TokenText.Write([text], Tokens, new(Vocabulary: vocabulary, ShardTokens: 500));
        Assert.Equal((Text.EnumerateRunes().Count(), vocabulary is null ? "character" : "token"),
            (made.Characters, made.Unit));
        Assert.True(Directory.GetFiles(Path.Combine(Tokens, "train")).Length > 2);

        (string[] Bits, RunSummary Summary) Trained(string source, string name, TextOptions options, int? stopAt = null)
        {
            string folder = _folder.PathOf(name);
            var run = TrainingRun.Start(folder, RunConfig.For(TaskKind.Text, "gpt") with
            {
                Data = source, Steps = 12, Options = options,
                Sizes = new GptOptions(Context: 8, Width: 8, Layers: 1, Heads: 2, Dropout: 0.1),
            });
            if (stopAt is { } at)
            {
                SmallRun.Stop(run, at);
                run = TrainingRun.Resume(folder);
            }
            run.Train();
            var summary = run.Finish();
            // The files differ in the hash of their data alone.
            return ([.. SmallRun.Bits(folder).Keys.Order().Select(file => Safetensors.Read(Path.Combine(folder, file)))
                .SelectMany(file => file.Names.Select(entry => $"{entry} {Convert.ToHexString(file.Bytes(entry))}"))],
                summary);
        }

        var (memory, expected) = Trained(text, "memory", new(Vocabulary: vocabulary));
        var (disk, found) = Trained(Tokens, "disk", new());
        Assert.True(memory.Length > 20);
        Assert.Equal(memory, disk);
        Assert.Equal((expected.ValLoss, expected.TrainLoss), (found.ValLoss, found.TrainLoss));
        Assert.Equal(expected.Metrics, found.Metrics);
        Assert.Equal(expected.Samples, found.Samples);
        Assert.Equal(memory, Trained(Tokens, "resumed", new(), stopAt: 7).Bits);
        // The run has its own tokenizer, and what is done with a finished run goes without the files.
        Directory.Delete(Tokens, recursive: true);
        var saved = SavedLanguageModel.Load(_folder.PathOf("disk"));
        Assert.Equal(TextScore.Of(SavedLanguageModel.Load(_folder.PathOf("memory")), text), TextScore.Of(saved, text));
        Assert.Equal(vocabulary is not null, File.Exists(Path.Combine(_folder.PathOf("disk"), "tokenizer.json")));
    }

    [Fact]
    public void Several_files_are_one_text_and_one_part_is_the_ids_of_all()
    {
        // Many blocks are read of each, whose ends lie in the middle of characters and of line ends.
        string text = string.Concat(Enumerable.Range(0, 60).Select(i => new string('x', i % 11) + Text));
        string Windows(string part) => part.Replace("\n", "\r\n", StringComparison.Ordinal);
        string a = _folder.Write("a.txt", Windows(text[..200_000]));
        File.WriteAllText(_folder.PathOf("b.txt"), Windows(text[200_000..]), new UnicodeEncoding(false, true));
        var tokenizer = BpeTokenizer.Train([text], 400);
        tokenizer.Save(_folder.PathOf("tokenizer.json"));
        var made = TokenText.Write([a, _folder.PathOf("b.txt")], Tokens, new(_folder.PathOf("tokenizer.json"),
            Validation: 0));
        using (var file = TokenFile.Open(Tokens))
            Assert.Equal(tokenizer.Encode(text), file.Read(0, (int)made.Train).Span.ToArray());
        var opened = (TokenText)TrainingTask.Of(TaskKind.Text).Open(Tokens);
        Assert.Equal($"text of {made.Train:N0} tokens on the disk (tokens), of a vocabulary of {tokenizer.Size}",
            opened.ToString());
        // The tokenizer of a run, or GPT-2's files, or tiktoken's.
        TokenText.Write([a], _folder.PathOf("again"), new(Tokens));
        tokenizer.SaveTiktoken(_folder.PathOf("own.tiktoken"));
        TokenText.Write([a], _folder.PathOf("tiktoken"), new(_folder.PathOf("own.tiktoken"),
            Pattern: TokenPattern.Gpt2));
        byte[] Train(string name) => File.ReadAllBytes(Path.Combine(_folder.PathOf(name), "train", "tokens-00000.bin"));
        Assert.Equal(Train("again"), Train("tiktoken"));
    }

    [Fact]
    public void What_is_no_text_is_refused_with_its_place_and_nothing_is_left()
    {
        string text = _folder.Write("text.txt", Text), bad = _folder.PathOf("bad.txt");
        File.WriteAllBytes(bad, [.. Encoding.UTF8.GetBytes("one\ntw\u00f6\n"), .. "thr"u8, 0xe9, .. "e\n"u8]);
        Assert.Equal($"tokenize: '{bad}': line 3, byte 12 is no UTF-8: save the file as UTF-8, such as with iconv -f "
            + "WINDOWS-1252 -t UTF-8", Message<InvalidDataException>(new(), text, bad));
        // Cut off in the middle of a character, far behind the first block.
        File.WriteAllBytes(bad, [.. Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Text, 30))), 0xc3]);
        Assert.StartsWith($"tokenize: '{bad}': line 3,601, byte ", Message<InvalidDataException>(new(), bad),
            StringComparison.Ordinal);
        File.WriteAllText(bad, "a\nb\uFFFDc");
        Assert.Equal($"tokenize: '{bad}', line 2 holds U+FFFD, where a conversion lost a character: give the text as "
            + "it was before", Message<InvalidDataException>(new(), bad));
        File.WriteAllBytes(bad, [0x1f, 0x8b, 8, 0]);
        Assert.Equal($"tokenize: '{bad}': the file is compressed by gzip: unpack it with gunzip",
            Message<InvalidDataException>(new(), bad));
        File.WriteAllText(bad, "");
        Assert.Equal("tokenize: the text is empty: give a text with characters",
            Message<InvalidDataException>(new(), bad));
        File.WriteAllText(bad, "ab");
        Assert.Equal("tokenize: of 2 characters a fraction of 0.9 to validate with leaves a part empty: give a longer "
            + "text, or --validation 0", Message<InvalidDataException>(new(Validation: 0.9), bad));
        Assert.StartsWith("tokenize: there is no file '", Message<FileNotFoundException>(new(), _folder.PathOf("no")),
            StringComparison.Ordinal);
        Assert.Equal(["bad.txt", "text.txt"],
            Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_vocabulary_that_lacks_a_character_says_where_it_stands()
    {
        string text = _folder.Write("text.txt", Text), characters = _folder.Write("known.txt", "\n ,0123456789"
            + "abcdefghijklmnopqrstuvwxyz\u00e4");
        Assert.Equal($"tokenize: '{text}', line 1: '\U0001F98A' (U+1F98A) is none of the 40 characters of the "
            + "vocabulary: leave it out, or give a vocabulary with it",
            Message<InvalidDataException>(new(Characters: characters), text));
        string plain = _folder.Write("plain.txt", "abc\nabc\ncab\nA");
        Assert.Equal($"tokenize: '{plain}', line 4: 'A' (U+0041) is none of the 40 characters of the vocabulary: leave "
            + "it out, or give a vocabulary with it",
            Message<InvalidDataException>(new(Characters: characters), plain));
        File.WriteAllText(plain, "abc\nabc\ncab\n");
        TokenText.Write([plain], Tokens, new(Characters: characters));
        Assert.Equal(File.ReadAllText(characters), File.ReadAllText(Path.Combine(Tokens, "vocabulary.txt")));
    }

    [Fact]
    public void Options_that_do_not_go_together_are_refused()
    {
        string text = _folder.Write("text.txt", Text);
        Assert.Equal("tokenize: tokenizer and vocabulary: give one of them",
            Message<ArgumentException>(new("tokenizer.json", 300), text));
        Assert.Equal("tokenize: own.tiktoken does not say where texts are cut: give the pattern, such as cl100k",
            Message<ArgumentException>(new("own.tiktoken"), text));
        Assert.Equal("tokenize: a pattern is for a tokenizer that ends in .tiktoken: leave it out",
            Message<ArgumentException>(new(Pattern: TokenPattern.Llama3), text));
        Assert.Equal("tokenize: the standard input (-) is read alone: name no other text",
            Message<ArgumentException>(new(), text, "-"));
        Assert.Equal("tokenize: no text is named: give one or more", Message<ArgumentException>(new()));
        Assert.Equal("tokenize: validation 1: give a number in [0, 0.9]",
            Message<ArgumentException>(new(Validation: 1), text));
        Assert.Equal("tokenize: vocabulary 255: give a whole number from 256 to 1,000,000",
            Message<ArgumentException>(new(Vocabulary: 255), text));
        Assert.Equal("tokenize: 0 tokens a file: give 1 or more",
            Message<ArgumentException>(new(ShardTokens: 0), text));
        Directory.CreateDirectory(Tokens);
        Assert.Equal($"tokenize: '{Tokens}' is there already: give another folder, or take it away first",
            Message<IOException>(new(), text));
        string under = Path.Combine(text, "tokens");
        Assert.StartsWith($"tokenize: '{under}' cannot be written: ",
            Assert.ThrowsAny<IOException>(() => TokenText.Write([text], under)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_are_not_read_by_another_tokenizer_than_the_one_beside_them()
    {
        string text = string.Concat(Enumerable.Repeat("the cat and the dog\n", 200)),
            file = _folder.Write("a.txt", text), other = _folder.PathOf("other.json"),
            same = _folder.PathOf("same.json");
        BpeTokenizer.Train([text], 270).Save(other);
        var tokenizer = BpeTokenizer.Train([text], 265);
        tokenizer.Save(same);
        TokenText.Write([file], _folder.PathOf("tokens"), new(same));
        TokenText.Write([file], _folder.PathOf("letters"), new());

        Assert.Equal(265, TokenText.FromFiles(_folder.PathOf("tokens"), same).Encoding.Size);
        foreach (var (folder, beside) in new[] { ("tokens", "tokenizer.json"), ("letters", "vocabulary.txt") })
            Assert.Equal($"text: the ids in {_folder.PathOf(folder)} are of the {beside} beside them, and {other} is "
                + "another tokenizer: leave it out", Assert.Throws<InvalidDataException>(() =>
                    TokenText.FromFiles(_folder.PathOf(folder), other)).Message);
    }

    [Fact]
    public void Token_files_say_what_is_missing_beside_them()
    {
        string text = _folder.Write("text.txt", Text);
        TokenText.Write([text], Tokens, new(Vocabulary: 300));
        string Opened<T>(TextOptions? options = null) where T : Exception =>
            Assert.Throws<T>(() => TrainingTask.Of(TaskKind.Text).Open(Tokens, options)).Message;
        Assert.Equal($"text: vocabulary 300: {Tokens} holds ids, which are tokens already: leave it out",
            Opened<ArgumentException>(new(Vocabulary: 300)));
        string vocabulary = _folder.Write("tokens/vocabulary.txt", "abc");
        Assert.Equal($"text: {Tokens} holds vocabulary.txt and tokenizer.json, and the ids are of one of them: take "
            + "the other away", Opened<InvalidDataException>());
        File.Delete(vocabulary);
        File.Move(Path.Combine(Tokens, "tokenizer.json"), _folder.PathOf("tokenizer.json"));
        Assert.Equal($"text: {Tokens} holds ids, and nothing says what they stand for: put a file vocabulary.txt "
            + "beside it, with the characters in the order of their ids, or the tokenizer, tokenizer.json",
            Opened<FileNotFoundException>());
        Assert.IsType<TokenText>(TrainingTask.Of(TaskKind.Text).Open(Tokens,
            new TextOptions(_folder.PathOf("tokenizer.json"))));
        File.Move(_folder.PathOf("tokenizer.json"), Path.Combine(Tokens, "tokenizer.json"));
        Directory.Delete(Path.Combine(Tokens, "validation"), recursive: true);
        Assert.Equal($"text: {Tokens} holds a folder train and none called validation: put the ids to validate with "
            + $"there, or give {Path.Combine(Tokens, "train")} alone", Opened<FileNotFoundException>());
    }
}
