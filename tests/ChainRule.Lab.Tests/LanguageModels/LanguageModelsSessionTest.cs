using System.Text.Json;
using ChainRule.Lab.LanguageModels;
using ChainRule.Lab.Sessions;
using ChainRule.Lab.Tests.Runs;
using ChainRule.Randomness;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tests.Runs;

namespace ChainRule.Lab.Tests.LanguageModels;

public sealed class LanguageModelsSessionTest : IDisposable
{
    readonly SmallRun _small = new();
    readonly RunFixture _runs = new();
    LanguageModelsSession? _session;

    public void Dispose()
    {
        _session?.Dispose();
        _runs.Dispose();
        _small.Dispose();
    }

    [Fact]
    public void The_next_character_is_as_probable_as_its_loss_says()
    {
        Train("gru");
        var model = Assert.Single(Ask<ModelsAnswer>(new ModelsRequest()).Runs);
        Assert.Equal(("gru", "gru", true), (model.Id, model.Model, model.ValLoss > 0));
        var next = Ask<NextAnswer>(new NextRequest("gru", "em"));
        Assert.Equal(["start", "e", "m"], next.Read);
        float[] p = Floats(next.Probabilities);
        Assert.Equal(1, p.Sum(), 1e-5);
        Assert.Equal(p, Floats(next.Drawn));
        var losses = Ask<LossesAnswer>(new LossesRequest("gru", "ema"));
        Assert.Equal(["e", "m", "a"], losses.Characters);
        Assert.Equal(-Math.Log(p[next.Characters.ToList().IndexOf("a")]), Floats(losses.Losses)[2], 1e-5);
        Assert.Equal(Floats(losses.Losses).Average(x => (double)x), losses.Mean, 1e-9);
    }

    [Fact]
    public void Characters_are_drawn_as_the_tool_draws_them()
    {
        Train("mlp");
        Assert.Equal(3, Floats(Ask<NextAnswer>(new NextRequest("mlp", "a", 0.7, 3)).Drawn).Count(x => x > 0));
        Assert.Equal(1, Floats(Ask<NextAnswer>(new NextRequest("mlp", "a", 0)).Drawn).Max());
        var saved = SavedLanguageModel.Load(_runs.PathOf("mlp"));
        string drawn = saved.Model.Sample(saved.Vocabulary, new TorchRandom(7), new(0.9, 5), "ma");
        var answer = Ask<GenerateAnswer>(new GenerateRequest("mlp", "ma", 0.9, 5, LanguageModel.Longest - 2, 7));
        Assert.Equal(drawn, answer.Text);
        Assert.Equal(answer.Text.Length < LanguageModel.Longest, answer.Ended);
    }

    [Fact]
    public void Attention_is_causal_and_adds_up()
    {
        Train("gpt");
        var answer = Ask<AttentionAnswer>(new AttentionRequest("gpt", "emmanuel"));
        int side = answer.Characters.Count;
        Assert.Equal((1, 2, 8), (answer.Layers, answer.Heads, side));
        float[] weights = Floats(answer.Weights);
        for (int row = 0; row < 2 * side; row++)
        {
            var of = weights.AsSpan(row * side, side);
            Assert.Equal(1, of.ToArray().Sum(), 1e-5);
            Assert.All(of[(row % side + 1)..].ToArray(), x => Assert.Equal(0, x));
        }
        var memory = Ask<MemoryAnswer>(new MemoryRequest("gpt", "emma"));
        Assert.Equal("keys and values of every block", memory.What);
        Assert.Equal(5, Doubles(memory.With).Length);
        Assert.All(Doubles(memory.Without), ms => Assert.True(ms > 0));
    }

    [Fact]
    public void Units_give_what_they_give_in_a_forward_pass()
    {
        Train("gpt");
        var answer = Ask<ActivationsAnswer>(new ActivationsRequest("gpt", "emma", "blocks.0.up", 5));
        Assert.Contains(new("blocks.0.up", 32), answer.Layers);
        var saved = SavedLanguageModel.Load(_runs.PathOf("gpt"));
        float[]? whole = null;
        using (saved.Model.Observe((_, name, y) => { if (name == "blocks.0.up") whole = y.ToArray<float>(); }))
            saved.Model.Forward(Ids.From([0, .. saved.Vocabulary.Encode("emma")], [1, 5]));
        float[] values = Floats(answer.Values);
        Assert.Equal(5, values.Length);
        for (int i = 0; i < values.Length; i++) Assert.Equal(whole![32 * i + 5], values[i], 1e-5f);
    }

