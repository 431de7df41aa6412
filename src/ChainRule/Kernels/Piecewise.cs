using System.Runtime.CompilerServices;

namespace ChainRule.Kernels;

/// <summary>
/// Functions that compare, for formulas. A comparison with NaN does not hold, and would pass NaN by in silence:
/// these give NaN for NaN.
/// </summary>
public static class Piecewise
{
    /// <summary>y, but NaN where x is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V OrNaN<V>(V x, V y) where V : struct, INumbers<V> => V.Select(V.Equal(x, x), y, x);

    /// <summary>1 where a comparison holds, 0 elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Step<V>(V mask) where V : struct, INumbers<V> => V.Select(mask, 1, 0);

    /// <summary>−1, 0 or 1, as x is below 0, at 0 or above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sign<V>(V x) where V : struct, INumbers<V> =>
        OrNaN(x, Step(V.Greater(x, 0)) - Step(V.Greater(0, x)));

    /// <summary>1 where a is above b, ½ where both are equal, 0 where a is below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Above<V>(V a, V b) where V : struct, INumbers<V> =>
        OrNaN(a, OrNaN(b, V.Select(V.Equal(a, b), 0.5, Step(V.Greater(a, b)))));

    /// <summary>x, or the low end where it is below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V AtLeast<V>(double low, V x) where V : struct, INumbers<V> => V.Max(low, x);

    /// <summary>x, held between −end and end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Within<V>(double end, V x) where V : struct, INumbers<V> => V.Min(end, V.Max(-end, x));

    /// <summary>1 where low &lt; x &lt; high, 0 elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Between<V>(double low, V x, double high) where V : struct, INumbers<V> =>
        OrNaN(x, V.Select(V.Greater(x, low), Step(V.Greater(high, x)), 0));

    /// <summary>
    /// g where y = x g(x), and g(0) = ½: what a gate such as σ or Φ let through, without computing it again.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Gate<V>(V x, V y) where V : struct, INumbers<V> => V.Select(V.Greater(1e-30, V.Abs(x)), 0.5, y / x);
}
