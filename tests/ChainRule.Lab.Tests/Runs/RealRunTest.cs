using System.Diagnostics;
using System.Text;
using ChainRule.Lab.Runs;
using ChainRule.Training;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tests.Runs;

namespace ChainRule.Lab.Tests.Runs;

/// <summary>What is looked at closely, in runs that were trained.</summary>
public sealed class RealRunTest : IDisposable
{
    readonly SmallRun _small = new();
    readonly RunFixture _runs = new();

    public void Dispose()
    {
        _runs.Dispose();
        _small.Dispose();
    }

    [Fact]
    public void A_finished_run_is_shown_with_its_layers_weights_and_diagnosis()
    {
        string folder = Train("a");
        var run = _runs.Index["a"];
        Assert.Equal(RunStatus.Finished, run.Status);
        Assert.Null(run.Problem);
        Assert.Equal(RunFolder.Open(folder).ReadSummary()!.ValLoss, run["final.valLoss"].Number);
        Assert.Equal(RunFolder.Open(folder).ReadMetrics()[^1].ValLoss, run["valLoss"].Number);

        var lines = RunFolder.Open(folder).ReadLayers();
        var layers = _runs.Ask(new LayersRequest("a"), RunsJson.Default.LayersAnswer, out var numbers);
        Assert.Equal(lines[0].Weights.Keys, layers.Parameters);
        Assert.Equal(lines.Select(line => (double)line.Step), numbers(layers.Steps));
        Assert.Equal(layers.Parameters.SelectMany(name => lines.Select(line => line.Gradients[name])),
            numbers(layers.Gradients));

        var diagnosis = _runs.Ask(new DiagnoseRequest("a"), RunsJson.Default.DiagnosisAnswer);
        Assert.True(diagnosis.Rules > 0);
        Assert.NotEmpty(diagnosis.Looked);
    }

