using System.Runtime.CompilerServices;

namespace ChainRule.Kernels;

/// <summary>
/// Functions that rest on the exponential, for vectors of any width and number type. What float32 needs is written out
/// in the loop that calls it; what only float64 needs stays outside, or the compiler, which weighs both before it drops
/// one, would write out neither.
/// </summary>
public static class Exponentials
{
    /// <summary>
    /// exp x = 2ⁿ (1 + g), to about one unit in the last place; infinite, 0 and in between far out, as it should be.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<V>(V x) where V : struct, INumbers<V>
    {
        // Beyond these ends the result is 0 or infinite anyway. The order of the operands lets NaN through.
        x = V.Max(V.Of(V.IsSingle ? -104 : -746), V.Min(V.Of(V.IsSingle ? 89 : 710), x));
        var g = Growth(x, out var n);
        return V.Scale(V.Of(1) + g, n);
    }

    /// <summary>exp(x) − 1 = 2ⁿ g + (2ⁿ − 1), also where exp(x) rounds to 1; for x below 40.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Expm1<V>(V x) where V : struct, INumbers<V>
    {
        var g = Growth(V.Max(V.Of(-80), x), out var n);
        var power = V.Scale(V.Of(1), n);
        return V.MultiplyAdd(power, g, power - V.Of(1));
    }

    /// <summary>1 / (1 + exp(−x)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid<V>(V x) where V : struct, INumbers<V> => V.Of(1) / (V.Of(1) + Exp(-x));

    /// <summary>
    /// tanh |x| = e / (e + 2) with e = exp(2|x|) − 1, which keeps its digits near 0; the sign of x is put back.
    /// Beyond 20 it is 1.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<V>(V x) where V : struct, INumbers<V>
    {
        var size = V.Abs(x);
        var e = Expm1(V.Min(V.Of(40), size + size));
        return V.Signed(e / (e + V.Of(2)), x);
    }

    /// <summary>ln(1 + x), also where 1 + x rounds to 1: the rounding of the sum divides out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log1p<V>(V x) where V : struct, INumbers<V>
    {
        V sum = V.Of(1) + x, added = sum - V.Of(1), log = V.Log(sum);
        // A sum that x alone fills is x, which may be infinite.
        return V.Select(V.Equal(added, V.Of(0)), x, V.Select(V.Equal(sum, x), log, log * x / added));
    }

    /// <summary>ln(1 + exp x) = max(x, 0) + ln(1 + exp(−|x|)), which nothing overflows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Softplus<V>(V x) where V : struct, INumbers<V> => V.Max(V.Of(0), x) + Log1p(Exp(-V.Abs(x)));

