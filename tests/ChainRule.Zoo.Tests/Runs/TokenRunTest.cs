using ChainRule.Randomness;
using ChainRule.Tests;
using ChainRule.Tokenizers;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tests.Runs;

/// <summary>Texts that are read as tokens: the run keeps its tokenizer, and all that follows uses it.</summary>
public sealed class TokenRunTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    string Text => field ??= _folder.Write("text.txt",
        string.Concat(Enumerable.Range(0, 400).Select(i => $"the café no. {i % 7} is open, and the cat sleeps\n")));

    RunConfig Config(string model, TextOptions options, int steps) =>
        RunConfig.For(TaskKind.Text, model) with { Data = Text, Options = options, Steps = steps };

    string Trained(string name, RunConfig config)
    {
        var run = TrainingRun.Start(_folder.PathOf(name), config);
        run.Train();
        run.Finish();
        return run.Folder.FullPath;
    }

    [RealDataFact("tinyshakespeare.txt")]
    public void A_gpt_learns_shakespeare_by_tokens_and_is_compared_by_character()
    {
        var config = RunConfig.For(TaskKind.Text, "gpt");
        string folder = Trained("run", config with
        {
            Data = RealData.PathOf("tinyshakespeare.txt"), Options = new TextOptions(Vocabulary: 512), Steps = 200,
            Training = config.Training with { EvalEvery = 100 },
        });
        var metrics = RunFolder.Open(folder).ReadSummary()!.Metrics;

        // A character less than which costs 2.5 nats where pairs are counted; below 1.4 it would have seen the answers.
        Assert.InRange(metrics["natsPerCharacter"], 1.4, 2.25);
        Assert.Equal(metrics["bitsPerCharacter"], metrics["natsPerCharacter"] / Math.Log(2), 1e-9);
        Assert.InRange(metrics["charactersPerToken"], 1.5, 3);
        string text = File.ReadAllText(RealData.PathOf("tinyshakespeare.txt"));
        var score = TextScore.Of(SavedLanguageModel.Load(folder),
            _folder.Write("end.txt", text[(int)(text.Length * 9L / 10)..]));
        Assert.Equal(metrics["natsPerCharacter"], score.NatsPerCharacter, 1e-3);
    }

    [Fact]
    public void A_tokenizer_that_was_named_is_kept_and_the_run_needs_it_no_more()
    {
        string file = _folder.PathOf("mine.json");
        BpeTokenizer.Train([File.ReadAllText(Text)], 300).Save(file);
        var run = TrainingRun.Start(_folder.PathOf("run"), Config("gpt", new(file), 4));
        File.Delete(file);

        Assert.Equal("text of 5,200 tokens (text.txt), of a vocabulary of 289", run.Data.ToString());
        run.Train();
        string folder = run.Folder.FullPath;
        run.Finish();
        string branch = TrainingRun.Branch(folder, 4, _folder.PathOf("branch"), []).FullPath;
        foreach (string one in (string[])[folder, branch])
        {
            Assert.True(File.Exists(Path.Combine(one, "tokenizer.json")));
            Assert.IsType<Tokens>(((PlainText)TrainingRun.Resume(one).Data).Encoding);
        }
        var saved = SavedLanguageModel.Load(folder);
        Assert.Equal("le café", saved.Encoding.Decode(saved.Encoding.Encode("le café")));
        Assert.Equal("this model reads tokens, and this takes models of characters: train one without tokenizer and "
            + "vocabulary", Assert.Throws<InvalidOperationException>(() => saved.Vocabulary).Message);
    }

    [Fact]
    public void A_run_whose_tokenizer_was_changed_is_refused()
    {
        string folder = Trained("run", Config("bigram", new(Vocabulary: 300), 2));
        BpeTokenizer.Train(["other words, other merges, other ids"], 300).Save(Path.Combine(folder, "tokenizer.json"));

        Assert.Contains("its tokenizer is not that of the data", Assert.Throws<InvalidDataException>(() =>
            TrainingRun.Resume(folder)).Message, StringComparison.Ordinal);
        // What the model was saved with is in its own file.
        Assert.Equal(289, SavedLanguageModel.Load(folder).Encoding.Size);
    }

    [Fact]
    public void The_validation_text_is_that_of_a_model_of_characters()
    {
        var characters = PlainText.FromFile(Text);
        var tokens = PlainText.FromFile(Text, new TextOptions(Vocabulary: 300));

        Assert.Equal(characters.Encoding.Decode(characters.Validation.Span),
            tokens.Encoding.Decode(tokens.Validation.Span));
        Assert.Equal(characters.Encoding.Decode(characters.Train.Span), tokens.Encoding.Decode(tokens.Train.Span));
    }

    [Fact]
    public void Characters_that_are_several_tokens_come_whole()
    {
        // With the bytes alone as tokens, each é is two.
        string folder = Trained("run", Config("counts", new(Vocabulary: 256), 0));
        var saved = SavedLanguageModel.Load(folder);
        string[] pieces = [.. saved.Encoding.Generate(saved.Model, new TorchRandom(1), new(0), "caf").Take(6)];

        Assert.Equal(["", "é", " ", "c", "a", "f"], pieces);
        Assert.Equal(["", "é", " "], Samples.FirstOf(pieces, 2));
        Assert.Empty(Samples.FirstOf(pieces, 0));
    }

    [Fact]
    public void What_does_not_go_together_is_refused()
    {
        Assert.Equal("train text: tokenizer and vocabulary: a tokenizer that is named is not trained: give one of them",
            Assert.Throws<ArgumentException>(() => TrainingRun.Start(_folder.PathOf("run"),
                Config("gpt", new("a.json", 300), 1))).Message);
        string tokens = Trained("tokens", Config("bigram", new(Vocabulary: 300), 1)),
            characters = Trained("characters", Config("bigram", new(), 1));
        Assert.EndsWith("its tokens are others than those of this data, so its weights mean others: give a model of "
            + "the same tokens", Assert.Throws<ArgumentException>(() => TrainingRun.Start(_folder.PathOf("new"),
                Config("bigram", new(Vocabulary: 301), 1) with { From = characters })).Message,
            StringComparison.Ordinal);
        Assert.EndsWith("give a model of the same characters", Assert.Throws<ArgumentException>(() =>
            TrainingRun.Start(_folder.PathOf("new"), Config("bigram", new(), 1) with { From = tokens })).Message,
            StringComparison.Ordinal);
        Assert.Equal("evaluate: short.txt has 1 token, and the model looks at 1: give a text of 2 or more",
            Assert.Throws<InvalidDataException>(() => TextScore.Of(SavedLanguageModel.Load(tokens),
                _folder.Write("short.txt", "x"))).Message);
    }
}
