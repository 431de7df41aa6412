using ChainRule.Tests;
using ChainRule.Zoo.Experiments;

namespace ChainRule.Zoo.Tests.Experiments;

public sealed class ExperimentFileTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    Experiment Read(string json) => Experiment.Read(_folder.Write("mine.json", json));

    [Fact]
    public void A_grid_is_every_combination_and_a_change_is_one_variant()
    {
        var experiment = Read("""
            {
                // What is compared with what.
                "name": "Both", "task": "names", "metric": "perplexity", "seeds": [1, 2],
                "base": { "model": "mlp", "steps": 10, "hidden": 20 },
                "grid": { "learningRate": [0.01, 0.1], "dropout": [0, 0.2] },
                "changes": [ { "name": "wide and slow", "hidden": 40, "learningRate": 0.001 } ],
            }
            """);
        Assert.Equal(("Both", "perplexity"), (experiment.Name, experiment.Metric.Name));
        Assert.Equal([1ul, 2], experiment.Seeds);
        Assert.Equal(["base", "learningRate=0.01 dropout=0", "learningRate=0.01 dropout=0.2",
            "learningRate=0.1 dropout=0", "learningRate=0.1 dropout=0.2", "wide and slow"],
            experiment.Variants.Select(one => one.Name));
        Assert.All(experiment.Variants, one => Assert.Equal(10, one.Config.Steps));
        Assert.Equal((0.1, 0.001), (experiment.Variants[4].Config.Training.LearningRate,
            experiment.Variants[5].Config.Training.LearningRate));
    }

    [Fact]
    public void The_name_is_that_of_the_file_and_the_seed_is_42_unless_said()
    {
        var experiment = Read("""{ "task": "names", "changes": [ { "learningRate": 0.5 } ], "seeds": 2 }""");
        Assert.Equal("mine", experiment.Name);
        Assert.Equal([42ul, 43], experiment.Seeds);
        Assert.Equal("validation loss", experiment.Metric.Name);
    }

    [Theory]
    [InlineData("{}", "there is no task: give \"task\" as one of names, text, images, ")]
    [InlineData("""{ "task": "nams" }""", "task 'nams': choose one of names, ")]
    [InlineData("""{ "task": "names", "grids": {} }""",
        "'grids' is not known here: did you mean 'grid'? There are name, ")]
    [InlineData("""{ "task": "names", "grid": { "dropout": 0.5 } }""",
        "grid: dropout has no list of values: give one such as [0.1, 0.01]")]
    [InlineData("""{ "task": "names", "changes": {} }""", "changes is no list: give it as [{ \"dropout\": 0.2 }]")]
    [InlineData("""{ "task": "names", "changes": [ 3 ] }""", "change 1 is no object of settings: ")]
    [InlineData("""{ "task": "names", "changes": [ { "name": "none" } ] }""",
        "change 1 changes nothing: give it a setting")]
    [InlineData("""{ "task": "names", "changes": [ { "seed": 7 } ] }""",
        "seed=7: a seed is no setting to compare: give \"seeds\" beside it")]
    [InlineData("""{ "task": "names", "base": { "widht": 7 } }""",
        "base: model mlp has no setting 'widht': did you mean width? ")]
    [InlineData("""{ "task": "names", "changes": [ { "dropout": 2 } ] }""",
        "dropout=2: dropout 2: give a number in [0, 1)")]
    [InlineData("""{ "task": "names", "seeds": "many" }""",
        "seeds \"many\": give how many, or a list of whole numbers")]
    [InlineData("""{ "task": "names", "seeds": 0 }""", "0 seeds: give 1 to 10,000")]
    [InlineData("""{ "task": "names", "metric": 3 }""", "metric 3: give a text")]
    [InlineData("""{ "task": "names", "changes": [ { "name": "a", "width": 4 }, { "name": "a", "width": 5 } ] }""",
        "'a' is the name of two variants: give each its own")]
    [InlineData("""{ "task": "names", "grid": { "learningRate": [0.1, 0.5, 1e-1] } }""",
        "grid: learningRate has 0.1 twice: give each value once")]
    [InlineData("""{ "task": "names", "grid": { "optimizer": ["sgd", "sgd"] } }""",
        "grid: optimizer has \"sgd\" twice: give each value once")]
    [InlineData("""{ "task": "names", "changes": [ { "clipNorm": null } ] }""",
        "clipNorm=none: its settings are those of the base: leave it out, or change another setting")]
    [InlineData("""{ "task": "names", "changes": [ { "dropout": 0.5 }, { "name": "again", "dropout": 0.5 } ] }""",
        "again: its settings are those of the variant 'dropout=0.5': leave it out, or change another setting")]
    [InlineData("""{ "task": "names", "pretrain": 3 }""", "pretrain is no object of settings: ")]
    [InlineData("""{ "task": "names", "pretrain": { "widht": 7 } }""",
        "pretrain: model mlp has no setting 'widht': did you mean width? ")]
    [InlineData("[]", "this is JSON, but no object of settings: ")]
    [InlineData("{ \"task\": ", "this is no JSON (line 1): ")]
    public void What_is_no_experiment_is_refused_in_a_sentence(string json, string says)
    {
        var refused = Assert.ThrowsAny<Exception>(() => Read(json));
        Assert.True(refused is ArgumentException or InvalidDataException, $"{refused}");
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void Tables_which_begin_with_no_other_weights_offer_no_settings_for_it()
    {
        string refused = Assert.Throws<ArgumentException>(() =>
            Read("""{ "task": "table", "base": { "drawn": "moons" }, "changes": [ { "frm": "x" } ] }""")).Message;
        Assert.DoesNotContain(" from", refused, StringComparison.Ordinal);
        Assert.DoesNotContain("freeze", refused, StringComparison.Ordinal);
        Assert.Contains(" freeze", Assert.Throws<ArgumentException>(() => Read(
            """{ "task": "names", "changes": [ { "unknown": 1 } ] }""")).Message, StringComparison.Ordinal);
        Assert.EndsWith("pretrain: models of table are trained from the beginning, and as a whole: leave it out",
            Assert.Throws<ArgumentException>(() => Read("""
                { "task": "table", "base": { "drawn": "moons" }, "pretrain": { "steps": 5 } }
                """).Check()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() => Assert.EndsWith(
        "none.json: there is no such file: give a file of JSON with a task, a base and changes, as in "
            + "docs/experiments.md",
        Assert.Throws<FileNotFoundException>(() => Experiment.Read(_folder.PathOf("none.json"))).Message,
        StringComparison.Ordinal);
}
