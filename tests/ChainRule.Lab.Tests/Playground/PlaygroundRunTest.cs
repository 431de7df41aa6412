using System.IO.Compression;
using ChainRule.Lab.Playground;
using ChainRule.Lab.Runs;
using ChainRule.Lab.Tests.Runs;
using ChainRule.Tests;
using ChainRule.Zoo.Runs;

namespace ChainRule.Lab.Tests.Playground;

public sealed class PlaygroundRunTest : IDisposable
{
    readonly RunFixture _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void A_saved_run_has_the_losses_of_the_page_to_the_bit_and_gives_them_again()
    {
        using var session = new PlaygroundSession(_runs.Root);
        Asked.Of<ConfiguredAnswer>(session, new ConfigureRequest(new() { Data = "spirals", Hidden = [6], L2 = 0.001,
            Normalization = "batch", Schedule = "cosine" }));
        Asked.Frame(session, new StepRequest(700));
        Asked.Frame(session, new ChangeRequest("0.weight", 3, 0.5f, null));
        Asked.Frame(session, new StepRequest(33));
        var (frame, bytes, start) = Asked.Of<FrameAnswer>(session, new FrameRequest(0));
        var saved = Asked.Of<SavedAnswer>(session, new SaveRequest()).Answer;
        Assert.Equal("playground-spirals-2-6-1", saved.Name);
        Assert.Null(saved.Zip);
        var run = PlaygroundRun.Load(_runs.PathOf(saved.Name));
        Assert.Equal((733, frame.TrainLoss, frame.TestLoss), (run.Step, run.TrainLoss, run.TestLoss));
        Assert.Equal(new(733, frame.TrainLoss, frame.TestLoss), run.Curve[^1]);
        double[] curve = [.. Enumerable.Range(0, frame.Curve.Count)
            .Select(i => BitConverter.ToDouble(bytes, start + frame.Curve.At + 8 * i))];
        Assert.Equal(curve, run.Curve.SkipLast(1).SelectMany(p => (double[])[p.Step, p.Train, p.Test]));
        Assert.Equal(("spirals", 0.001), (run.Settings.Data, run.Settings.L2));
        Assert.Equal(new WeightChange(700, "0.weight", 3, 0.5f, null), Assert.Single(run.Changes));
        Assert.Equal(["metrics.jsonl", "model.safetensors", "run.json", "summary.json"], Directory
            .GetFiles(_runs.PathOf(saved.Name)).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_board_shows_it_beside_others()
    {
        _runs.Run("other", losses: [3, 2]);
        using var session = new PlaygroundSession(_runs.Root);
        var frame = Asked.Frame(session, new StepRequest(40));
        string first = Asked.Of<SavedAnswer>(session, new SaveRequest()).Answer.Name;
        string second = Asked.Of<SavedAnswer>(session, new SaveRequest()).Answer.Name;
        Assert.Equal(("playground-circles-2-8-8-1", "playground-circles-2-8-8-1-2"), (first, second));
        var table = _runs.Ask(new ListRequest(Filter: "kind = playground", Sort: "name", Columns: ["status", "model",
            "step", "valLoss", "trainLoss", "learningRate", "activation", "final.parameters"]),
            RunsJson.Default.TableAnswer);
        Assert.Equal([first, second], table.Rows.Select(row => row.Id));
        Assert.Null(table.Rows[0].Problem);
        Assert.Equal([Cell.Of("Finished"), Cell.Of("2-8-8-1"), Cell.Of(40), Cell.Of(frame.TestLoss),
            Cell.Of(frame.TrainLoss), Cell.Of(frame.LearningRate), Cell.Of("tanh"), Cell.Of(105)],
            table.Rows[0].Values);
    }

    [Fact]
    public void A_metric_says_what_it_was_measured_on()
    {
        using var session = new PlaygroundSession(_runs.Root);
        var frame = Asked.Frame(session, new StepRequest(40));
        string name = Asked.Of<SavedAnswer>(session, new SaveRequest()).Answer.Name;
        Assert.Equal(FormattableString.Invariant($"valLoss of {name} is {frame.TestLoss:R} at step 40: the ")
            + "loss over all points to test with, in evaluation mode, without regularisation. The loss is "
            + "'crossEntropy'.", _runs.Ask(new MetricOriginRequest(name, "valLoss"),
                RunsJson.Default.MetricOriginAnswer).Sentence);
        Assert.StartsWith($"metric: {name} has no 'x': choose one of ", Assert.ThrowsAny<ArgumentException>(
            () => _runs.Ask(new MetricOriginRequest(name, "x"), RunsJson.Default.MetricOriginAnswer)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void After_a_rewind_what_came_later_is_left_out()
    {
        using var session = new PlaygroundSession(_runs.Root);
        Asked.Frame(session, new StepRequest(100));
        var back = Asked.Frame(session, new RewindRequest(60));
        var run = PlaygroundRun.Load(_runs.PathOf(Asked.Of<SavedAnswer>(session, new SaveRequest()).Answer.Name));
        Assert.Equal((60, new CurvePoint(60, back.TrainLoss, back.TestLoss)), (run.Step, run.Curve[^1]));
    }

    [Fact]
    public void Where_there_is_no_folder_of_runs_it_is_one_file_that_holds_the_same()
    {
        using PlaygroundSession kept = new(_runs.Root), sent = new();
        Asked.Frame(kept, new StepRequest(50));
        Asked.Frame(sent, new StepRequest(50));
        string name = Asked.Of<SavedAnswer>(kept, new SaveRequest()).Answer.Name;
        var (answer, bytes, start) = Asked.Of<SavedAnswer>(sent, new SaveRequest());
        Assert.Equal(name, answer.Name);
        using var folder = new TemporaryFolder();
        using (var zip = new ZipArchive(new MemoryStream(bytes, start + answer.Zip!.At, answer.Zip.Count)))
            zip.ExtractToDirectory(folder.Path);
        foreach (string file in Directory.GetFiles(_runs.PathOf(name)))
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(folder.PathOf($"{name}/{Path.GetFileName(file)}")));
        Assert.Equal(50, PlaygroundRun.Load(folder.PathOf(name)).Step);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_said_and_leaves_nothing()
    {
        string file = Path.Combine(_runs.Root, "file");
        File.WriteAllText(file, "");
        using var session = new PlaygroundSession(Path.Combine(file, "runs"));
        Assert.StartsWith("save: nothing can be written at ", Assert.Throws<IOException>(
            () => Asked.Of<SavedAnswer>(session, new SaveRequest())).Message, StringComparison.Ordinal);
        Assert.Equal([file], Directory.GetFileSystemEntries(_runs.Root));
    }

    [Fact]
    public void Commands_say_what_kind_of_run_it_is()
    {
        using var session = new PlaygroundSession(_runs.Root);
        string folder = _runs.PathOf(Asked.Of<SavedAnswer>(session, new SaveRequest()).Answer.Name);
        Assert.Contains("this run was saved in the lab's playground, and is no run of a command: the lab's board shows "
            + "it, 'chainrule diagnose', 'compare' and 'export' read it, as PlaygroundRun.Load does",
            Assert.Throws<InvalidDataException>(() => RunFolder.Open(folder)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run.json", "{}", "this is not the JSON that the playground writes")]
    [InlineData("run.json", "", "this is not the JSON that the playground writes")]
    [InlineData("metrics.jsonl", "{\"step\":1}\n", "this is not the JSON that the playground writes")]
    [InlineData("model.safetensors", "x", "safetensors")]
    public void A_damaged_run_is_refused_in_a_sentence(string file, string text, string sentence)
    {
        using var session = new PlaygroundSession(_runs.Root);
        string folder = _runs.PathOf(Asked.Of<SavedAnswer>(session, new SaveRequest()).Answer.Name);
        File.WriteAllText(Path.Combine(folder, file), text);
        Assert.Contains(sentence, Assert.Throws<InvalidDataException>(() => PlaygroundRun.Load(folder)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_of_another_kind_and_a_model_of_another_run_are_refused()
    {
        _runs.Run("other", losses: [3]);
        Assert.Throws<InvalidDataException>(() => PlaygroundRun.Load(_runs.PathOf("other")));
        using var session = new PlaygroundSession(_runs.Root);
        string first = _runs.PathOf(Asked.Of<SavedAnswer>(session, new SaveRequest()).Answer.Name);
        Asked.Of<ConfiguredAnswer>(session, new ConfigureRequest(new() { Hidden = [3] }));
        string second = _runs.PathOf(Asked.Of<SavedAnswer>(session, new SaveRequest()).Answer.Name);
        File.Copy(Path.Combine(second, "model.safetensors"), Path.Combine(first, "model.safetensors"), true);
        Assert.Contains("do not go together", Assert.Throws<InvalidDataException>(() => PlaygroundRun.Load(first))
            .Message, StringComparison.Ordinal);
    }
}
