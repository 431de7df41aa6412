using BenchmarkDotNet.Attributes;

namespace ChainRule.Kernels.Bench;

/// <summary>
/// Ops on a million numbers, [1000, 1000] in float32, forward alone and forward with backward: each
/// benchmark names its op.
/// </summary>
[MemoryDiagnoser]
public abstract class ForwardAndBack
{
    readonly Tensor _dy = Numbers.Tensor(1000, 1000), _short = Numbers.Tensor(1000), _one = Numbers.Tensor();

    /// <summary>[1000, 1000], which requires a gradient where backward is timed.</summary>
    protected Tensor X { get; } = Numbers.Tensor(1000, 1000);

    /// <summary>[1000]</summary>
    protected Tensor Row { get; } = Numbers.Tensor(1000);

    [Params(false, true)]
    public bool Backward { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        Compute.Threads = 1;
        X.RequireGrad(Backward);
    }

    /// <summary>Runs an op in a scope, as a training step would.</summary>
    protected void Run(Func<Tensor> op)
    {
        using var step = Scope.Begin();
        var y = op();
        if (!Backward) return;
        y.Backward(y.Rank switch { 0 => _one, 1 => _short, _ => _dy });
        X.ZeroGrad();
    }
}
