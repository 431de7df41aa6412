using System.Text.Json;
using ChainRule.Kernels;
using ChainRule.Zoo.Experiments;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tests.Runs;

namespace ChainRule.Zoo.Tests.Experiments;

public sealed class ExperimentTest : IDisposable
{
    readonly SmallRun _small = new();

    public void Dispose() => _small.Dispose();

    Experiment Base => new("rates", _small.Config(model: "bigram", steps: 20));

    Experiment Small => Base.Vary("learningRate", 0.001, 0.5, 0.05).WithSeeds(3);

    [Fact]
    public void Values_of_a_setting_are_variants_and_the_bases_own_is_the_base()
    {
        Assert.Equal(["base", "learningRate=0.001", "learningRate=0.5"], Small.Variants.Select(one => one.Name));
        Assert.Equal([42ul, 43, 44], Small.Seeds);
        Assert.Equal(9, Small.Runs.Count);
        Assert.Equal(Path.Combine("001-learningRate=0.001", "seed-43"),
            Small.Runs.Single(run => run is { Variant: 1, Seed: 43 }).Folder);
    }

    [Fact]
    public void Its_runs_are_those_that_are_made_alone_however_many_are_made_at_once()
    {
        var one = Small.Run(_small.PathOf("one"), parallel: 1);
        var three = Small.Run(_small.PathOf("three"), parallel: 3);
        Assert.Equal(one.Variants.SelectMany(variant => variant.Values),
            three.Variants.SelectMany(variant => variant.Values));
        var config = Small.Variants[0].Config with { Seed = 43 };
        var run = TrainingRun.Start(_small.PathOf("by hand"), config);
        run.Train();
        run.Finish();
        Assert.Equal(SmallRun.Bits(_small.PathOf("by hand")), SmallRun.Bits(three.FoldersOf(0)[1]));
    }

    [Fact]
    public void What_differs_by_more_than_its_seeds_is_said_with_a_paired_test()
    {
        var result = Small.Run(_small.PathOf("rates"));
        var (low, high) = (result.Variants[1], result.Variants[2]);
        Assert.True(low.Differs && low.Test!.Mean > 0 && high.Differs && high.Test!.Mean < 0);
        Assert.Equal(2, result.Findings.Count);
        Assert.Contains(result.Findings, one => one.StartsWith("learningRate=0.5 lowers the validation loss from ",
            StringComparison.Ordinal) && one.Contains("which is better", StringComparison.Ordinal)
            && one.EndsWith("in a paired t-test over 3 seeds, Holm-corrected).", StringComparison.Ordinal));
        Assert.Contains(result.Findings, one => one.StartsWith("learningRate=0.001 raises ", StringComparison.Ordinal)
            && one.Contains("which is worse", StringComparison.Ordinal));
    }

    [Fact]
    public void What_changes_nothing_but_the_seeds_is_said_to_differ_by_no_more_than_they()
    {
        // Of a bigram table every row is of another character: clipping at a norm that is never reached is none.
        var result = new Experiment("clipping", _small.Config(model: "bigram", steps: 20)).Vary("clipNorm", 1000.0)
            .WithSeeds(3).Run(_small.PathOf("clipping"));
        Assert.Equal("clipNorm=1000 has the same validation loss as the base with every seed.",
            Assert.Single(result.Findings));
    }

