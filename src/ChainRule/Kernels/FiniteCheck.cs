using System.Numerics;
using System.Runtime.InteropServices;

namespace ChainRule.Kernels;

/// <summary>Whether numbers are all finite, in one pass without a branch for each: 0 · x is 0 for every x but NaN and ±∞, for which it is NaN.</summary>
static class FiniteCheck
{
    public static bool All<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T first = ref MemoryMarshal.GetReference(x);
        Vector<T> a = default, b = default, c = default, d = default;
        int i = 0, lanes = Vector<T>.Count;
        for (; i <= x.Length - 4 * lanes; i += 4 * lanes)
        {
            a += Vector<T>.Zero * Vector.LoadUnsafe(ref first, (nuint)i);
            b += Vector<T>.Zero * Vector.LoadUnsafe(ref first, (nuint)(i + lanes));
            c += Vector<T>.Zero * Vector.LoadUnsafe(ref first, (nuint)(i + 2 * lanes));
            d += Vector<T>.Zero * Vector.LoadUnsafe(ref first, (nuint)(i + 3 * lanes));
        }
        T sum = Vector.Sum(a + b + (c + d));
        for (; i < x.Length; i++) sum += T.Zero * x[i];
        return sum == T.Zero;
    }
}
