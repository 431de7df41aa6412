using ChainRule.Data;
using ChainRule.Tests;
using ChainRule.Training;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;
using ChainRule.Zoo.Tests.Runs;

namespace ChainRule.Zoo.Tests.Datasets;

public sealed class TokenTextTest : IDisposable
{
    const string Line = "the quick brown fox jumps over the lazy dog, 12 times\n";

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    static string Text => string.Concat(Enumerable.Repeat(Line, 60));

    string Shards(string? characters = null, int shardTokens = 700)
    {
        var vocabulary = Vocabulary.Of([Text], startEndToken: null);
        string folder = _folder.PathOf("tokens");
        TokenFile.WriteShards(folder, [vocabulary.Encode(Text)], shardTokens: shardTokens);
        File.WriteAllText(Path.Combine(folder, "vocabulary.txt"), characters ?? vocabulary.Characters);
        return folder;
    }

    [Fact]
    public void A_run_on_token_files_ends_with_the_bits_of_a_run_on_the_text_also_after_a_resume()
    {
        string[] Bits(string source, string name, int? stopAt = null)
        {
            string folder = _folder.PathOf(name);
            var run = TrainingRun.Start(folder, RunConfig.For(TaskKind.Text, "gpt") with
            {
                Data = source,
                Steps = 12,
                Sizes = new GptOptions(Context: 8, Width: 8, Layers: 1, Heads: 2, Dropout: 0.1),
            });
            if (stopAt is { } at)
            {
                SmallRun.Stop(run, at);
                run = TrainingRun.Resume(folder);
            }
            run.Train();
            run.Finish();
            // The files differ in the hash of their data alone.
            return [.. SmallRun.Bits(folder).Keys.Order().Select(file => Safetensors.Read(Path.Combine(folder, file)))
                .SelectMany(file => file.Names.Select(entry => $"{entry} {Convert.ToHexString(file.Bytes(entry))}"))];
        }

        string[] memory = Bits(_folder.Write("text.txt", Text), "memory");
        Assert.True(memory.Length > 20);
        Assert.Equal(memory, Bits(Shards(), "disk"));
        Assert.Equal(memory, Bits(_folder.PathOf("tokens"), "resumed", stopAt: 7));
    }

    [Fact]
    public void Its_parts_and_measures_are_those_of_the_text_in_memory()
    {
        var memory = PlainText.FromFile(_folder.Write("text.txt", Text));
        var disk = Assert.IsType<TokenText>(TrainingTask.Of(TaskKind.Text).Open(Shards()));
        static int[] Of(Dataset<Ids, Ids> data) => [.. data.Inputs.Span, .. data.Targets.Span];
        Assert.Equal(Of(memory.ValidationSample(16, true)), Of(disk.ValidationSample(16, true)));
        var (train, validation, test) = disk.EvaluationSets(16, false);
        Assert.Equal(Of(memory.EvaluationSets(16, false).Train!), Of(train!));
        Assert.Equal(Of(memory.EvaluationSets(16, false).Validation!), Of(validation!));
        Assert.Null(test);
        Assert.Equal(Of(memory.Pairs()), Of(disk.Pairs()));
        Assert.Equal(memory.Vocabulary.Characters, disk.Vocabulary.Characters);
        Assert.Equal("3,240 characters on the disk (tokens), 31 of them distinct: 2,916 to train, 324 to validate",
            disk.Describe(16, true));
        Assert.Equal("text: tokens has 3,240 characters, and its last tenth must hold a window of 324 and a character "
            + "more: give a text of 3,250 or more",
            Assert.Throws<InvalidDataException>(() => disk.Batches(324, true, 1, 1)).Message);
    }

    [Fact]
    public void Another_text_has_another_hash()
    {
        string folder = Shards(shardTokens: 10_000);
        string Hash() => TokenText.FromFiles(folder).Sha256;
        string before = Hash();
        Assert.Equal(before, Hash());
        string file = Path.Combine(folder, "tokens-00000.bin");
        byte[] bytes = File.ReadAllBytes(file);
        bytes[3000] ^= 1;
        File.WriteAllBytes(file, bytes);
        Assert.NotEqual(before, Hash());
    }

    [Fact]
    public void Ids_without_their_characters_are_refused()
    {
        string folder = Shards("abc");
        Assert.StartsWith("tokens 'tokens-00000.bin': token ",
            Assert.Throws<InvalidDataException>(() => TokenText.FromFiles(folder)).Message, StringComparison.Ordinal);
        string file = Path.Combine(folder, "vocabulary.txt");
        File.WriteAllText(file, "aa");
        Assert.StartsWith($"text: {file} is none (vocabulary: 'a' (U+0061) has ids 0 and 1",
            Assert.Throws<InvalidDataException>(() => TokenText.FromFiles(folder)).Message, StringComparison.Ordinal);
        File.Delete(file);
        Assert.Equal($"text: {folder} holds ids, and nothing says what they stand for: put a file vocabulary.txt "
            + "beside it, with the characters in the order of their ids, or the tokenizer, tokenizer.json",
            Assert.Throws<FileNotFoundException>(() => TokenText.FromFiles(folder)).Message);
    }
}
