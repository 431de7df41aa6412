using System.Numerics;
using ChainRule.Kernels;

namespace ChainRule.Tests.Kernels;

public sealed class DotTest
{
    [Fact]
    public void It_has_the_bits_of_the_definition()
    {
        foreach (int n in (int[])[.. Enumerable.Range(0, 150), 1000, 4095, 4096, 4097, 9000])
        {
            AssertSameBits<float>(n);
            AssertSameBits<double>(n);
        }
    }

    [Fact]
    public void The_near_one_errs_by_few_roundings()
    {
        var rng = new Random(1);
        float[] a = [.. Enumerable.Range(0, 5000).Select(_ => rng.NextSingle())],
            b = [.. Enumerable.Range(0, 5000).Select(_ => rng.NextSingle())];
        double exact = a.Zip(b, (x, y) => (double)x * y).Sum();
        Assert.InRange(Math.Abs(Dot.Near<float>(a, b) - exact) / exact, 0, 1.2e-7);
    }

    [Fact]
    public void Factors_of_two_lengths_are_refused() =>
        Assert.ThrowsAny<ArgumentOutOfRangeException>(() => Dot.Of<float>([1, 2, 3], [1, 2]));

    static void AssertSameBits<T>(int n) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var rng = new Random(n);
        T[] a = [.. Enumerable.Range(0, n).Select(_ => T.CreateTruncating(rng.NextDouble() - 0.5))],
            b = [.. a.Select(x => x + T.One)];
        Assert.Equal(BitConverter.DoubleToInt64Bits(Dot.Naive<T>(a, b)),
            BitConverter.DoubleToInt64Bits(Dot.Of<T>(a, b)));
    }
}
