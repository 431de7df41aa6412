using ChainRule.Randomness;

namespace ChainRule.Bench.Workloads;

/// <summary>C = op(A) op(B) in float32, where op is nothing or a transpose: [m, k] · [k, n].</summary>
sealed class Product : Workload
{
    readonly int _m, _k, _n;
    readonly bool _transposeA, _transposeB;
    readonly Tensor _a, _b;

    Product(int m, int k, int n, bool transposeA = false, bool transposeB = false)
    {
        (_m, _k, _n, _transposeA, _transposeB) = (m, k, n, transposeA, transposeB);
        var rng = new TorchRandom(Seed);
        _a = Tensor.Randn(transposeA ? [k, m] : [m, k], rng);
        _b = Tensor.Randn(transposeB ? [n, k] : [k, n], rng);
    }

    /// <summary>Squares in every transpose, and the products of a name generator's and a small GPT's layers.</summary>
    public static IEnumerable<Entry> All
    {
        get
        {
            foreach (int n in (int[])[32, 64, 128, 256, 512, 1024, 2048])
            {
                yield return new($"gemm-{n}", () => new Product(n, n, n));
                yield return new($"gemm-nt-{n}", () => new Product(n, n, n, transposeB: true));
                yield return new($"gemm-tn-{n}", () => new Product(n, n, n, transposeA: true));
            }
            foreach (var (m, k, n) in ((int, int, int)[])[(32, 30, 200), (32, 200, 27), (768, 128, 384),
                (768, 128, 512), (768, 512, 128)])
                yield return new($"gemm-{m}x{k}x{n}", () => new Product(m, k, n));
        }
    }

    public override double Flops => 2.0 * _m * _k * _n;

    public override void Step()
    {
        using var step = Scope.Begin();
        Compute();
    }

    public override double[] Check() => Sums.Of(Compute());

    Tensor Compute() => _a.MatMul(_b, _transposeA, _transposeB);
}
