using System.Numerics;
using System.Runtime.InteropServices;

namespace ChainRule.Kernels;

/// <summary>Σ x², added up in double whatever the number type: what the norm of a million gradients rests on.</summary>
static class SquareSum
{
    public static double Of<T>(ReadOnlySpan<T> x) where T : unmanaged, INumber<T> =>
        typeof(T) == typeof(float) ? OfSingles(MemoryMarshal.Cast<T, float>(x)) : OfDoubles(MemoryMarshal.Cast<T, double>(x));

    static double OfSingles(ReadOnlySpan<float> x)
    {
        Vector<double> even = default, odd = default;
        int i = 0, lanes = Vector<float>.Count;
        for (; i <= x.Length - lanes; i += lanes)
        {
            Vector.Widen(new Vector<float>(x[i..]), out var low, out var high);
            even += low * low;
            odd += high * high;
        }
        double sum = Vector.Sum(even + odd);
        for (; i < x.Length; i++) sum += (double)x[i] * x[i];
        return sum;
    }

    static double OfDoubles(ReadOnlySpan<double> x)
    {
        Vector<double> sums = default;
        int i = 0, lanes = Vector<double>.Count;
        for (; i <= x.Length - lanes; i += lanes)
        {
            var v = new Vector<double>(x[i..]);
            sums += v * v;
        }
        double sum = Vector.Sum(sums);
        for (; i < x.Length; i++) sum += x[i] * x[i];
        return sum;
    }
}
