using ChainRule.Data;
using ChainRule.Randomness;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Tests.Models;

public sealed class LanguageModelTest
{
    static readonly Vocabulary s_letters = new(".abc");

    // After '.' comes a; after a comes b, or rarely c; after b comes the end; after c comes c, for ever.
    static readonly Bigram s_table = Table(
        0, 9, 0, 0,
        -50, -50, 3, 0,
        99, 0, 0, 0,
        -99, -99, -99, 99);

    [Fact]
    public void Every_model_has_a_test_of_its_name()
    {
        // Recurrent models differ in a layer alone, and one test runs them all.
        var models = typeof(LanguageModel).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(LanguageModel)) && !type.IsAbstract)
            .Select(type => type == typeof(LstmModel) || type.IsSubclassOf(typeof(Recurrent)) ? nameof(RecurrentTest)
                : type.Name + "Test");
        Assert.Subset(typeof(LanguageModelTest).Assembly.GetTypes().Select(type => type.Name).ToHashSet(),
            models.ToHashSet());
    }

    [Fact]
    public void The_same_seed_draws_the_same_and_another_draws_another()
    {
        var model = new Bigram(4, new TorchRandom(1));
        string Draw(ulong seed)
        {
            var rng = new TorchRandom(seed);
            return string.Join(' ', Enumerable.Range(0, 10).Select(_ => model.Sample(s_letters, rng)));
        }
        Assert.Equal(Draw(7), Draw(7));
        Assert.NotEqual(Draw(7), Draw(8));
    }

    [Fact]
    public void Draws_are_as_frequent_as_the_model_says()
    {
        var rng = new TorchRandom(1);
        int c = Enumerable.Range(0, 2000)
            .Count(_ => s_table.Sample(s_letters, rng, prefix: "a").StartsWith("ac", StringComparison.Ordinal));
        double p = 1 / (1 + Math.Exp(3));
        Assert.InRange(c, 2000 * p - 4 * Math.Sqrt(2000 * p), 2000 * p + 4 * Math.Sqrt(2000 * p));
    }

    [Fact]
    public void Temperature_0_takes_the_likeliest_and_draws_nothing()
    {
        var rng = new TorchRandom(1);
        byte[] before = rng.GetState();
        Assert.Equal("ab", s_table.Sample(s_letters, rng, new(temperature: 0)));
        Assert.Equal(before, rng.GetState());
    }

    [Theory]
    [InlineData(1e-3)]
    [InlineData(1e-44)]
    [InlineData(double.Epsilon)]
    public void A_temperature_near_0_takes_the_likeliest(double temperature)
    {
        var rng = new TorchRandom(1);
        for (int i = 0; i < 20; i++) Assert.Equal("ab", s_table.Sample(s_letters, rng, new(temperature)));
    }

    [Theory]
    [InlineData(1e30)]
    [InlineData(double.MaxValue)]
    public void A_temperature_beyond_measure_takes_all_alike(double temperature)
    {
        var rng = new TorchRandom(1);
        int ends = Enumerable.Range(0, 2000).Count(_ => s_table.Sample(s_letters, rng, new(temperature)).Length == 0);
        Assert.InRange(ends, 500 - 80, 500 + 80);
    }

    [Fact]
    public void A_prefix_is_kept_and_gone_on_from()
    {
        Assert.Equal("caab", s_table.Sample(s_letters, new TorchRandom(1), new(temperature: 0), "caa"));
        var mlp = new NgramMlp(new(Context: 5, Width: 2, Hidden: 4), 4, new TorchRandom(1));
        Assert.StartsWith("abcabcabc", mlp.Sample(s_letters, new TorchRandom(1), prefix: "abcabcabc"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_prefix_that_cannot_be_is_one_sentence()
    {
        Assert.Equal("sample: the prefix 'aé' holds 'é', which the model does not know: use abc", Refused("aé"));
        Assert.Equal("sample: the prefix 'a.b' holds '.', which marks the end: leave it out", Refused("a.b"));
        Assert.Equal("sample: the prefix has 100 characters: give fewer than 100", Refused(new string('a', 100)));
        static string Refused(string prefix) =>
            Assert.ThrowsAny<ArgumentException>(() => s_table.Sample(s_letters, new TorchRandom(1), prefix: prefix))
                .Message;
    }

    [Fact]
    public void A_model_that_never_ends_ends_at_a_hundred_characters() =>
        Assert.Equal(new string('c', LanguageModel.Longest),
            s_table.Sample(s_letters, new TorchRandom(1), prefix: "c"));

    [Fact]
    public void Drawing_uses_running_statistics_and_leaves_the_model_as_it_was()
    {
        var model = new NgramMlp(new(Context: 2, Width: 2, Hidden: 4), 4, new TorchRandom(1));
        float[] before = [.. model.StateDict().Values.SelectMany(x => x.ToArray<float>())];
        model.Sample(s_letters, new TorchRandom(1));
        Assert.True(model.Training);
        Assert.Equal(before, model.StateDict().Values.SelectMany(x => x.ToArray<float>()));
        Assert.ThrowsAny<ArgumentException>(
            () => model.Sample(new Vocabulary(".ab"), new TorchRandom(1), new(temperature: 0), "z"));
        Assert.True(model.Training);
        model.Eval();
        model.Sample(s_letters, new TorchRandom(1));
        Assert.False(model.Training);
    }

    static Bigram Table(params float[] logits)
    {
        var model = new Bigram(4, new TorchRandom(1));
        model.LoadStateDict([KeyValuePair.Create("logits.weight", Tensor.From(logits, [4, 4]))]);
        return model;
    }

    [Fact]
    public void A_text_is_gone_on_with_as_far_as_one_asks()
    {
        var rng = new TorchRandom(1);
        Assert.Equal([1, 2, 0, 1, 2], s_table.GenerateIds([0], rng, new(temperature: 0)).Take(5));
        Assert.Equal([3, 3], s_table.GenerateIds([0, 1, 3], rng, new(temperature: 0)).Take(2));
        Assert.Equal("continue: there is nothing to go on from: give one id or more",
            Assert.ThrowsAny<ArgumentException>(() => s_table.GenerateIds([], rng)).Message);
    }

    [Fact]
    public void A_text_goes_on_from_its_prefix_or_as_after_a_line()
    {
        var letters = new Vocabulary("a\nbc");
        var rng = new TorchRandom(1);
        // after '\n' comes b
        Assert.Equal("ba\n", string.Concat(s_table.Generate(letters, rng, new(temperature: 0)).Take(3)));
        Assert.Equal("a\n", string.Concat(s_table.Generate(letters, rng, new(temperature: 0), "c\nb").Take(2)));
        // no line: after the first character
        Assert.Equal("ab", string.Concat(s_table.Generate(s_letters, rng, new(temperature: 0)).Take(2)));
        Assert.Equal("sample: the prefix holds 'é', which the model does not know: use abc", Refused("aé"));
        Assert.Equal("sample: the prefix holds '\\t', which the model does not know: use abc", Refused("\t"));
        string Refused(string prefix) =>
            Assert.ThrowsAny<ArgumentException>(() => s_table.Generate(letters, rng, prefix: prefix)).Message;
    }

    [Fact]
    public void A_character_beyond_ffff_is_drawn_whole_and_may_begin_a_text()
    {
        var letters = new Vocabulary("\n🦊b😀");
        var rng = new TorchRandom(1);
        Assert.Equal(["🦊", "b", "\n"],
            s_table.Generate(letters, rng, new(temperature: 0)).Take(3).Select(c => c.ToString()));
        Assert.Equal("😀🦊🦊b", s_table.Sample(letters, rng, new(temperature: 0), "😀🦊🦊"));
        Assert.Equal(2 * LanguageModel.Longest, s_table.Sample(letters, rng, prefix: "😀").Length);
        Assert.Equal("sample: the prefix '🐉' holds '🐉', which the model does not know: use 🦊b😀",
            Assert.ThrowsAny<ArgumentException>(() => s_table.Sample(letters, rng, prefix: "🐉")).Message);
    }

    [Fact]
    public void The_loss_over_data_is_the_mean_over_all_characters_that_count_and_the_mode_stays()
    {
        var model = new RnnModel(new(4, 3, 5), 7, new TorchRandom(1));
        // Three thousand rows, of which every third has one target and the others have four.
        var x = Ids.Random([3000, 4], 0, 7, new TorchRandom(2));
        int[] y = Ids.Random([3000, 4], 0, 7, new TorchRandom(3)).Span.ToArray();
        for (int i = 0; i < 3000; i += 3) y.AsSpan(4 * i + 1, 3).Fill(-1);
        var targets = Ids.From(y, [3000, 4]);
        Assert.Equal(model.Forward(x).CrossEntropy(targets).Item(), model.Loss(new(x, targets)), 1e-5);
        Assert.True(model.Training);
        Assert.Equal("loss: there is nothing to predict: give windows, and what should follow",
            Assert.ThrowsAny<ArgumentException>(
                () => model.Loss(new(x, Ids.From([.. Enumerable.Repeat(-1, 12_000)], [3000, 4])))).Message);
    }
}
