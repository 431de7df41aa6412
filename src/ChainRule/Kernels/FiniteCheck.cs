using System.Numerics;
using System.Runtime.InteropServices;

namespace ChainRule.Kernels;

/// <summary>
/// Whether numbers are all finite, in one addition for each vector: a sum that is finite has no other terms. Only where
/// it is not, because a term is NaN or infinite or because finite ones add up to more than the type holds, are the
/// numbers looked at one by one.
/// </summary>
static class FiniteCheck
{
    public static bool All<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T first = ref MemoryMarshal.GetReference(x);
        Vector<T> a = default, b = default, c = default, d = default, e = default, f = default,
            g = default, h = default;
        int i = 0, lanes = Vector<T>.Count;
        for (; i <= x.Length - 8 * lanes; i += 8 * lanes)
        {
            a += Vector.LoadUnsafe(ref first, (nuint)i);
            b += Vector.LoadUnsafe(ref first, (nuint)(i + lanes));
            c += Vector.LoadUnsafe(ref first, (nuint)(i + 2 * lanes));
            d += Vector.LoadUnsafe(ref first, (nuint)(i + 3 * lanes));
            e += Vector.LoadUnsafe(ref first, (nuint)(i + 4 * lanes));
            f += Vector.LoadUnsafe(ref first, (nuint)(i + 5 * lanes));
            g += Vector.LoadUnsafe(ref first, (nuint)(i + 6 * lanes));
            h += Vector.LoadUnsafe(ref first, (nuint)(i + 7 * lanes));
        }
        for (; i <= x.Length - lanes; i += lanes) a += Vector.LoadUnsafe(ref first, (nuint)i);
        T sum = Vector.Sum(a + b + (c + d) + (e + f + (g + h)));
        for (; i < x.Length; i++) sum += x[i];
        return T.IsFinite(sum) || OneByOne(x);
    }

    static bool OneByOne<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var one in x) if (!T.IsFinite(one)) return false;
        return true;
    }
}
