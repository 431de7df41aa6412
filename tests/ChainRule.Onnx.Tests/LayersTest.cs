using ChainRule.Formats;
using ChainRule.Layers;
using ChainRule.Randomness;

namespace ChainRule.Onnx.Tests;

/// <summary>Every layer, exported and run by ONNX Runtime on 1,000 random inputs.</summary>
public class LayersTest
{
    static readonly TorchRandom s_rng = new(7);

    public static TheoryData<string> Names => [.. Layers.Keys];

    static Dictionary<string, (Func<Module> Make, int[] Row)> Layers => new()
    {
        ["Linear"] = (() => new Linear(5, 3, s_rng), [5]),
        ["Linear of sequences"] = (() => new Linear(5, 3, s_rng), [4, 5]),
        ["Linear without bias"] = (() => new Linear(5, 3, s_rng, bias: false), [5]),
        ["LayerNorm"] = (() => new LayerNorm(6), [4, 6]),
        ["BatchNorm"] = (() => new BatchNorm(6), [6]),
        ["BatchNorm of images"] = (() => new BatchNorm(3, axis: 1), [3, 4, 5]),
        ["GroupNorm"] = (() => new GroupNorm(2, 6), [6, 5]),
        ["RmsNorm"] = (() => new RmsNorm(6), [4, 6]),
        ["Conv1d"] = (() => new Conv1d(3, 4, 3, s_rng, padding: 1), [3, 9]),
        ["Conv2d"] = (() => new Conv2d(3, 4, 3, s_rng, stride: 2, padding: 1), [3, 9, 7]),
        ["Conv2d, circular"] = (() => new Conv2d(2, 4, 3, s_rng, padding: 1,
            options: new() { PaddingMode = PaddingMode.Circular, Relu = true, Groups = 2 }), [2, 6, 7]),
        ["ConvTranspose1d"] = (() => new ConvTranspose1d(3, 2, 3, s_rng, stride: 2), [3, 5]),
        ["ConvTranspose2d"] = (() => new ConvTranspose2d(3, 2, 3, s_rng, stride: 2, padding: 1,
            options: new() { OutputPadding = 1 }), [3, 5, 4]),
        ["MaxPool2d"] = (() => new MaxPool2d(2), [3, 6, 7]),
        ["MaxPool1d"] = (() => new MaxPool1d(3), [3, 9]),
        ["AveragePool1d"] = (() => new AveragePool1d(3), [3, 9]),
        ["AdaptiveAveragePool1d"] = (() => new AdaptiveAveragePool1d(3), [3, 9]),
        ["AdaptiveMaxPool1d"] = (() => new AdaptiveMaxPool1d(3), [3, 9]),
        ["MultiHeadAttention"] = (() => new ToItself(), [6, 8]),
        ["AveragePool2d"] = (() => new AveragePool2d(3, stride: 2, padding: 1), [3, 6, 7]),
        ["AdaptiveAveragePool2d"] = (() => new AdaptiveAveragePool2d(2), [3, 6, 4]),
        ["AdaptiveMaxPool2d"] = (() => new AdaptiveMaxPool2d(1), [3, 6, 5]),
        ["GlobalAveragePool"] = (() => new GlobalAveragePool(), [3, 6, 5]),
        ["GlobalMaxPool"] = (() => new GlobalMaxPool(), [3, 6, 5]),
        ["Flatten"] = (() => new Flatten(), [3, 6, 5]),
        ["FlattenConsecutive"] = (() => new FlattenConsecutive(2), [6, 5]),
        ["Dropout"] = (() => new Dropout(0.5, s_rng), [6]),
        ["Glu"] = (() => new Glu(), [6]),
        ["PRelu"] = (() => new PRelu(6), [6]),
        ["Residual"] = (() => new Residual(new Linear(6, 6, s_rng)), [6]),
        ["RadialBasis"] = (() => new RadialBasis(Tensor.Randn([4, 6], s_rng), 1.5), [6]),
        ["Lstm"] = (() => new Lstm(5, 4, s_rng, new() { Layers = 2, Bidirectional = true }), [7, 5]),
        ["Gru"] = (() => new Gru(5, 4, s_rng), [7, 5]),
        ["Rnn"] = (() => new Rnn(5, 4, s_rng), [7, 5]),
        ["SelfAttention"] = (() => new SelfAttention(8, 2, s_rng), [6, 8]),
        ["SelfAttention, not causal"] = (() => new SelfAttention(8, 2, s_rng, new() { Causal = false }), [6, 8]),
        ["Relu"] = (() => new Relu(), [6]),
    };

    [Theory, MemberData(nameof(Names))]
    public void ALayer_RunsElsewhereToTheSameNumbers(string name)
    {
        var (make, row) = Layers[name];
        var layer = make();
        using var runtime = new Runtime(Formats.Onnx.Export(layer, Tensor.Randn([2, .. row], s_rng)));
        layer.Eval();
        foreach (int batch in (int[])[1, 7, 992])
        {
            var x = Tensor.Randn([batch, .. row], s_rng);
            Close.To(layer.Forward(x), runtime.Run(x));
        }
    }

    /// <summary>A layer of several inputs, which are here the same.</summary>
    sealed class ToItself : Module
    {
        MultiHeadAttention Attention { get; } = new(8, 2, s_rng);

        protected override Tensor Compute(Tensor x) => Attention.Forward(x, x, x);
    }
}
