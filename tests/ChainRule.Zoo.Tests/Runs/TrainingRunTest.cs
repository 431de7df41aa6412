using System.Text.Json;
using ChainRule.Training;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tests.Runs;

public sealed class TrainingRunTest : IDisposable
{
    readonly SmallRun _small = new();

    public void Dispose() => _small.Dispose();

    [Theory]
    [InlineData("mlp", TaskKind.Names)]
    [InlineData("bigram", TaskKind.Names)]
    [InlineData("gpt", TaskKind.Text)]
    public void The_same_seed_gives_the_same_bytes_and_another_gives_others(string model, TaskKind kind)
    {
        var one = SmallRun.Bits(_small.Whole("one", seed: 7, model, kind));
        var two = SmallRun.Bits(_small.Whole("two", seed: 7, model, kind));
        var other = SmallRun.Bits(_small.Whole("other", seed: 8, model, kind));
        Assert.Equal(["last.safetensors", "model.safetensors"], one.Keys.Order());
        Assert.Equal(one, two);
        Assert.NotEqual(one["model.safetensors"], other["model.safetensors"]);
    }

    [Theory]
    [InlineData("mlp", 0)]
    [InlineData("mlp", 1)]
    [InlineData("mlp", 3)] // an evaluation
    [InlineData("mlp", 31)]
    [InlineData("mlp", 59)]
    [InlineData("mlp", 60)]
    [InlineData("bigram", 17)]
    [InlineData("counts", 17)]
    [InlineData("lstm", 17)]
    [InlineData("gpt", 31)] // with dropout
    [InlineData("gpt", 0, TaskKind.Text)]
    [InlineData("gpt", 31, TaskKind.Text)]
    [InlineData("mlp", 31, TaskKind.Text)]
    public void Stopped_anywhere_and_resumed_it_ends_in_the_same_bytes(string model, int at,
        TaskKind kind = TaskKind.Names)
    {
        string whole = _small.Whole("whole", model: model, kind: kind);
        string broken = _small.Stopped("broken", at, model, kind);
        var run = TrainingRun.Resume(broken);
        Assert.Equal(at, run.Trainer.Step);
        Assert.Equal(TrainingEnd.Completed, run.Train());
        var summary = run.Finish();
        Assert.Equal(SmallRun.Bits(whole), SmallRun.Bits(broken));
        AssertSame(RunFolder.Open(whole).ReadSummary()!, summary);
        AssertSameCurve(whole, broken);
    }

    [Fact]
    public void Stopped_again_and_again_it_ends_in_the_same_bytes()
    {
        string whole = _small.Whole("whole");
        _small.Stopped("broken", 2);
        foreach (int at in (int[])[2, 9, 10, 41]) SmallRun.Stop(TrainingRun.Resume(_small.PathOf("broken")), at);
        var run = TrainingRun.Resume(_small.PathOf("broken"));
        run.Train();
        run.Finish();
        Assert.Equal(SmallRun.Bits(whole), SmallRun.Bits(_small.PathOf("broken")));
        AssertSameCurve(whole, _small.PathOf("broken"));
    }

    [Fact]
    public void A_finished_run_that_is_resumed_stays_as_it_is()
    {
        string whole = _small.Whole("whole");
        string[] before = SmallRun.Everything(whole);
        var run = TrainingRun.Resume(whole);
        Assert.Equal(TrainingEnd.Completed, run.Train());
        run.Finish();
        Assert.Equal(before, SmallRun.Everything(whole));
    }

