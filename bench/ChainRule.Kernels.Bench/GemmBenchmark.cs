using BenchmarkDotNet.Attributes;

namespace ChainRule.Kernels.Bench;

/// <summary>
/// C = op(A) op(B): squares, and the products of a name generator's and a small GPT's layers, in every transpose.
/// </summary>
public class GemmBenchmark
{
    float[] _a = [], _b = [], _c = [];
    int _m, _k, _n;

    [Params("32x32x32", "128x128x128", "512x512x512", "1024x1024x1024", "32x30x200", "32x200x27", "768x128x384",
        "768x128x512", "768x512x128")]
    public string Size { get; set; } = "";

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        Compute.Threads = Threads;
        (_m, _k, _n) = Array.ConvertAll(Size.Split('x'), int.Parse) is [var m, var k, var n] ? (m, k, n)
            : throw new FormatException(Size);
        (_a, _b, _c) = (Numbers.Make(_m * _k), Numbers.Make(_k * _n), new float[_m * _n]);
    }

    [Benchmark(Description = "A B", Baseline = true)]
    public void Plain() => Gemm.Multiply<float>(_m, _k, _n, _a, false, _b, false, _c, add: false);

    [Benchmark(Description = "A Bᵀ")]
    public void RightTransposed() => Gemm.Multiply<float>(_m, _k, _n, _a, false, _b, true, _c, add: false);

    [Benchmark(Description = "Aᵀ B")]
    public void LeftTransposed() => Gemm.Multiply<float>(_m, _k, _n, _a, true, _b, false, _c, add: false);

    [Benchmark(Description = "Aᵀ Bᵀ")]
    public void BothTransposed() => Gemm.Multiply<float>(_m, _k, _n, _a, true, _b, true, _c, add: false);

    [Benchmark(Description = "C + A B")]
    public void Added() => Gemm.Multiply<float>(_m, _k, _n, _a, false, _b, false, _c, add: true);
}
