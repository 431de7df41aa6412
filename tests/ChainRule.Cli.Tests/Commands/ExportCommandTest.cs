using ChainRule.Formats;
using ChainRule.Tests.Events;
using ChainRule.Zoo.Images;
using ChainRule.Zoo.Runs;

namespace ChainRule.Cli.Tests.Commands;

public sealed class ExportCommandTest : IDisposable
{
    readonly SmallTraining _small = new();

    public void Dispose() => _small.Dispose();

    string[] Exported(params string[] args) => _small.Run(["export", "run", "--to", "onnx", .. args]).Well().Lines;

    [Theory]
    [InlineData("names", "gpt", "  in:  input int64 [batch, steps]", "  out: output float32 [batch, steps, 27]")]
    [InlineData("names", "wavenet", "  in:  input int64 [batch, 8]", "  out: output float32 [batch, 27]")]
    [InlineData("sequences", "gru", "  in:  input float32 [batch, steps, 4]",
        "  out: output float32 [batch, steps, 4]")]
    [InlineData("patterns", "hopfield", "  in:  input float64 [batch, 64]", "  out: output float64 [batch, 64]")]
    public void A_run_is_written_beside_its_model(string task, string model, string goesIn, string comesOut)
    {
        _small.Run(["train", task, .. task == "patterns" ? [] : (string[])["--model", model, "--steps", "2"], "--out",
            "run"])
            .Well();
        string[] lines = Exported();
        Assert.Matches(@"^run/model\.onnx: [0-9,]+ kB, [0-9]+ operators of opset 17$", lines[0]);
        Assert.Equal([goesIn, comesOut], lines[1..]);
        Assert.Equal(["output"], Onnx.Import(_small.PathOf("run/model.onnx")).Outputs.Select(port => port.Name));
    }

