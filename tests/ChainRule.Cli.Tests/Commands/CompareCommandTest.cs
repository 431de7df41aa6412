namespace ChainRule.Cli.Tests.Commands;

public sealed class CompareCommandTest : IDisposable
{
    readonly SmallTraining _small = new();

    public void Dispose() => _small.Dispose();

    [Fact]
    public void It_shows_what_was_changed_and_what_that_did()
    {
        _small.Train("one", 4, "--seed", "7");
        _small.Train("two", 4, "--seed", "8");
        _small.Train("three", 6, "--seed", "8", "--model", "bigram");

        string[] lines = _small.Run("compare", "one", "two").Well().Lines;
        Assert.Equal("                one                         two", lines[0]);
        Assert.Equal("seed            7                           8", lines[1]);
        Assert.Matches(@"^training loss   \d\.\d{4} +\d\.\d{4}$", lines[2]);
        Assert.Equal("Only the seed was changed: the difference in loss is chance, and another setting has to make a "
            + "larger one to count.", lines[^1]);

        lines = _small.Run("compare", "two", "three").Well().Lines;
        Assert.Contains("model           mlp                         bigram", lines);
        Assert.Contains("steps           4                           6", lines);
        Assert.Contains("hidden          200                         –", lines);
        Assert.EndsWith("things were changed: which of them made the difference cannot be said; change one at a time.",
            lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void One_setting_is_a_cause_and_with_the_seed_beside_it_chance_is_said()
    {
        _small.Train("one", 4, "--seed", "7");
        _small.Train("longer", 6, "--seed", "7");
        _small.Train("both", 6, "--seed", "8");
        Assert.Equal(
            "One thing was changed, steps: the difference in loss is its doing, or that of chance; another seed tells.",
            _small.Run("compare", "one", "longer").Well().Lines[^1]);
        Assert.Equal("steps was changed, and the seed: how much of the difference in loss is chance cannot be said; "
            + "compare runs of one seed, and then of several.",
            _small.Run("compare", "one", "both").Well().Lines[^1]);
    }

    [Fact]
    public void Whatever_was_turned_is_shown()
    {
        _small.Train("one", 4);
        _small.Train("faster", 4, "--learning-rate", "0.01");
        _small.Train("other", 4, "--optimizer", "sgd", "--batch-size", "16", "--set", "width=8", "--dropout", "0.25");
        string[] lines = _small.Run("compare", "one", "faster").Well().Lines;
        Assert.Equal("learningRate    0.004                       0.01", lines[1]);
        Assert.Equal("One thing was changed, learningRate: the difference in loss is its doing, or that of chance; "
            + "another seed tells.", lines[^1]);
        lines = _small.Run("compare", "one", "other").Well().Lines;
        Assert.Equal(["batchSize       128                         16",
            "optimizer       adamw                       sgd", "beta2           0.999                       none",
            "width           16                          8", "dropout         0                           0.25"],
                lines[1..6]);
        Assert.StartsWith("training loss", lines[6], StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_settings_are_called_the_same() =>
        Assert.StartsWith("Their settings are the same", Same(), StringComparison.Ordinal);

    [Fact]
    public void What_is_no_run_is_refused() =>
        Assert.Equal("gone: there is no such folder: give one "
            + "that 'chainrule train', 'fit', 'map' or 'recommend fit' wrote",
            _small.Run("compare", "gone", "gone").Refused(1));

    string Same()
    {
        _small.Train("run", 4);
        return _small.Run("compare", "run", "run").Well().Lines[^1];
    }
}