    [Theory]
    [InlineData("bigram")]
    [InlineData("mlp")]
    [InlineData("gru")]
    [InlineData("gpt")]
    public void A_probability_a_logit_and_a_loss_say_what_they_were_computed_from(string model)
    {
        Train(model);
        var next = Ask<NextAnswer>(new NextRequest(model, "em"));
        int a = next.Characters.ToList().IndexOf("a");
        double shown = Floats(next.Probabilities)[a];
        var p = Ask<LanguageModelsWhyAnswer>(new WhyNextRequest(model, "em", a, false)).Tree;
        Assert.Equal(shown, p.Numbers[0].Value, 1e-5 * shown);
        Assert.Equal("The number of 'a' after " + (model == "bigram" ? "'m'." : "'em'."), p.About);
        var logit = Ask<LanguageModelsWhyAnswer>(new WhyNextRequest(model, "em", a, true)).Tree;
        Assert.Contains(p.Numbers, number => Math.Abs(number.Value - logit.Numbers[0].Value) < 1e-9);
        var loss = Ask<LanguageModelsWhyAnswer>(new WhyLossRequest(model, "ema", 2)).Tree;
        Assert.Equal(-Math.Log(shown), loss.Numbers[0].Value, 1e-5);
        Assert.NotEmpty(loss.Numbers[0].Steps);
    }

    [Fact]
    public void An_attention_weight_says_what_it_was_computed_from()
    {
        Train("gpt");
        var shown = Ask<AttentionAnswer>(new AttentionRequest("gpt", "emma"));
        float[] weights = Floats(shown.Weights);
        int side = shown.Characters.Count;
        var tree = Ask<LanguageModelsWhyAnswer>(new WhyAttentionRequest("gpt", "emma", 0, 1, 3, 2)).Tree;
        Assert.Equal(weights[side * side + 3 * side + 2], tree.Numbers[0].Value, 1e-6);
        Assert.Equal("'m', place 4, takes from 'm', place 3, in head 2 of layer 1.", tree.About);
        Assert.NotEmpty(tree.Numbers[0].Steps);
        Refused("why: there is no head 2: give 0 to 1", new WhyAttentionRequest("gpt", "emma", 0, 2, 0, 0));
        Refused("why: there is no character 99: give 0 to ", new WhyNextRequest("gpt", "em", 99, false));
        Refused("why: there is no loss 4: give 0 to 3", new WhyLossRequest("gpt", "emma", 4));
    }

    [Fact]
    public void Embeddings_have_two_components_that_are_not_correlated()
    {
        Train("mlp");
        var answer = Ask<EmbeddingsAnswer>(new EmbeddingsRequest("mlp"));
        double[] x = Doubles(answer.X), y = Doubles(answer.Y);
        Assert.Equal((answer.Characters.Count, 16), (x.Length, answer.Width));
        Assert.Equal(1, x.Average(v => v * v), 1e-6);
        Assert.Equal(0, x.Zip(y, (a, b) => a * b).Average(), 1e-3);
    }

    [Fact]
    public void What_a_model_has_not_is_said()
    {
        Train("bigram");
        Assert.Equal("The model of bigram has no attention: a GPT has.",
            Ask<MissingAnswer>(new AttentionRequest("bigram", "a")).Why);
        Assert.StartsWith("The model of bigram has no embedding vectors",
            Ask<MissingAnswer>(new EmbeddingsRequest("bigram")).Why, StringComparison.Ordinal);
        Assert.StartsWith("The model of bigram reads the last character alone",
            Ask<MissingAnswer>(new MemoryRequest("bigram", "a")).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_read_is_one_sentence()
    {
        Train("bigram");
        Refused("text: 'Ä' is no character that the model was trained on: use abc", new NextRequest("bigram", "Ä"));
        Refused("generate: 0 characters: give 1 to 500", new GenerateRequest("bigram", "a", Count: 0));
        Refused("sample: temperature -1: give 0 or more", new NextRequest("bigram", "a", -1));
        Refused("losses: there is nothing to predict", new LossesRequest("bigram", ""));
        Refused("activations: there is no layer 'x'", new ActivationsRequest("bigram", "a", "x"));
        Refused("text: 3,000 characters: give 2,000 at most", new NextRequest("bigram", new string('a', 3000)));
        Assert.ThrowsAny<Exception>(() => Ask<NextAnswer>(new NextRequest("../bigram", "a")));
    }

    void Refused(string sentence, LanguageModelsRequest request) => Assert.StartsWith(sentence,
        Assert.ThrowsAny<ArgumentException>(() => Ask<LanguageModelsAnswer>(request)).Message,
        StringComparison.Ordinal);

    void Train(string model)
    {
        var run = TrainingRun.Start(_runs.PathOf(model), _small.Config(model: model));
        run.Train();
        run.Finish();
    }

    byte[] _bytes = [];
    int _start;

    T Ask<T>(LanguageModelsRequest request) where T : LanguageModelsAnswer
    {
        _session ??= new(_runs.Root, _runs.Cache);
        _bytes = _session.Answer(JsonSerializer.SerializeToUtf8Bytes(request,
            LanguageModelsJson.Default.LanguageModelsRequest));
        (var json, _start) = LabReply.Read(_bytes);
        return Assert.IsAssignableFrom<T>(JsonSerializer.Deserialize(json.Span,
            LanguageModelsJson.Default.LanguageModelsAnswer));
    }

    float[] Floats(NumberBlock block) => [.. Enumerable.Range(0, block.Count)
        .Select(i => BitConverter.ToSingle(_bytes, _start + block.At + 4 * i))];

    double[] Doubles(NumberBlock block) => [.. Enumerable.Range(0, block.Count)
        .Select(i => BitConverter.ToDouble(_bytes, _start + block.At + 8 * i))];
}