    [Fact]
    public void Pixels_go_in_and_probabilities_come_out()
    {
        _small.Run("train", "images", "--model", "lenet", "--steps", "2", "--out", "run").Well();
        Assert.Equal(["  in:  image float32 [batch, 1, 28, 28]", "  out: probabilities float32 [batch, 10]"],
            Exported("--out", "digits.onnx")[1..]);
        var saved = SavedModel.Load(_small.PathOf("run"));
        var encoding = (ImageEncoding)saved.Preprocessing;
        var pixels = Tensor.Rand([3, 1, 28, 28], new Randomness.TorchRandom(1));
        var expected = encoding.Probabilities(saved.Model.Forward((pixels - encoding.Mean[0]) / encoding.Std[0]));
        float[] actual = Onnx.Import(_small.PathOf("digits.onnx")).Forward(pixels).ToArray<float>();
        Assert.Equal(expected.ToArray<float>(), actual, (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void The_columns_of_a_table_go_in()
    {
        _small.Run("fit", "--model", "linear", "--out", "run").Well();
        string[] lines = Exported();
        Assert.StartsWith("  in:  ", lines[1], StringComparison.Ordinal);
        Assert.Contains(" float64 [batch, 1]; ", lines[1], StringComparison.Ordinal);
        Assert.Equal("  out: prediction float32 [batch, 1]", lines[2]);
    }

    [Fact]
    public void A_gpt_is_written_with_its_cache_and_nothing_else_is()
    {
        _small.Run("train", "names", "--model", "gpt", "--steps", "2", "--set", "layers=1", "--out", "run").Well();
        Assert.Equal("  out: output float32 [batch, 27]; new_keys_0 float32 [batch, 4, past+1, 16]; "
            + "new_values_0 float32 [batch, 4, past+1, 16]",
            Exported("--cache")[2]);
        _small.Run("train", "names", "--model", "bigram", "--steps", "2", "--out", "other").Well();
        Assert.Equal("export: --cache is of a gpt, whose blocks remember keys and values, and other holds a bigram: "
            + "leave it out", _small.Run("export", "other", "--to", "onnx", "--cache").Refused(1));
        Assert.Equal("nothing: there is no such folder: give one "
            + "that 'chainrule train', 'fit', 'map' or 'recommend fit' wrote",
            _small.Run("export", "nothing", "--to", "onnx").Refused(1));
    }

    [Fact]
    public void Weights_are_written_as_they_are_or_rounded()
    {
        _small.Run("train", "names", "--model", "gpt", "--steps", "2", "--out", "run").Well();
        string[] whole = _small.Run("export", "run", "--to", "safetensors").Well().Lines,
            rounded = _small.Run("export", "run", "--to", "safetensors", "--weights", "int8", "--out",
                "small.safetensors").Well().Lines;
        Assert.Matches(@"^run/weights\.safetensors: [0-9,]+ kB, [0-9,]+ parameters$", Assert.Single(whole));
        Assert.Matches(@"^small\.safetensors: [0-9,]+ kB, [0-9,]+ parameters$", rounded[0]);
        Assert.Matches(@"^  rounded the most: [a-z_0-9.]+: largest [0-9.E-]+, relative 0\.0[0-9]+$", rounded[1]);
        Assert.InRange(new FileInfo(_small.PathOf("small.safetensors")).Length, 1,
            0.35 * new FileInfo(_small.PathOf("run/weights.safetensors")).Length);
        Assert.Equal("export: run/model.safetensors is a file that the run itself needs: give another name",
            _small.Run("export", "run", "--to", "safetensors", "--out", "run/model.safetensors").Refused(1));
        Assert.Equal("export: --weights is of --to safetensors: leave it out",
            _small.Run("export", "run", "--to", "onnx", "--weights", "f16").Refused(1));
    }

    [Fact]
    public void A_run_is_written_as_events_of_TensorBoard()
    {
        _small.Train("run", 20, "--set", "evalEvery=5");
        string[] lines = _small.Run("export", "run", "--to", "tensorboard").Well().Lines;
        Assert.Equal(2, lines.Length);
        Assert.Matches(@"^run/tensorboard/events\.out\.tfevents\.[0-9]+\.[^ ]*: [0-9,]+ kB$", lines[0]);
        Assert.Equal("  to look at it: tensorboard --logdir run/tensorboard", lines[1]);
        var run = RunFolder.Open(_small.PathOf("run"));
        var metrics = run.ReadMetrics();
        var read = EventReader.Folder(_small.PathOf("run/tensorboard"));
        ReadEvent[] All(string tag) => [.. read.Where(one => one.Tag == tag)];
        Assert.Equal(metrics.Select(line => ((long)line.Step, (float)line.ValLoss)),
            All("loss/validation").Select(one => (one.Step, one.Number)));
        Assert.Equal(metrics.Where(line => line.TrainLoss is not null)
            .Select(line => ((long)line.Step, (float)line.TrainLoss!.Value)),
            All("loss/training").Select(one => (one.Step, one.Number)));
        double[] times = [.. All("learning rate").Select(one => one.Time)];
        Assert.Equal(metrics[^1].Seconds, times[^1] - times[0], 1e-3);
        var layers = run.ReadLayers();
        string name = layers[0].Weights.Keys.First();
        Assert.Equal(layers.Select(line => (float)line.Gradients[name]),
            All($"gradient size/{name}").Select(one => one.Number));
        Assert.Equal(run.KeptSteps.Select(step => (long)step).Union([(long)run.ReadSummary()!.BestStep]).Order(),
            All($"weights/{name}").Select(one => one.Step));
        Assert.Contains("| seed | 42 |", Assert.Single(All("settings")).Value!.In(8).Text(8), StringComparison.Ordinal);
        Assert.Contains("    " + run.ReadSummary()!.Samples[0], Assert.Single(All("samples/best model")).Value!.In(8)
            .Text(8), StringComparison.Ordinal);
        Assert.NotEmpty(All("samples/kept states"));
        Assert.Single(All("_hparams_/session_end_info"));
        Assert.Equal("export: run/tensorboard holds events already, and TensorBoard would show both over each other: "
            + "delete them, or give another folder by --out",
            _small.Run("export", "run", "--to", "tensorboard").Refused(1));
        Assert.Equal("export: --cache is of --to onnx: leave it out",
            _small.Run("export", "run", "--to", "tensorboard", "--cache", "--out", "x").Refused(1));
    }

    [Fact]
    public void The_first_filters_of_a_model_of_images_are_pictures()
    {
        _small.Run("train", "images", "--model", "lenet", "--steps", "2", "--out", "run").Well();
        _small.Run("export", "run", "--to", "tensorboard", "--out", "logs/digits").Well();
        var pictures = EventReader.Folder(_small.PathOf("logs/digits")).Where(one => one.Tag == "first filters");
        Assert.Equal([(17L, 11L)], pictures.Select(one => (one.Value!.In(4).Whole(2), one.Value.In(4).Whole(1)))
            .Distinct());
    }
}