    [Fact]
    public void Stopped_at_any_run_it_goes_on_where_it_was_and_makes_no_run_twice()
    {
        string folder = _small.PathOf("stopped");
        using var stop = new CancellationTokenSource();
        List<string> before = [], after = [];
        Assert.ThrowsAny<OperationCanceledException>(() => Small.Run(folder, parallel: 1, new Told(told =>
        {
            before.Add(told.Run.Folder);
            if (told.Finished == 4) stop.Cancel();
        }), stop.Token));
        var written = before.ToDictionary(run => run, run => File.GetLastWriteTimeUtc(Path.Combine(folder, run,
            "summary.json")));
        var result = Small.Run(folder, parallel: 2, new Told(told => { lock (after) after.Add(told.Run.Folder); }));
        Assert.Equal((4, 9), (before.Count, after.Distinct().Count()));
        Assert.All(written, run => Assert.Equal(run.Value,
            File.GetLastWriteTimeUtc(Path.Combine(folder, run.Key, "summary.json"))));
        var whole = Small.Run(_small.PathOf("whole"));
        Assert.Equal(whole.ToString().Split('\n')[^1], result.ToString().Split('\n')[^1]);
        Assert.Equal(whole.Variants.SelectMany(one => one.Values), result.Variants.SelectMany(one => one.Values));
    }

    [Fact]
    public void A_run_that_diverges_is_said_to_and_the_others_go_on()
    {
        var result = new Experiment("too fast", _small.Config(model: "mlp", steps: 20))
            .Change("far too fast", ("learningRate", 1e30), ("optimizer", "sgd"), ("clipNorm", null),
                ("schedule", "constant")).WithSeeds(2).Run(_small.PathOf("fast"));
        Assert.Equal((0, 2), (result.Variants[0].Diverged, result.Variants[1].Diverged));
        Assert.Equal("far too fast: every run diverged: the loss or a gradient became NaN or infinite.",
            result.Findings[0]);
        int told = 0;
        _ = new Experiment("too fast", _small.Config(model: "mlp", steps: 20))
            .Change("far too fast", ("learningRate", 1e30), ("optimizer", "sgd"), ("clipNorm", null),
                ("schedule", "constant")).WithSeeds(2).Run(_small.PathOf("fast"), null, new Told(one =>
                {
                    Interlocked.Increment(ref told);
                    if (one.Run.Variant == 1) Assert.StartsWith("train: the loss of step ", one.Outcome.Why,
                        StringComparison.Ordinal);
                }));
        Assert.Equal(4, told);
    }

