using ChainRule.Formats;
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
        Assert.Equal("nothing: there is no such folder: give one that 'chainrule train' wrote",
            _small.Run("export", "nothing", "--to", "onnx").Refused(1));
    }
}
