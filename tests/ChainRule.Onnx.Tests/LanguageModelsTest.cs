using ChainRule.Cli.Exporting;
using ChainRule.Formats;
using ChainRule.Randomness;
using ChainRule.Zoo.Models;
using Microsoft.ML.OnnxRuntime;

namespace ChainRule.Onnx.Tests;

/// <summary>Language models with any number of steps, and step by step with a cache.</summary>
public class LanguageModelsTest
{
    static readonly TorchRandom s_rng = new(5);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AGpt_ReadsAnyNumberOfSteps(bool tied)
    {
        var model = new Gpt(new(Context: 16, Width: 32, Layers: 2, Heads: 4, TiedHead: tied), 27, new TorchRandom(1));
        model.Eval();
        var file = Formats.Onnx.Export(model, Ids.Random([2, 16], 0, 27, s_rng), new DynamicAxis(0, "batch"),
            new DynamicAxis(1, "steps", Most: 16));
        Assert.Equal("input int64 [batch, steps]", Assert.Single(file.Inputs).ToString());
        Assert.Equal("output float32 [batch, steps, 27]", Assert.Single(file.Outputs).ToString());
        using var runtime = new Runtime(file);
        foreach (var (batch, steps) in ((int, int)[])[(1, 1), (3, 5), (7, 16)])
        {
            var ids = Ids.Random([batch, steps], 0, 27, s_rng);
            Close.To(model.Forward(ids), runtime.Run(ids));
        }
    }

    [Theory]
    [InlineData("bag of words")]
    [InlineData("lstm")]
    public void AModelWithoutALoopOverSteps_ReadsAnyNumberOfThem(string name)
    {
        LanguageModel model = name == "lstm" ? new LstmModel(new(Context: 8, Width: 6, Hidden: 12), 27,
            new TorchRandom(1))
            : new BagOfWords(new(Context: 8, Width: 6, Hidden: 12), 27, new TorchRandom(1));
        model.Eval();
        using var runtime = new Runtime(Formats.Onnx.Export(model, Ids.Random([2, 8], 0, 27, s_rng),
            new DynamicAxis(0, "batch"), new DynamicAxis(1, "steps", Most: 8)));
        foreach (int steps in (int[])[1, 4, 8])
        {
            var ids = Ids.Random([3, steps], 0, 27, s_rng);
            Close.To(model.Forward(ids), runtime.Run(ids));
        }
    }

    [Fact]
    public void AGptWithACache_ReadsStepByStepWhatItReadsAtOnce()
    {
        var model = new Gpt(new(Context: 16, Width: 32, Layers: 2, Heads: 4), 27, new TorchRandom(1));
        model.Eval();
        using var runtime = new Runtime(GptCache.Export(model));
        var ids = Ids.Random([3, 16], 0, 27, s_rng);
        var all = model.Forward(ids);
        Dictionary<string, OrtValue> given = [];
        for (int block = 0; block < 2; block++)
            (given[$"keys_{block}"], given[$"values_{block}"]) =
                (Runtime.Value(Tensor.Zeros([3, 4, 0, 8])), Runtime.Value(Tensor.Zeros([3, 4, 0, 8])));
        for (int step = 0; step < 16; step++)
        {
            given["input"] = Runtime.Value(Ids.From([.. Enumerable.Range(0, 3).Select(row => ids[row * 16 + step])],
                [3, 1]));
            var made = runtime.Run(given);
            Close.To(all.Select(1, step), made["output"]);
            for (int block = 0; block < 2; block++)
                (given[$"keys_{block}"], given[$"values_{block}"]) = (Runtime.Value(made[$"new_keys_{block}"]),
                    Runtime.Value(made[$"new_values_{block}"]));
        }
    }

    [Theory]
    [InlineData("rnn")]
    [InlineData("gru")]
    public void ALoopOverSteps_IsRefusedWithAnyNumberOfThem(string name)
    {
        var sizes = new RecurrentModelOptions(Context: 8, Width: 4, Hidden: 5);
        LanguageModel model = name == "rnn" ? new RnnModel(sizes, 27, s_rng) : new GruModel(sizes, 27, s_rng);
        var refused = Assert.ThrowsAny<ArgumentException>(() =>
            Formats.Onnx.Export(model, Ids.Random([2, 8], 0, 27, s_rng),
            new DynamicAxis(0, "batch"), new DynamicAxis(1, "steps", Most: 8)));
        Assert.StartsWith("onnx: which ops run depends on the size of the axis 'steps': op ", refused.Message);
        Assert.EndsWith(": export it with this axis fixed", refused.Message);
    }
}