    [Fact]
    public void The_summary_says_how_it_ended()
    {
        using var json =
            JsonDocument.Parse(File.ReadAllText(Path.Combine(_small.Whole("whole", seed: 7), "summary.json")));
        var summary = json.RootElement;
        Assert.Equal("mlp", summary.GetProperty("model").GetString());
        Assert.Equal("names.txt", summary.GetProperty("data").GetString());
        Assert.Equal(7, summary.GetProperty("seed").GetInt32());
        Assert.Equal(SmallRun.Steps, summary.GetProperty("steps").GetInt32());
        Assert.True(summary.GetProperty("parameters").GetInt64() > 20_000);
        foreach (string loss in (string[])["initialLoss", "trainLoss", "valLoss", "testLoss"])
            Assert.InRange(summary.GetProperty(loss).GetDouble(), 1.5, 3.5);
        Assert.True(summary.GetProperty("valLoss").GetDouble() < summary.GetProperty("initialLoss").GetDouble() - 0.3);
        Assert.InRange(summary.GetProperty("bestStep").GetInt32(), 1, SmallRun.Steps);
        double seconds = summary.GetProperty("secondsTraining").GetDouble();
        Assert.True(seconds > 0);
        Assert.Equal(SmallRun.Steps / seconds, summary.GetProperty("stepsPerSecond").GetDouble(),
            SmallRun.Steps / seconds * 0.05 + 0.1);
        string[] samples = [.. summary.GetProperty("samples").EnumerateArray().Select(one => one.GetString()!)];
        Assert.Equal(20, samples.Length);
        Assert.Empty(samples.Intersect(File.ReadAllLines(_small.Data)));
        Assert.Equal(20, samples.Distinct().Count());
        double nats = summary.GetProperty("valLoss").GetDouble();
        Assert.Equal(Math.Exp(nats), summary.GetProperty("perplexity").GetDouble(), 1e-12);
        Assert.Equal(nats / Math.Log(2), summary.GetProperty("bitsPerCharacter").GetDouble(), 1e-12);
    }