    [Fact]
    public void A_metric_says_over_which_batches_or_data_it_was_measured()
    {
        var lines = RunFolder.Open(Train("a")).ReadMetrics();
        string Origin(string metric) => _runs.Ask(new MetricOriginRequest("a", metric),
            RunsJson.Default.MetricOriginAnswer).Sentence;
        Assert.Contains(FormattableString.Invariant($"of steps {lines[^2].Step + 1:N0} to {lines[^1].Step:N0}, each "),
            Origin("trainLoss"), StringComparison.Ordinal);
        Assert.Contains("the mean loss over the validation data, in evaluation mode", Origin("valLoss"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Distributions_of_two_runs_share_their_bins()
    {
        Train("a");
        Train("b", seed: 7);
        var answer = _runs.Ask(new WeightsRequest("a", "b", Bins: 10), RunsJson.Default.WeightsAnswer, out var numbers);
        var saved = Safetensors.Read(Path.Combine(_runs.PathOf("a"), "model.safetensors"));
        Assert.Equal(saved.Names.Order(), answer.Parameters.Select(one => one.Parameter).Order());
        foreach (var one in answer.Parameters)
        {
            float[] weights = saved.Tensor(one.Parameter).ToArray<float>();
            Assert.Equal(["a", "b"], one.Runs.Select(of => of.Run));
            Assert.Equal(weights.Length, numbers(one.Runs[0].Counts).Sum());
            Assert.Equal(weights.Average(x => (double)x), one.Runs[0].Mean, 10);
            Assert.True(one.From <= weights.Min() && weights.Max() <= one.To);
            Assert.Equal(weights.Count(x => x < one.From + (one.To - one.From) / 10), numbers(one.Runs[0].Counts)[0]);
        }
        Assert.NotEmpty(answer.Steps);
        int step = answer.Steps[0];
        Assert.NotEmpty(_runs.Ask(new WeightsRequest("a", Step: step), RunsJson.Default.WeightsAnswer).Parameters);
        Assert.StartsWith("weights ", Assert.Throws<ArgumentException>(() => _runs.Ask(new WeightsRequest("a", Step: 7),
            RunsJson.Default.WeightsAnswer)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Samples_are_those_that_each_state_makes_up()
    {
        Train("a");
        var answer = _runs.Ask(new SamplesRequest("a", 3), RunsJson.Default.SamplesAnswer);
        var kept = RunFolder.Open(_runs.PathOf("a")).KeptSteps;
        int[] steps = [.. answer.States.Select(state => state.Step)];
        Assert.Equal(Math.Min(8, kept.Count), steps.Length);
        Assert.Equal((kept[0], kept[^1]), (steps[0], steps[^1]));
        Assert.Subset(kept.ToHashSet(), steps.ToHashSet());
        Assert.All(answer.States, state => Assert.Equal(3, state.Samples.Count));
    }

    [Fact]
    public async Task A_run_that_trains_is_running_and_stops_when_it_is_asked_to()
    {
        var config = _small.Config(steps: 1_000_000);
        var training = TrainingRun.Start(_runs.PathOf("live"), config);
        var end = Task.Run(() => training.Train());
        Assert.Equal(RunStatus.Running, _runs.Session.Index["live"].Status);
        Assert.EndsWith("wait for its end, or stop it first", Assert.Throws<InvalidOperationException>(() => _runs.Ask(
            new ResumeRunRequest("live"), RunsJson.Default.DoneAnswer)).Message, StringComparison.Ordinal);
        Assert.Equal("live is asked to stop: it saves after its step, and can be resumed",
            _runs.Ask(new StopRunRequest("live"), RunsJson.Default.DoneAnswer).Done);
        Assert.Equal(TrainingEnd.Stopped, await end);
        RunFixture.Until(() => _runs.Session.Index["live"].Status == RunStatus.Stopped);
        Assert.True(Safetensors.Read(training.Folder.LastPath).Names.Count > 0);
    }

    [Fact]
    public void A_process_that_ends_at_once_says_why()
    {
        Train("a");
        var shell = new ProcessStartInfo("/bin/sh", ["-c", "echo there is no such file >&2; exit 1"])
            { RedirectStandardOutput = true, RedirectStandardError = true };
        var e = Assert.Throws<InvalidOperationException>(() => ResumeProcess.Start(shell,
            RunFolder.Open(_runs.PathOf("a")), TimeSpan.FromSeconds(20)));
        Assert.EndsWith("a: it ended at once: there is no such file", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_seen_is_saved_as_text_and_as_json()
    {
        _runs.Run("a,\"1\"", losses: [3, 2]);
        _runs.Run("b");
        _runs.Run("=1+1");
        Assert.Equal("name,valLoss\n'=1+1,\n\"a,\"\"1\"\"\",2\nb,\n", Text("csv"));
        Assert.Equal("""[{"name":"=1\u002B1"},{"name":"a,\u00221\u0022","valLoss":2},{"name":"b"}]""", Text("json"));
        string points = Encoding.UTF8.GetString(Export(new("csv", "points", Runs: ["a,\"1\""])));
        Assert.Equal("run,step,trainLoss,valLoss,learningRate,seconds,balanced accuracy", points.Split('\n')[0]);
        Assert.Equal("\"a,\"\"1\"\"\",10,1.9,2,0.1,5,0.8", points.Split('\n')[2]);

        string Text(string format) => Encoding.UTF8.GetString(Export(new(format, Sort: "name",
            Columns: ["name", "valLoss"])));
    }

    byte[] Export(ExportRequest request)
    {
        var file = _runs.Ask(request, RunsJson.Default.FileAnswer, out var numbers);
        Assert.Equal("uint8", file.Content.Kind);
        return [.. numbers(file.Content).Select(one => (byte)one)];
    }

    string Train(string name, ulong seed = 42)
    {
        var run = TrainingRun.Start(_runs.PathOf(name), _small.Config(seed));
        run.Train();
        run.Finish();
        return _runs.PathOf(name);
    }
}
