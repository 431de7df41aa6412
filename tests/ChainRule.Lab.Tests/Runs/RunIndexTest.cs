using ChainRule.Lab.Runs;

namespace ChainRule.Lab.Tests.Runs;

public sealed class RunIndexTest : IDisposable
{
    readonly RunFixture _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Settings_and_metrics_are_found_at_any_depth()
    {
        _runs.Run("a", losses: [3, 1, 2]);
        _runs.Run("deep/er/b", model: "gpt", seed: 7);
        Assert.Equal(["a", "deep/er/b"], _runs.Index.Runs.Select(run => run.Id).Order());
        var a = _runs.Index["a"];
        Assert.Equal("mlp", a["model"].Text);
        Assert.Equal(8, a["width"].Number);
        Assert.Equal("true", a["norm"].Text);
        Assert.Equal("names.txt 01234567", a["data"].Text);
        Assert.True(a["clipNorm"].IsEmpty);
        Assert.Equal((20, 2, 1, 3), (a["step"].Number, a["valLoss"].Number, a["valLoss.min"].Number,
            a["valLoss.max"].Number));
        Assert.Equal(0.9, a["trainLoss.min"].Number, 12);
        Assert.Equal(RunStatus.Stopped, a.Status);
        Assert.True(_runs.Index["deep/er/b"]["valLoss"].IsEmpty);
    }

    [Fact]
    public void What_was_never_measured_is_nothing_and_what_came_out_as_NaN_is_NaN()
    {
        _runs.Run("a", losses: [double.NaN]);
        Assert.True(_runs.Index["a"]["trainLoss"].IsEmpty);
        Assert.True(_runs.Index["a"]["valLoss"] is { IsNumber: true, Number: double.NaN });
    }

    [Fact]
    public void Points_that_are_added_runs_that_appear_and_those_that_vanish_are_seen()
    {
        _runs.Run("a", losses: [3, 2]);
        var index = _runs.Index;
        File.AppendAllText(Path.Combine(_runs.PathOf("a"), "metrics.jsonl"), RunFixture.Line(20, 1));
        RunFixture.Until(() => index["a"]["points"].Number == 3 && index["a"]["valLoss"].Number == 1);
        // As the tool does: made beside its place, and then moved.
        _runs.Run("b.7.tmp", losses: [5]);
        Directory.Move(_runs.PathOf("b.7.tmp"), _runs.PathOf("b"));
        RunFixture.Until(() => index.Runs.Any(run => run.Id == "b"));
        Directory.Delete(_runs.PathOf("a"), recursive: true);
        RunFixture.Until(() => index.Runs.All(run => run.Id != "a"));
        Assert.Equal("runs: there is no run 'a' (any more): look at the list",
            Assert.Throws<ArgumentException>(() => index["a"]).Message);
        Directory.Move(_runs.PathOf("b"), _runs.PathOf("c"));
        RunFixture.Until(() => index.Runs.Select(run => run.Id).SequenceEqual(["c"]));
    }

    [Fact]
    public void A_line_without_its_end_is_left_for_later_and_a_damaged_one_is_said()
    {
        string line = RunFixture.Line(10, 2);
        _runs.Run("a", losses: [3]);
        _runs.Write("a", "metrics.jsonl", RunFixture.Line(0, 3) + line[..20]);
        Assert.Equal(1, _runs.Index["a"].Totals.Points);
        Assert.Null(_runs.Index["a"].Problem);
        File.AppendAllText(Path.Combine(_runs.PathOf("a"), "metrics.jsonl"), line[20..] + "{broken\n[1]\n\n"
            + RunFixture.Line(20, 1));
        RunFixture.Until(() => _runs.Index["a"].Totals.Points == 3);
        Assert.Equal("metrics.jsonl: 2 lines cannot be read", _runs.Index["a"].Problem);
        Assert.Equal(1, _runs.Index["a"]["valLoss"].Number);
    }

    [Fact]
    public void A_file_that_begins_otherwise_is_read_anew()
    {
        _runs.Run("a", losses: [3, 2, 1]);
        Assert.Equal(3, _runs.Index["a"].Totals.Points);
        _runs.Write("a", "metrics.jsonl", RunFixture.Lines(9, 8, 7, 6));
        RunFixture.Until(() => _runs.Index["a"].Totals.Points == 4);
        Assert.Equal((6, 9), (_runs.Index["a"]["valLoss.min"].Number, _runs.Index["a"]["valLoss.max"].Number));
    }

    [Theory]
    [InlineData("", "run.json: it is empty")]
    [InlineData("{", "run.json: this is not the JSON that a run writes")]
    [InlineData("[1]", "run.json: this is not the JSON that a run writes")]
    [InlineData("{\"a\":1}", "run.json: it names no model: this is not the JSON that a run writes")]
    public void A_broken_folder_harms_no_other(string json, string problem)
    {
        _runs.Run("good", losses: [1]);
        _runs.Write("broken", "run.json", json);
        Assert.Equal(RunStatus.Broken, _runs.Index["broken"].Status);
        Assert.Equal(problem, _runs.Index["broken"].Problem);
        Assert.Null(_runs.Index["good"].Problem);
        _runs.Run("broken", losses: [1]);
        RunFixture.Until(() => _runs.Index["broken"].Status == RunStatus.Stopped);
    }