    [Fact]
    public void What_is_pretrained_is_made_first_with_each_seed_and_variants_begin_with_it()
    {
        var asked = new Experiment("transfer", _small.Config(model: "bigram", steps: 10)).WithSeeds(2)
            .Pretrain(("steps", 40)).Change("on", ("from", "pretrained"))
            .Change("frozen", ("from", "pretrained"), ("steps", 0));
        Assert.Equal(["pretrained/seed-42", "pretrained/seed-43"], asked.PretrainingRuns.Select(run =>
            run.Folder.Replace('\\', '/')));
        List<string> made = [];
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => asked.Run(_small.PathOf("cut"), parallel: 1,
            new Told(_ => stop.Cancel()), stop.Token));
        var result = asked.Run(_small.PathOf("cut"), 1, new Told(told => made.Add(asked.NameOf(told.Run))));
        Assert.Equal(["pretrained", "pretrained", "base", "on", "frozen", "base", "on", "frozen"], made);
        var whole = asked.Run(_small.PathOf("whole"), parallel: 3);
        Assert.Equal(whole.Variants.SelectMany(one => one.Values), result.Variants.SelectMany(one => one.Values));
        // No step after it: what is measured is the model of the pretraining with the same seed.
        foreach (int i in (int[])[0, 1])
            Assert.Equal(RunFolder.Open(Path.Combine(_small.PathOf("whole"), asked.PretrainingRuns[i].Folder))
                .ReadSummary()!.ValLoss, whole.Variants[2].Values[i], 1e-12);
        Assert.True(whole.Variants[1].Mean < whole.Variants[2].Mean && whole.Variants[2].Mean < whole.Variants[0].Mean);
        Assert.StartsWith("experiment transfer: nothing begins with what is pretrained: give a variant \"from\": "
            + "\"pretrained\", ", Assert.Throws<ArgumentException>(() => new Experiment("transfer",
                _small.Config(model: "bigram")).Pretrain(("steps", 40)).Check()).Message, StringComparison.Ordinal);
        Assert.StartsWith("experiment transfer: variant 'lost': from nowhere: there is no such folder or file: ",
            Assert.Throws<ArgumentException>(() => asked.Change("lost", ("from", "nowhere")).Check()).Message,
            StringComparison.Ordinal);
        Assert.StartsWith("experiment transfer: variant 'cold': freeze nothing: no parameter has this name",
            Assert.Throws<ArgumentException>(() => asked.Change("cold", ("freeze", "nothing")).Check()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Another_metric_is_compared_and_one_that_is_not_measured_is_refused_before_the_first_run()
    {
        var result = Small.WithMetric(new("perplexity")).Run(_small.PathOf("perplexity"));
        Assert.True(result.Experiment.Metric.LowerIsBetter);
        Assert.InRange(result.Variants[0].Mean, 5, 30);
        var refused = Assert.Throws<ArgumentException>(() => Small.WithMetric(new("perplexety"))
            .Run(_small.PathOf("mistyped"), parallel: 1));
        Assert.False(Directory.Exists(_small.PathOf("mistyped")));
        Assert.Throws<ArgumentException>(() => Small.WithMetric(new("perplexety")).Check());
        Assert.StartsWith(
            "experiment: metric 'perplexety': this is not measured: did you mean 'perplexity'? There are ",
            refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "task": "names" }""", "bits per character")]
    [InlineData("""{ "task": "images", "base": { "model": "mlp" } }""", "test accuracy")]
    [InlineData("""{ "task": "table", "base": { "drawn": "houses", "model": "linear" } }""", "R²")]
    [InlineData("""{ "task": "sequences", "base": { "problem": "adding" } }""", "rmse")]
    [InlineData("""{ "task": "autoencoder" }""", "explained")]
    [InlineData("""{ "task": "map", "base": { "data": "DATA" } }""", "topographic error")]
    [InlineData("""{ "task": "patterns" }""", "recalled")]
    public void What_a_task_measures_is_known_before_the_first_run(string json, string metric)
    {
        File.WriteAllText(_small.PathOf("rows.csv"), "a,b\n1.5,2\n2.5,1\n3.5,7\n0.5,4\n");
        File.WriteAllText(_small.PathOf("mine.json"), json.Replace("DATA",
            JsonEncodedText.Encode(_small.PathOf("rows.csv")).ToString(), StringComparison.Ordinal));
        var asked = Experiment.Read(_small.PathOf("mine.json"));
        asked.WithMetric(new(metric)).Check();
        Assert.Contains($", {metric}", Assert.Throws<ArgumentException>(() => asked.WithMetric(new("unheard of"))
            .Check()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_trained_is_refused_by_name_before_the_first_run()
    {
        string folder = _small.PathOf("refused");
        var wrong = new Experiment("heads", _small.Config(model: "gpt", steps: 5)).Vary("heads", 3);
        var refused = Assert.Throws<ArgumentException>(() => wrong.Run(folder));
        Assert.StartsWith("experiment heads: variant 'heads=3': ", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
        Refused("experiment rates: learningrat=1: model bigram has no setting 'learningrat': did you mean "
            + "learningRate? ", () => Small.Vary("learningrat", 1));
        Refused("experiment rates: learningRate=-1: learningRate -1: give a number above 0",
            () => Small.Vary("learningRate", -1));
        Refused("experiment rates: 0 seeds: give 1 to 10,000", () => Small.WithSeeds(0));
        Refused("experiment rates: seed 7 is given twice: give each once", () => Small.WithSeeds(7, 8, 7));
        Refused("experiment rates: learningRate=0.7: its settings are those of the variant 'learningRate=0.7': leave "
            + "it out, or change another setting", () => Small.Vary("learningRate", 0.7, 0.7));
        Refused("experiment rates: same: its settings are those of the base: leave it out, or change another setting",
            () => Small.Change("same", ("steps", 20)));
        Refused("experiment rates: 0 runs at once: give 1 or more", () => Small.Run(folder, parallel: 0));

        static void Refused(string begins, Action asked) => Assert.StartsWith(begins,
            Assert.ThrowsAny<ArgumentException>(asked).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_another_experiment_or_of_something_else_is_not_touched()
    {
        string folder = _small.PathOf("taken");
        Small.WithSeeds(1).Run(folder);
        Other("a variant is 'learningRate=0.001' there and 'learningRate=0.002' here (new ones can be added at the "
            + "end)",
            Base.Vary("learningRate", 0.002, 0.5));
        Other("steps of base is 20 there and 21 here", new Experiment("rates", _small.Config(model: "bigram",
            steps: 21)).Vary("learningRate", 0.001, 0.5));
        Other("the variant 'learningRate=0.5' is there and not here", Base.Vary("learningRate", 0.001));
        Other("there is no pretrain there", Small.Pretrain(("steps", 40)).Change("on", ("from", "pretrained")));
        File.WriteAllText(Path.Combine(folder, "experiment.json"), "{ \"seeds\": [");
        Assert.EndsWith("experiment.json: this is not the JSON that a run writes: put back a copy of it, or choose "
            + "another --out", Assert.Throws<InvalidDataException>(() => Small.Run(folder)).Message,
            StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder, "experiment.json"), "{ \"variants\": 3 }");
        Assert.EndsWith("experiment.json: this is not the JSON that an experiment writes: put back a copy of it, or "
            + "choose another --out", Assert.Throws<InvalidDataException>(() => Small.Run(folder)).Message,
            StringComparison.Ordinal);
        string file = _small.PathOf("a file");
        File.WriteAllText(file, "");
        Assert.EndsWith("a file is a file: choose another --out", Assert.Throws<IOException>(() => Small.Run(file))
            .Message, StringComparison.Ordinal);
        string full = Directory.CreateDirectory(_small.PathOf("full")).FullName;
        File.WriteAllText(Path.Combine(full, "mine.txt"), "mine");
        Assert.EndsWith("is already there and is not an empty folder: choose another --out, and nothing in it is "
            + "touched", Assert.Throws<IOException>(() => Small.Run(full)).Message, StringComparison.Ordinal);
        Assert.Equal(["mine.txt"], Directory.GetFileSystemEntries(full).Select(Path.GetFileName));

        void Other(string differs, Experiment other) => Assert.EndsWith("holds an experiment with other settings: "
            + $"{differs}: choose another --out, and nothing in it is touched",
            Assert.Throws<IOException>(() => other.Run(folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_threads_are_shared_by_the_runs_and_given_back()
    {
        int before = Compute.Threads, least = int.MaxValue;
        Small.WithSeeds(1).Run(_small.PathOf("threads"), parallel: 3,
            new Told(_ => least = Math.Min(least, Compute.Threads)));
        Assert.Equal((Math.Max(1, before / 3), before), (least, Compute.Threads));
    }

    [Fact]
    public void What_is_asked_is_kept_beside_the_runs()
    {
        string folder = _small.PathOf("asked");
        Small.WithSeeds(1).Run(folder);
        using var asked = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "experiment.json")));
        Assert.Equal("learningRate=0.001",
            asked.RootElement.GetProperty("variants")[1].GetProperty("name").GetString());
        Assert.Equal(0.001, asked.RootElement.GetProperty("variants")[1].GetProperty("settings")
            .GetProperty("learningRate").GetDouble());
    }

    [Fact]
    public void Runs_take_as_long_each_as_they_take_alone_to_estimate()
    {
        var times = Small.Estimate();
        Assert.Equal(3, times.Count);
        Assert.All(times, time => Assert.InRange(time, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(10)));
    }

    sealed class Told(Action<ExperimentProgress> told) : IProgress<ExperimentProgress>
    {
        public void Report(ExperimentProgress value) => told(value);
    }
}