    /// <summary>
    /// exp r − 1 for what is left of x when a multiple of ln 2 is taken off: x = n ln 2 + r, |r| ≤ ½ ln 2.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V Growth<V>(V x, out V n) where V : struct, INumbers<V>
    {
        n = V.Round(x * V.Of(1.4426950408889634));
        // ln 2 in two parts: the first so short that its product with n is exact. (exp r − 1 − r) / r² is a
        // Chebyshev fit in 40 digits.
        var r = V.MultiplyAdd(n, V.Of(V.IsSingle ? 2.12194440e-4 : -1.90821492927058770002e-10),
            V.MultiplyAdd(n, V.Of(V.IsSingle ? -0.693359375 : -6.93147180369123816490e-01), x));
        return V.MultiplyAdd(V.IsSingle ? GrowthSingle(r) : GrowthDouble(r), r * r, r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V GrowthSingle<V>(V r) where V : struct, INumbers<V> =>
        V.Horner(0.0013933652487807975, r, 0.008363181544674816, 0.04166646489535542, 0.16666576967247593,
            0.5000000013470303);

    static V GrowthDouble<V>(V r) where V : struct, INumbers<V> =>
        V.Of(2.5105217695684516e-08).Then(r, 2.762008948195459e-07).Then(r, 2.755725539833871e-06)
        .Then(r, 2.4801521293463862e-05)
            .Then(r, 0.00019841269874822307).Then(r, 0.0013888888917215586).Then(r, 0.008333333333326134)
            .Then(r, 0.04166666666662412)
            .Then(r, 0.1666666666666667).Then(r, 0.5000000000000001);

    /// <summary>1 − erf(x), in full relative precision down the right tail.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Erfc<V>(V x) where V : struct, INumbers<V>
    {
        var z = V.Abs(x);
        var r = V.Of(1) / (z + V.Of(2));
        V t = V.MultiplyAdd(r, V.Of(-4), V.Of(1)), p = V.IsSingle ? TailSingle(t) : TailDouble(t);
        var tail = Exp(-z * z) * (p * r);
        return V.Select(V.Greater(V.Of(0), x), V.Of(2) - tail, tail);
    }

    // exp(z²) erfc(z) / r with r = 1 / (2 + z), as a polynomial in t = 1 − 4r: a Chebyshev fit in 40 digits, relative
    // error below 2e-8 for float32 and 3e-15 for float64 at every z ≥ 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V TailSingle<V>(V t) where V : struct, INumbers<V>
    {
        V t2 = t * t, t4 = t2 * t2;
        var p = Cubic(t, t2, -0.0005987654237862137, 6.590307930075582e-05, 8.432239423287463e-05,
            2.654790728682763e-06);
        p = V.MultiplyAdd(p, t4, Cubic(t, t2, -0.021503252373083807, 0.006483709790996772, 0.003058314321251999,
            -0.0008540403022032134));
        return V.MultiplyAdd(p, t4, Cubic(t, t2, 1.0215827138318905, -0.687160665940191, 0.2794714670438492,
            -0.036442768491554776));
    }

    static V TailDouble<V>(V t) where V : struct, INumbers<V> =>
        V.Of(-1.3532515115390576e-08).Then(t, -1.0107101428718229e-08).Then(t, 1.0472575662443906e-07)
        .Then(t, 1.3330466082240165e-07)
            .Then(t, -3.036496591236892e-07).Then(t, -7.457140085714946e-07).Then(t, -2.585563065493411e-08)
            .Then(t, 2.1509987957696923e-06)
            .Then(t, 3.6655303411491106e-06).Then(t, -1.212470215416399e-06).Then(t, -1.613172199112754e-05)
            .Then(t, -2.1661704566507213e-05)
            .Then(t, 3.4152400835926335e-05).Then(t, 0.00014446160130909401).Then(t, 3.437070516541631e-05)
            .Then(t, -0.0006630719547125938)
            .Then(t, -0.0008372959690431886).Then(t, 0.0030906119031380037).Then(t, 0.006479185061088026)
            .Then(t, -0.02151066188133468)
            .Then(t, -0.036442231506660365).Then(t, 0.2794720925558874).Then(t, -0.6871606844138127).Then(t,
                1.0215827052420234);

    /// <summary>
    /// erf x, in full relative precision near 0 too, where it is its series 2/√π Σ (−1)ⁿ x²ⁿ⁺¹ / (n! (2n + 1)).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Erf<V>(V x) where V : struct, INumbers<V>
    {
        V size = V.Abs(x), z = size * size, series = size * (V.IsSingle ? SeriesSingle(z) : SeriesDouble(z));
        return V.Signed(V.Select(V.Greater(V.Of(1), size), series, V.Of(1) - Erfc(size)), x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V SeriesSingle<V>(V z) where V : struct, INumbers<V> =>
        V.Of(1.4807192815879218e-08).Then(z, -1.6365844691234924e-07).Then(z, 1.6462114365889246e-06)
        .Then(z, -1.492565035840625e-05)
            .Then(z, 0.00012055332981789664).Then(z, -0.0008548327023450852).Then(z, 0.005223977625442188)
            .Then(z, -0.026866170645131252)
            .Then(z, 0.11283791670955126).Then(z, -0.37612638903183754).Then(z, 1.1283791670955126);

    static V SeriesDouble<V>(V z) where V : struct, INumbers<V> =>
        V.Of(-2.3784598852774293e-19).Then(z, 4.763348040515068e-18).Then(z, -9.063970842808673e-17)
        .Then(z, 1.6342614095367152e-15)
            .Then(z, -2.7835162072109212e-14).Then(z, 4.4632242632864775e-13).Then(z, -6.7113668551641105e-12)
            .Then(z, 9.422759064650411e-11)
            .Then(z, -1.2290555301717926e-09).Then(z, 1.4807192815879218e-08).Then(z, -1.6365844691234924e-07)
            .Then(z, 1.6462114365889246e-06)
            .Then(z, -1.492565035840625e-05).Then(z, 0.00012055332981789664).Then(z, -0.0008548327023450852)
            .Then(z, 0.005223977625442188)
            .Then(z, -0.026866170645131252).Then(z, 0.11283791670955126).Then(z, -0.37612638903183754).Then(z,
                1.1283791670955126);

    /// <summary>
    /// Φ(−z) = ½ erfc(z / √2): what of a normal distribution lies beyond z ≥ 0, in full relative precision.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V NormalTail<V>(V z) where V : struct, INumbers<V> =>
        V.IsSingle ? NormalTailSingle(V.Min(V.Of(14.5), z)) : NormalTailDouble(z);

    // 2ⁿ 2ʳ P(z) / Q(z) with n + r = −z² / (2 ln 2). 2ʳ and ½ erfc(z / √2) exp(z² / 2) are minimax fits, of a
    // relative error below 1e-7 and 6e-9 up to 14.5, beyond which the result is 0. All coefficients are
    // positive: no digits cancel.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V NormalTailSingle<V>(V z) where V : struct, INumbers<V>
    {
        V power = z * z * V.Of(-0.7213475204444817), n = V.Round(power), r = power - n;
        var p = V.Horner(0.004116304318, z, 0.04063319608, 0.1832350489, 0.4382948323, 0.500000003);
        var q = V.MultiplyAdd(V.Horner(0.01031792505, z, 0.1018587653, 0.4694703946, 1.202502775, 1.674474646), z,
            V.Of(1));
        var growth = V.MultiplyAdd(V.Horner(0.001326473537, r, 0.009671512617, 0.05550733716, 0.2402224209,
            0.6931469776), r, V.Of(1));
        return V.Scale(growth * p, n) / q;
    }

    static V NormalTailDouble<V>(V z) where V : struct, INumbers<V> =>
        V.Of(0.5) * Erfc(V.Min(V.Of(40), z) * V.Of(0.7071067811865476));

    /// <summary>p x + c: one step of Horner's rule, from the last coefficient to the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V Then<V>(this V p, V x, double c) where V : struct, INumbers<V> => V.MultiplyAdd(p, x, V.Of(c));

    /// <summary>
    /// c₀ + c₁ x + c₂ x² + c₃ x³, given x²: cubes of one polynomial are computed side by side, where Horner's steps
    /// wait for one another.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V Cubic<V>(V x, V x2, double c0, double c1, double c2, double c3) where V : struct, INumbers<V> =>
        V.MultiplyAdd(V.Of(c3).Then(x, c2), x2, V.Of(c1).Then(x, c0));
}