    [Fact]
    public void The_summary_of_a_text_has_no_test_part_and_one_passage()
    {
        using var json = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(_small.Whole("whole", model: "gpt", kind: TaskKind.Text), "summary.json")));
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("testLoss").ValueKind);
        Assert.True(json.RootElement.GetProperty("valLoss").GetDouble()
            < json.RootElement.GetProperty("initialLoss").GetDouble());
        string passage =
            Assert.Single(json.RootElement.GetProperty("samples").EnumerateArray().Select(one => one.GetString()!));
        Assert.Equal(500, passage.Length);
        Assert.Empty(passage.Except(File.ReadAllText(_small.Data)));
    }

    [Fact]
    public void Counts_need_no_steps()
    {
        var run = _small.Start("counts", model: "counts", steps: 0);
        run.Train();
        var summary = run.Finish();
        Assert.Equal((0, 0), (summary.Steps, summary.BestStep));
        Assert.InRange(summary.ValLoss, 2, 3);
    }

    [Fact]
    public void The_summary_measures_the_model_that_was_saved()
    {
        string whole = _small.Whole("whole");
        var points = RunFolder.Open(whole).ReadMetrics();
        var summary = RunFolder.Open(whole).ReadSummary()!;
        Assert.Equal(points.Min(point => point.ValLoss), summary.ValLoss, 1e-12);
        Assert.Equal(points[0].ValLoss, summary.InitialLoss, 1e-12);
        Assert.Equal(points.MinBy(point => point.ValLoss)!.Step, summary.BestStep);
    }

    [Fact]
    public void Metrics_have_a_line_for_each_evaluation_and_the_names_of_its_fields()
    {
        string[] lines = File.ReadAllLines(Path.Combine(_small.Whole("whole"), "metrics.jsonl"));
        Assert.Equal(Enumerable.Range(0, 21).Select(i => 3 * i),
            lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("step").GetInt32()));
        string[] fields = ["step", "trainLoss", "valLoss", "learningRate", "seconds"];
        Assert.All(lines,
            line => Assert.Equal(fields,
                JsonDocument.Parse(line).RootElement.EnumerateObject().Select(field => field.Name)));
        Assert.StartsWith("{\"step\":0,\"trainLoss\":null,", lines[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]  // the file is gone
    [InlineData(1)]  // killed between the checkpoint and its line
    [InlineData(-1)] // a line more than the checkpoint knows
    public void Lines_that_a_kill_left_out_or_left_over_are_put_right_on_resuming(int missing)
    {
        string whole = _small.Whole("whole");
        string broken = _small.Stopped("broken", 31);
        string file = Path.Combine(broken, "metrics.jsonl");
        string[] lines = File.ReadAllLines(file);
        if (missing == 0) File.Delete(file);
        else
            File.WriteAllLines(file, missing > 0 ? lines[..^missing]
                : [.. lines, File.ReadAllLines(Path.Combine(whole, "metrics.jsonl"))[lines.Length]]);
        var run = TrainingRun.Resume(broken);
        var restored = run.Folder.ReadMetrics();
        Assert.Equal(lines.Length, restored.Count);
        // Of a line that is lost nobody knows the time: that of the line before is the least it can be.
        if (missing == 1) Assert.Equal(restored[^2].Seconds, restored[^1].Seconds);
        Assert.Equal(restored.Select(line => line.Seconds).Order(), restored.Select(line => line.Seconds));
        run.Train();
        AssertSameCurve(whole, broken);
    }

    [Fact]
    public void Half_written_files_of_a_killed_process_are_swept_away()
    {
        string broken = _small.Stopped("broken", 5);
        string left = Path.Combine(broken, "model.safetensors.abcdefgh.xyz.tmp");
        File.WriteAllText(left, "half");
        TrainingRun.Resume(broken);
        Assert.False(File.Exists(left));
    }

    [Fact]
    public void Names_that_were_moved_are_found_where_one_says_and_the_bytes_do_not_change()
    {
        string whole = _small.Whole("whole");
        string broken = _small.Stopped("broken", 31);
        File.Move(_small.Data, _small.PathOf("elsewhere.txt"));
        var run = TrainingRun.Resume(broken, _small.PathOf("elsewhere.txt"));
        run.Train();
        run.Finish();
        Assert.Equal(SmallRun.Bits(whole), SmallRun.Bits(broken));
    }

    [Fact]
    public void Without_a_step_the_model_as_it_began_is_saved()
    {
        var run = _small.Start("none", steps: 0);
        run.Train();
        var summary = run.Finish();
        Assert.Equal((0, 0, 0.0), (summary.Steps, summary.BestStep, summary.StepsPerSecond));
        Assert.Equal(summary.InitialLoss, summary.ValLoss);
    }

    [Fact]
    public void What_cannot_be_started_is_one_sentence_and_makes_no_folder()
    {
        Assert.Equal("train: -1 steps: give 0 or more",
            Assert.ThrowsAny<ArgumentException>(() => _small.Start("run", steps: -1)).Message);
        Assert.StartsWith("model 'gpt9': there is no such model",
            Assert.ThrowsAny<ArgumentException>(() => _small.Start("run", model: "gpt9")).Message,
            StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(
            () => TrainingRun.Start(_small.PathOf("run"), _small.Config() with { Data = _small.PathOf("gone.txt") }));
        Assert.Throws<FileNotFoundException>(
            () => TrainingRun.Start(_small.PathOf("run"),
                _small.Config(kind: TaskKind.Text) with { Data = _small.PathOf("gone.txt") }));
        Assert.Equal("gpt: width 7, heads 2: give a width that is a multiple of the heads",
            Assert.ThrowsAny<ArgumentException>(() => TrainingRun.Start(_small.PathOf("some/run"),
            _small.Config(model: "gpt") with { Sizes = new GptOptions(Width: 7, Heads: 2) })).Message);
        Assert.Equal("text: names.txt has 1,403 characters, and its last tenth must hold a window of 256 and a "
            + "character more: give a text of 2,570 or more",
            Assert.Throws<InvalidDataException>(() => TrainingRun.Start(_small.PathOf("run"),
                _small.Config(model: "rnn", kind: TaskKind.Text) with
                    { Sizes = new RecurrentModelOptions(Context: 256) }))
                    .Message);
        Assert.Equal([_small.Data], Directory.GetFileSystemEntries(Path.GetDirectoryName(_small.Data)!));
    }

    static void AssertSame(RunSummary a, RunSummary b)
    {
        Assert.Equal(Text(a), Text(b));
        static string Text(RunSummary summary) =>
            JsonSerializer.Serialize(summary with { SecondsTraining = 0, StepsPerSecond = 0 });
        Assert.Equal(a.Samples, b.Samples);
    }

    static void AssertSameCurve(string a, string b) => Assert.Equal(
        RunFolder.Open(a).ReadMetrics().Select(line => line with { Seconds = 0 }),
        RunFolder.Open(b).ReadMetrics().Select(line => line with { Seconds = 0 }));
}
