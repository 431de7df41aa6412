using ChainRule.Tests;
using ChainRule.Zoo.Experiments;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tests.Runs;

namespace ChainRule.Zoo.Tests.Experiments;

public sealed class ExperimentFindingsTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    ExperimentResult Run(string json, string name = "run") =>
        Experiment.Read(_folder.Write("mine.json", json)).Run(_folder.PathOf(name));

    [Fact]
    public void Equal_differences_of_two_seeds_are_not_tested_and_two_seeds_are_said_to_be_few()
    {
        // The best of no steps is the first, of one the second, whatever the seed: differences of exactly 1.
        var result = Run("""
            { "task": "table", "seeds": 2, "metric": "best step",
              "base": { "drawn": "moons", "rows": 400, "model": "dense", "steps": 1 }, "changes": [ { "steps": 0 } ] }
            """);
        Assert.Equal(["steps=0: the difference in best step is -1.0000 with every seed, and cannot be tested: "
            + "differences that are all the same do not show how much is chance; give more seeds, or a metric that is "
            + "not counted, such as the validation loss.",
            "Warning: 2 seeds are few: a test over 2 finds large differences alone; give \"seeds\": 5."],
            result.Findings);
        Assert.Equal((false, "-1.0000", "–", "–"), (result.Variants[1].Differs,
            ExperimentResult.Difference(result.Variants[1])[0], ExperimentResult.Difference(result.Variants[1])[1],
            ExperimentResult.Difference(result.Variants[1])[2]));
    }

    [Theory]
    [InlineData("training loss deviation", "it needs two evaluations or more in the second half of the steps")]
    [InlineData("log10 gradient ratio", "it needs a step and two layers")]
    [InlineData("last training loss", "it needs a step")]
    public void What_was_not_measured_is_no_divergence(string metric, string needs)
    {
        var result = Run($$"""
            { "task": "table", "seeds": 3, "metric": "{{metric}}",
              "base": { "drawn": "moons", "rows": 400, "model": "dense", "steps": 20, "evalEvery": 2 },
              "changes": [ { "steps": 0 } ] }
            """);
        Assert.Equal((0, 3), (result.Variants[1].Diverged, result.Variants[1].NotMeasured));
        Assert.Equal($"steps=0: the {metric} of every run was not measured: {needs}.", Assert.Single(result.Findings));
    }

    [Fact]
    public void A_run_whose_evaluations_were_emptied_did_not_diverge()
    {
        const string Asked = """
            { "task": "table", "seeds": 3, "metric": "last validation loss",
              "base": { "drawn": "moons", "rows": 400, "model": "dense", "steps": 5 } }
            """;
        var result = Run(Asked);
        File.WriteAllText(Path.Combine(result.FoldersOf(0)[1], "metrics.jsonl"), "\n");
        result = Run(Asked);
        Assert.Equal((0, 1), (result.Variants[0].Diverged, result.Variants[0].NotMeasured));
        Assert.Equal("base: the last validation loss of 1 of 3 runs was not measured, or is not finite.",
            result.Findings[0]);
    }

    [Fact]
    public void Losses_of_other_problems_are_not_compared()
    {
        var result = Run("""
            { "task": "sequences", "seeds": 2, "base": { "model": "rnn", "hidden": 4, "steps": 2, "count": 50 },
              "grid": { "problem": ["copy", "parity"] } }
            """);
        Assert.Equal("problem=parity learns another problem than the base (problem=parity): its validation loss cannot "
            + "be compared with the base's.", result.Findings[0]);
        Assert.Null(result.Variants[1].Test);
        result = Run("""
            { "task": "table", "seeds": 2, "base": { "drawn": "moons", "rows": 400, "model": "dense", "steps": 2 },
              "changes": [ { "drawn": "wave" } ] }
            """, "waves");
        Assert.Equal("drawn=wave learns another problem than the base (drawn=wave): its validation loss cannot be "
            + "compared with the base's.", result.Findings[0]);
    }

    [Fact]
    public void Few_examples_to_validate_with_are_warned_of_and_one_difference_is_not_called_the_largest()
    {
        var result = Run("""
            { "task": "table", "seeds": 3, "base": { "drawn": "moons", "rows": 100, "model": "dense", "steps": 20 },
              "changes": [ { "hidden": 60 } ] }
            """);
        Assert.Equal("Warning: 10 examples are few to validate with: what is measured on them may be otherwise on "
            + "others; give more data, or a larger \"validation\".", result.Findings[^1]);
        Assert.DoesNotContain(result.Findings, one => one.Contains("largest difference", StringComparison.Ordinal));
    }

    [Fact]
    public void Seeds_and_variants_can_be_added_and_the_metric_changed_and_no_run_is_made_twice()
    {
        using var small = new SmallRun();
        var asked = new Experiment("rates", small.Config(model: "bigram", steps: 20)).Vary("learningRate", 0.5)
            .WithSeeds(2);
        string folder = small.PathOf("rates");
        var before = asked.Run(folder);
        var written = Written();
        var after = asked.Vary("learningRate", 0.001).WithSeeds(3).WithMetric(new("perplexity")).Run(folder);
        Assert.Equal(9, after.Outcomes.Count);
        Assert.All(written, one => Assert.Equal(one.Value, File.GetLastWriteTimeUtc(one.Key)));
        foreach (var run in asked.Runs) Assert.True(asked.IsFinished(run, folder));
        Assert.NotEqual(before.Variants[1].Mean, after.Variants[1].Mean);

        Dictionary<string, DateTime> Written() => Directory.GetFiles(folder, "summary.json",
            SearchOption.AllDirectories).ToDictionary(file => file, File.GetLastWriteTimeUtc);
    }

    [Fact]
    public void A_second_process_is_told_of_the_first()
    {
        using var small = new SmallRun();
        var asked = new Experiment("rates", small.Config(model: "bigram", steps: 20)).WithSeeds(2);
        string folder = small.PathOf("rates"), second = "";
        asked.Run(folder, parallel: 1, new Told(_ => second = Assert.Throws<IOException>(() => asked.Run(folder))
            .Message));
        Assert.EndsWith("rates: another process works on this experiment now: wait for its end, or stop it; or choose "
            + "another --out", second, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder, "run.lock")));
    }

    [Fact]
    public void The_folder_of_an_experiment_names_the_runs_in_it()
    {
        using var small = new SmallRun();
        var result = new Experiment("Two, of: mine", small.Config(model: "bigram", steps: 5)).WithSeeds(2)
            .Run(small.PathOf("two"));
        Assert.Equal("experiment-Two__of__mine", result.Experiment.FolderName);
        Assert.EndsWith($"two: this folder holds no run (no run.json): there are runs below it: give one of them, such "
            + $"as {result.FoldersOf(0)[0]}", Assert.Throws<InvalidDataException>(() => RunFolder.Open(result.Folder))
            .Message, StringComparison.Ordinal);
    }

    sealed class Told(Action<ExperimentProgress> told) : IProgress<ExperimentProgress>
    {
        public void Report(ExperimentProgress value) => told(value);
    }
}
