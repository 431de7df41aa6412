using BenchmarkDotNet.Attributes;

namespace ChainRule.Kernels.Bench;

/// <summary>Functions of one number and of two, with and without broadcasting.</summary>
public class ElementwiseBenchmark : ForwardAndBack
{
    [Benchmark]
    public void Add() => Run(() => X + X);

    [Benchmark]
    public void AddRow() => Run(() => X + Row);

    [Benchmark]
    public void Multiply() => Run(() => X * X);

    [Benchmark]
    public void MultiplyRow() => Run(() => X * Row);

    [Benchmark]
    public void Exp() => Run(() => X.Exp());

    [Benchmark]
    public void Tanh() => Run(() => X.Tanh());

    [Benchmark]
    public void Sigmoid() => Run(() => X.Sigmoid());

    [Benchmark]
    public void Relu() => Run(() => X.Relu());

    [Benchmark]
    public void Gelu() => Run(() => X.Gelu());

    [Benchmark]
    public void GeluTanh() => Run(() => X.GeluTanh());
}
