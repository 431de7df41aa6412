using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using ChainRule.Layers;

namespace ChainRule.Serving.Tests;

/// <summary>y = 2x, when it is let through: what it was asked for meanwhile waits. −1 is refused.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Nobody asks its semaphores for a handle.")]
sealed class Gate : Module
{
    readonly SemaphoreSlim _through = new(0), _asked = new(0);

    /// <summary>How many rows each batch had that was computed.</summary>
    public ConcurrentQueue<int> Batches { get; } = [];

    /// <summary>Lets as many batches through.</summary>
    public void Open(int batches) => _through.Release(batches);

    /// <summary>Ends when a batch stands before it.</summary>
    public void Await() => _asked.Wait();

    protected override Tensor Compute(Tensor x)
    {
        _asked.Release();
        _through.Wait();
        Batches.Enqueue(x.Shape[0]);
        if (x.ToArray<float>().Contains(-1)) throw new ArgumentException("gate: −1 is refused: give another number");
        return x * 2;
    }
}
