using ChainRule.Randomness;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Settings;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tests.Recipes;

public sealed class RecipeTest
{
    public static TheoryData<string> Names { get; } = [.. Recipe.Of(TaskKind.Names).Keys];

    [Fact]
    public void Recipes_are_in_order_each_under_its_own_name()
    {
        Assert.Equal(["bigram", "bow", "counts", "gpt", "gru", "lstm", "mlp", "rnn", "wavenet"],
            Recipe.Of(TaskKind.Names).Keys);
        Assert.All(Recipe.Of(TaskKind.Names), named => Assert.Equal(named.Key, named.Value.Name));
    }

    [Fact]
    public void A_name_that_is_none_is_one_sentence_that_lists_those_there_are()
    {
        var e = Assert.ThrowsAny<ArgumentException>(() => Recipe.Find(TaskKind.Names, "gpt9"));
        Assert.Equal(
            $"model 'gpt9': there is no such model: choose one of {string.Join(", ", Recipe.Of(TaskKind.Names).Keys)}",
            e.Message);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_it_saves_builds_the_same_model_again(string name)
    {
        var recipe = Recipe.Find(TaskKind.Names, name);
        foreach (var sizes in (ModelOptions[])[recipe.For(TaskKind.Names).Sizes,
            recipe.For(TaskKind.Text).Sizes, recipe.Tiny])
        {
            Assert.Equal(sizes, recipe.Read(recipe.Write(sizes)));
            var (one, two) = (recipe.Build(sizes, new([1], 27), new TorchRandom(3)),
                recipe.Build(recipe.Read(recipe.Write(sizes)), new([1], 27), new TorchRandom(3)));
            Assert.Equal(one.StateDict().Keys, two.StateDict().Keys);
            Assert.All(one.StateDict(),
                named => Assert.Equal(named.Value.ToArray<float>(), two.StateDict()[named.Key].ToArray<float>()));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_first_loss_is_the_expected_initial_loss(string name)
    {
        var recipe = Recipe.Find(TaskKind.Names, name);
        foreach (ulong seed in (ulong[])[1, 2, 42])
        {
            var model = (LanguageModel)recipe.Build(recipe.For(TaskKind.Names).Sizes, new([1], 27),
                new TorchRandom(seed));
            var (x, y) = Zoo.Datasets.Names.Embedded()
                .Batches(model.Context, model.PredictsEveryPosition,
                    recipe.For(TaskKind.Names).Training.BatchSize, seed).Next();
            Assert.Equal(Math.Log(27), model.Forward(x).CrossEntropy(y).Item(), 0.05);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_schedule_fits_any_number_of_steps(string name)
    {
        var recipe = Recipe.Find(TaskKind.Names, name);
        foreach (int steps in (int[])[0, 1, 2, 3, 100, recipe.For(TaskKind.Names).Steps])
        {
            var schedule = recipe.For(TaskKind.Names).Training.CreateSchedule(steps);
            for (int step = 0; step < steps; step++) Assert.True(schedule.LearningRate(step) is >= 0 and < 1);
        }
    }

    [Fact]
    public void Sizes_that_cannot_be_read_are_one_sentence()
    {
        foreach (string options in (string[])["", "{", "null", "[]", "{\"Context\":\"six\"}", "{\"Contxt\":6}"])
        {
            var e = Assert.Throws<InvalidDataException>(() => Recipe.Find(TaskKind.Names, "mlp").Read(options));
            const string Sizes = """{"Context":6,"Width":16,"Hidden":200,"Norm":true,"Blank":false,"Dropout":0}""";
            Assert.Equal($"model mlp: its sizes cannot be read from {options}: give JSON such as {Sizes}", e.Message);
        }
    }

    [Fact]
    public void Sizes_are_those_that_were_saved_not_todays_defaults()
    {
        var model = Recipe.Find(TaskKind.Names, "mlp")
            .Build(Recipe.Find(TaskKind.Names, "mlp").Read("{\"Context\":2,\"Width\":3,\"Hidden\":5}"), new([1], 27),
            new TorchRandom(1));
        Assert.Equal<Shape>([5, 6], model.StateDict()["hidden.weight"].Shape);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_tiny_model_is_small_enough_for_a_gradient_check(string name)
    {
        var recipe = Recipe.Find(TaskKind.Names, name);
        Assert.InRange(recipe.Build(recipe.Tiny, new([1], 27), new TorchRandom(1)).ParameterCount, 50, 1000);
    }

    /// <summary>
    /// In evaluation mode dropout changes nothing, and its generator moves no other number: with the same parameters
    /// the loss is the same.
    /// </summary>
    [Theory]
    [InlineData("bow")]
    [InlineData("gpt")]
    [InlineData("gru")]
    [InlineData("lstm")]
    [InlineData("mlp")]
    [InlineData("rnn")]
    [InlineData("wavenet")]
    public void A_model_with_dropout_drops_in_training_alone(string name)
    {
        var recipe = Recipe.Find(TaskKind.Names, name);
        var with = Setting.With(recipe.Tiny, new Dictionary<string, object?> { ["dropout"] = 0.5 });
        var plain = (LanguageModel)recipe.Build(recipe.Tiny, new([1], 27), new TorchRandom(5));
        var dropping = (LanguageModel)recipe.Build(with, new([1], 27), new TorchRandom(5));
        Assert.Equal(plain.Parameters().Select(p => p.ToArray<float>()),
            dropping.Parameters().Select(p => p.ToArray<float>()));
        var (x, y) = Zoo.Datasets.Names.Embedded().Batches(plain.Context, plain.PredictsEveryPosition, 16, 5).Next();
        double Loss(LanguageModel model) => model.Forward(x).CrossEntropy(y).Item();
        plain.Eval();
        dropping.Eval();
        Assert.Equal(Loss(plain), Loss(dropping));
        dropping.Train();
        double first = Loss(dropping);
        Assert.NotEqual(first, Loss(dropping));
    }

    [Fact]
    public void A_recipe_has_a_plan_for_each_kind_of_data()
    {
        var gpt = Recipe.Find(TaskKind.Names, "gpt");
        Assert.Same(gpt, Recipe.Find(TaskKind.Text, "gpt"));
        Assert.Equal([TaskKind.Names, TaskKind.Text], gpt.Tasks);
        Assert.NotEqual(gpt.For(TaskKind.Names), gpt.For(TaskKind.Text));
    }

    [Fact]
    public void What_is_nothing_is_not_written_and_choices_are_written_by_name() => Assert.Equal(
        """{"Context":64,"Width":128,"Layers":4,"Heads":4,"Dropout":0,"Bias":false,"TiedHead":true,"HeadBias":false,"""
        + "\"Activation\":\"Gelu\",\"Start\":\"Gpt2\"}",
        Recipe.Find(TaskKind.Names, "gpt").Write(Recipe.Find(TaskKind.Names, "gpt").For(TaskKind.Text).Sizes));
}
