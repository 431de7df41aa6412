using ChainRule.Tests;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tests.Runs;

public sealed class RunConfigTest : IDisposable
{
    const string OfMlp = "data, seed, steps, from, batchSize, learningRate, schedule, optimizer, weightDecay, "
        + "weightDecayOn, beta2, momentum, clipNorm, evalEvery, patience, l1, freeze, shards, recompute, context, "
        + "width, hidden, norm, blank, dropout";

    readonly TemporaryFolder _folder = new();

    public static TheoryData<TaskKind, string> Recipes
    {
        get
        {
            var data = new TheoryData<TaskKind, string>();
            foreach (var kind in Enum.GetValues<TaskKind>()) foreach (string name in Recipe.Of(kind).Keys)
                data.Add(kind, name);
            return data;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Printed_and_taken_back_it_is_the_same(TaskKind kind, string model)
    {
        var config = RunConfig.Resolve(kind, model, null, []);
        var back = RunConfig.Resolve(kind, "bigram", File(config.ToJson()), []);
        Assert.Equal(config, back);
        Assert.Equal(config.ToJson(), back.ToJson());
        var plan = Recipe.Find(kind, model).For(kind);
        int most = kind == TaskKind.Table ? 100 : 1000;
        Assert.Equal((plan.Steps, plan.Sizes, plan.Training.Complete(plan.Steps, most)),
            (config.Steps, config.Sizes, config.Training));
    }

    [Fact]
    public void With_everything_changed_it_comes_back_too()
    {
        var changed = Resolve("gpt", null, "seed=7", "steps=10", "data=my names.txt", "batchSize=3",
            "learningRate=1e-5", "schedule=constant", "optimizer=sgd", "weightDecay=0", "weightDecayOn=all",
            "momentum=0.9", "clipNorm=none", "evalEvery=2", "context=5", "width=6", "layers=1", "heads=3",
            "dropout=0.1", "bias=false", "qkvBias=true", "tiedHead=true", "activation=relu", "scale=0.25",
            "start=torch");
        Assert.Equal(new TrainingSettings(3, 1e-5, ScheduleKind.Constant, OptimizerKind.Sgd, 0, DecayedParameters.All,
            null, 0.9, null, 2), changed.Training);
        Assert.Equal(new GptOptions(5, 6, 1, 3, 0.1, false, true, true, false, GptActivation.Relu, 0.25,
            GptStart.Torch), changed.Sizes);
        Assert.Equal(changed, Resolve("mlp", changed.ToJson()));
    }

    [Fact]
    public void An_option_stands_over_the_file_and_the_file_over_the_recipe()
    {
        const string File = """{"width": 20, "hidden": 30, "learning-rate": 0.5}""";
        var config = Resolve("mlp", File, "width=10");
        Assert.Equal(new NgramMlpOptions(Width: 10, Hidden: 30), config.Sizes);
        Assert.Equal(0.5, config.Training.LearningRate);
        Assert.Equal(128, config.Training.BatchSize);
        Assert.Equal("gru", Resolve("mlp", """{"model": "gru"}""").Model);
        Assert.Equal("lstm",
            RunConfig.Resolve(TaskKind.Names, "mlp", this.File("""{"model": "gru"}"""),
                [new("--model", "model", "lstm")]).Model);
    }

    [Fact]
    public void An_optimiser_on_the_command_line_takes_the_place_of_that_of_the_file_with_all_it_had()
    {
        const string File = """{"optimizer": "sgd", "momentum": 0.9}""";
        Assert.Equal((OptimizerKind.AdamW, 0.0, 0.999), Of(Resolve("mlp", File, "optimizer=adamw")));
        Assert.Equal((OptimizerKind.Sgd, 0.5, null), Of(Resolve("mlp", File, "momentum=0.5")));
        Assert.Equal((OptimizerKind.RmsProp, 0.9, null), Of(Resolve("mlp", File, "optimizer=rmsprop")));
        static (OptimizerKind, double, double?) Of(RunConfig config) =>
            (config.Training.Optimizer, config.Training.Momentum, config.Training.Beta2);
    }

    [Theory]
    [InlineData("mlp", "widht=64",
        "--set widht=64: model mlp has no setting 'widht': did you mean width? There are " + OfMlp)]
    [InlineData("mlp", "colour=red", "--set colour=red: model mlp has no setting 'colour': there are " + OfMlp)]
    [InlineData("mlp", "heads=2", "--set heads=2: model mlp has no setting 'heads' (gpt has it): there are " + OfMlp)]
    [InlineData("bigram", "dropout=0.1",
        "--set dropout=0.1: model bigram has no setting 'dropout' (bow, gpt, gru, lstm, mlp, rnn, wavenet have it): "
        + "there are data, seed, steps, from, batchSize, learningRate, "
        + "schedule, optimizer, weightDecay, weightDecayOn, beta2, momentum, clipNorm, evalEvery, patience, l1, "
        + "freeze, shards, recompute")]
    [InlineData("mlp", "width=0", "--set width=0: give a whole number from 1 to 65,536")]
    [InlineData("mlp", "width=abc", "--set width=abc: give a whole number from 1 to 65,536")]
    [InlineData("mlp", "dropout=1.5", "--set dropout=1.5: give a number in [0, 1)")]
    [InlineData("mlp", "optimizer=adem", "--set optimizer=adem: give one of adamw, adam, sgd, rmsprop, adagrad")]
    [InlineData("mlp", "momentum=0.9", "train: momentum 0.9: adamw has none: take sgd or rmsprop, or leave it out")]
    [InlineData("gpt", "width=65", "gpt: width 65, heads 4: give a width that is a multiple of the heads")]
    [InlineData("wavenet", "context=6", "wavenet: context 6: give 2, 4, 8 or another power of 2")]
    public void An_option_that_cannot_be_is_one_sentence(string model, string set, string says) =>
        Assert.Equal(says, Refused(() => Resolve(model, null, set)));

    [Fact]
    public void A_setting_is_given_once() =>
        Assert.Equal("--set batch-size=6: --set batchSize=5 sets the same: give one of them",
            Refused(() => Resolve("mlp", null, "batchSize=5", "batch-size=6")));

    [Theory]
    [InlineData("""{"lerningRate": 0.1}""",
        "model mlp has no setting 'lerningRate': did you mean learningRate? There are " + OfMlp)]
    [InlineData("""{"width": "64"}""", "width \"64\": give a whole number from 1 to 65,536")]
    [InlineData("""{"width": 1.5}""", "width 1.5: give a whole number from 1 to 65,536")]
    [InlineData("""{"norm": 1}""", "norm 1: give true or false")]
    [InlineData("""{"optimizer": "adem"}""", "optimizer \"adem\": give one of adamw, adam, sgd, rmsprop, adagrad")]
    [InlineData("""{"model": "gpt9"}""",
        "model \"gpt9\": give one of bigram, bow, counts, gpt, gru, lstm, mlp, rnn, wavenet")]
    [InlineData("""{"model": 7}""", "model 7: give one of bigram, bow, counts, gpt, gru, lstm, mlp, rnn, wavenet")]
    [InlineData("""{"kind": "text"}""", "kind text: this is the config of a run on text: take 'train text'")]
    public void A_setting_of_a_file_that_cannot_be_is_one_sentence_with_the_files_name(string json, string says) =>
        Assert.Equal($"config {_folder.PathOf("c.json")}: {says}", Refused(() => Resolve("mlp", json)));

    RunConfig Resolve(string model, string? json, params string[] sets) =>
        RunConfig.Resolve(TaskKind.Names, model, json is null ? null : File(json),
        [.. sets.Select(set => new GivenSetting($"--set {set}", set.Split('=')[0], set.Split('=')[1]))]);

    ConfigFile File(string json) => ConfigFile.Read(_folder.Write("c.json", json));

    static string Refused(Func<RunConfig> resolve) => Assert.ThrowsAny<ArgumentException>(resolve).Message;
}
