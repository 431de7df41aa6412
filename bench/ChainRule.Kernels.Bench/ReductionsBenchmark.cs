using BenchmarkDotNet.Attributes;

namespace ChainRule.Kernels.Bench;

/// <summary>Sums and their kin over columns, rows, and everything.</summary>
public class ReductionsBenchmark : ForwardAndBack
{
    [Benchmark]
    public void Sum() => Run(() => X.Sum());

    [Benchmark]
    public void SumOfColumns() => Run(() => X.Sum(0));

    [Benchmark]
    public void SumOfRows() => Run(() => X.Sum(1));

    [Benchmark]
    public void MeanOfColumns() => Run(() => X.Mean(0));

    [Benchmark]
    public void VarOfColumns() => Run(() => X.Var(0));

    [Benchmark]
    public void VarOfRows() => Run(() => X.Var(1));

    [Benchmark]
    public void MaxOfRows() => Run(() => X.Max(1));
}