    [Fact]
    public void Links_are_not_followed()
    {
        _runs.Run("a", losses: [1]);
        string outside = Path.Combine(_runs.Cache, "elsewhere");
        Directory.CreateDirectory(outside);
        File.Copy(Path.Combine(_runs.PathOf("a"), "run.json"), Path.Combine(outside, "run.json"));
        Directory.CreateSymbolicLink(_runs.PathOf("out"), outside);
        Directory.CreateSymbolicLink(_runs.PathOf("circle"), _runs.Root);
        Directory.CreateDirectory(_runs.PathOf("b"));
        File.CreateSymbolicLink(Path.Combine(_runs.PathOf("b"), "run.json"), Path.Combine(outside, "run.json"));
        Assert.Equal(["a", "b"], _runs.Index.Runs.Select(run => run.Id).Order());
        Assert.Equal("run.json is a link, and links are not followed: put the file itself there",
            _runs.Index["b"].Problem);
    }

    [Fact]
    public void Names_are_shown_without_what_steers_a_terminal()
    {
        const string Name = "<img src=x onerror=alert(1)>\u001b[31m";
        _runs.Run(Name, model: "<b>\\u0007</b>", losses: [1]);
        var run = Assert.Single(_runs.Index.Runs);
        Assert.Equal(Name, run.Id);
        Assert.Equal("<img src=x onerror=alert(1)>\\u001b[31m", run.Name);
        Assert.Equal("<b>\\u0007</b>", run["model"].Text);
    }

    [Fact]
    public void The_next_start_knows_all_from_the_cache_and_reads_what_changed()
    {
        _runs.Run("a", losses: [3, 2]);
        _runs.Run("b", model: "gpt", losses: [double.NaN, 1]);
        _runs.Write("b", "summary.json", """{"model":"gpt","seed":1,"steps":100,"testLoss":0.5,"samples":["x"]}""");
        var before = _runs.Index.Runs.ToDictionary(run => run.Id);
        string file = _runs.Index.CacheFile!;
        _runs.Reopen();
        var known = new RunCache(_runs.Root, _runs.Cache).Read();
        Assert.Equal(2, known.Count);
        foreach (var run in known)
        {
            Assert.Equal(before[run.Id].Found, run.Found);
            Assert.Equal(before[run.Id].Totals.Values, run.Totals.Values);
            Assert.Equal(before[run.Id].Settings.Values, run.Settings.Values);
        }
        Assert.Equal(RunStatus.Finished, _runs.Index["b"].Status);
        Assert.Equal(0.5, _runs.Index["b"]["final.testLoss"].Number);
        _runs.Index.Dispose();
        _runs.Run("a", losses: [3, 2, 1]);
        Assert.Equal(1, _runs.Reopen()["a"]["valLoss"].Number);
        _runs.Index.Dispose();
        byte[] bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);
        Assert.Empty(new RunCache(_runs.Root, _runs.Cache).Read());
        Assert.Equal(2, _runs.Reopen().Count);
        _runs.Index.Dispose();
        Assert.Equal(2, new RunCache(_runs.Root, _runs.Cache).Read().Count);
    }

    [Fact]
    public void A_cache_that_is_cut_anywhere_is_as_good_as_none()
    {
        _runs.Run("a", losses: [3, 2]);
        string file = _runs.Index.CacheFile!;
        _runs.Index.Dispose();
        byte[] bytes = File.ReadAllBytes(file);
        for (int length = 0; length < bytes.Length; length += 7)
        {
            File.WriteAllBytes(file, bytes[..length]);
            Assert.Empty(new RunCache(_runs.Root, _runs.Cache).Read());
        }
    }

    [Fact]
    public void Changes_since_a_version_are_told_and_everything_to_whom_is_too_far_behind()
    {
        _runs.Run("a", losses: [3]);
        var index = _runs.Index;
        long version = index.Version;
        Assert.Empty(index.Since(version).Changed);
        Assert.False(index.ChangedSince(version).IsCompleted);
        _runs.Run("a", losses: [3, 2]);
        RunFixture.Until(() => index["a"].Totals.Points == 2);
        Assert.Equal(["a"], index.Since(version).Changed.Select(run => run.Id));
        Assert.True(index.Since(version + 1000).IsWhole);
        Directory.Delete(_runs.PathOf("a"), recursive: true);
        RunFixture.Until(() => index.Count == 0);
        Assert.Equal(["a"], index.Since(version).Removed);
    }

    [Fact]
    public void A_folder_that_is_not_there_yet_is_waited_for()
    {
        Directory.Delete(_runs.Root);
        Assert.Equal(0, _runs.Index.Count);
        _runs.Run("a", losses: [1]);
        RunFixture.Until(() => _runs.Index.Count == 1);
    }
}
