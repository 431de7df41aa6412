using BenchmarkDotNet.Attributes;
using ChainRule.Randomness;

namespace ChainRule.Kernels.Bench;

/// <summary>Functions of whole rows: softmax, cross-entropy, norms.</summary>
public class RowsBenchmark : ForwardAndBack
{
    readonly Ids _targets = Ids.Random([1000], 0, 1000, new TorchRandom(1));
    readonly Tensor _gain = Tensor.Ones([1000]), _bias = Tensor.Zeros([1000]);

    [Benchmark]
    public void Softmax() => Run(() => X.Softmax());

    [Benchmark]
    public void LogSoftmax() => Run(() => X.LogSoftmax());

    [Benchmark]
    public void CrossEntropy() => Run(() => X.CrossEntropy(_targets));

    [Benchmark]
    public void LayerNorm() => Run(() => X.LayerNorm(_gain, _bias));

    [Benchmark]
    public void BatchNorm() => Run(() => X.BatchNorm(_gain, _bias, 1e-5, out _, out _));
}
