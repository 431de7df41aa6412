using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChainRule.Kernels;

/// <summary>The functions of a vector of numbers that formulas need, for either number type.</summary>
static class Lanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Of<T>(double x) where T : unmanaged =>
        typeof(T) == typeof(float) ? new Vector<float>((float)x).As<float, T>() : new Vector<double>(x).As<double, T>();

    public static Vector<T> Log<T>(Vector<T> x) where T : unmanaged =>
        typeof(T) == typeof(float) ? Vector.Log(x.As<T, float>()).As<float, T>() : Vector.Log(x.As<T, double>()).As<double, T>();

    public static Vector<T> Sin<T>(Vector<T> x) where T : unmanaged =>
        typeof(T) == typeof(float) ? Vector.Sin(x.As<T, float>()).As<float, T>() : Vector.Sin(x.As<T, double>()).As<double, T>();

    public static Vector<T> Cos<T>(Vector<T> x) where T : unmanaged =>
        typeof(T) == typeof(float) ? Vector.Cos(x.As<T, float>()).As<float, T>() : Vector.Cos(x.As<T, double>()).As<double, T>();

    public static Vector<T> Round<T>(Vector<T> x) where T : unmanaged =>
        typeof(T) == typeof(float) ? Vector.Round(x.As<T, float>()).As<float, T>() : Vector.Round(x.As<T, double>()).As<double, T>();

    /// <summary>a · b + c, rounded once where the hardware can.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> MultiplyAdd<T>(Vector<T> a, Vector<T> b, Vector<T> c) where T : unmanaged =>
        typeof(T) == typeof(float)
            ? Vector.MultiplyAddEstimate(a.As<T, float>(), b.As<T, float>(), c.As<T, float>()).As<float, T>()
            : Vector.MultiplyAddEstimate(a.As<T, double>(), b.As<T, double>(), c.As<T, double>()).As<double, T>();

    /// <summary>log(1 + x), also where 1 + x rounds to 1: the rounding of the sum divides out.</summary>
    public static Vector<T> Log1p<T>(Vector<T> x) where T : unmanaged, INumber<T>
    {
        Vector<T> sum = Vector<T>.One + x, added = sum - Vector<T>.One;
        return Vector.ConditionalSelect(Vector.Equals(added, Vector<T>.Zero), x, Log(sum) * x / added);
    }

    /// <summary>exp x = 2ⁿ (1 + g), to about one unit in the last place; infinite, 0 and in between far out, as it should be.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Exp<T>(Vector<T> x) where T : unmanaged
    {
        // Beyond these ends the result is 0 or infinite anyway. The order of the operands lets NaN through.
        x = Vector.MaxNative(Of<T>(typeof(T) == typeof(float) ? -104 : -746), Vector.MinNative(Of<T>(typeof(T) == typeof(float) ? 89 : 710), x));
        var g = Growth(x, out var n);
        return Scale(Vector<T>.One + g, n);
    }

    /// <summary>exp(x) − 1 = 2ⁿ g + (2ⁿ − 1), also where exp(x) rounds to 1; for x below 40.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Expm1<T>(Vector<T> x) where T : unmanaged
    {
        var g = Growth(Vector.MaxNative(Of<T>(-80), x), out var n);
        var power = Scale(Vector<T>.One, n);
        return MultiplyAdd(power, g, power - Vector<T>.One);
    }

    /// <summary>1 / (1 + exp(−x)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Sigmoid<T>(Vector<T> x) where T : unmanaged => Vector<T>.One / (Vector<T>.One + Exp(-x));

    /// <summary>tanh |x| = e / (e + 2) with e = exp(2|x|) − 1, which keeps its digits near 0; the sign of x is put back. Beyond 20 it is 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Tanh<T>(Vector<T> x) where T : unmanaged
    {
        var size = Vector.Abs(x);
        var e = Expm1(Vector.MinNative(Of<T>(40), size + size));
        return e / (e + Of<T>(2)) | (x & Of<T>(-0.0));
    }

    /// <summary>exp r − 1 for what is left of x when a multiple of ln 2 is taken off: x = n ln 2 + r, |r| ≤ ½ ln 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector<T> Growth<T>(Vector<T> x, out Vector<T> n) where T : unmanaged
    {
        n = Round(x * Of<T>(1.4426950408889634));
        // ln 2 in two parts: the first so short that its product with n is exact. (exp r − 1 − r) / r² is a Chebyshev fit in 40 digits.
        if (typeof(T) == typeof(float))
        {
            var r = MultiplyAdd(n, Of<T>(2.12194440e-4), MultiplyAdd(n, Of<T>(-0.693359375), x));
            var rest = Of<T>(0.0013933652487807975).Then(r, 0.008363181544674816).Then(r, 0.04166646489535542).Then(r, 0.16666576967247593)
                .Then(r, 0.5000000013470303);
            return MultiplyAdd(rest, r * r, r);
        }
        else
        {
            var r = MultiplyAdd(n, Of<T>(-1.90821492927058770002e-10), MultiplyAdd(n, Of<T>(-6.93147180369123816490e-01), x));
            var rest = Of<T>(2.5105217695684516e-08).Then(r, 2.762008948195459e-07).Then(r, 2.755725539833871e-06).Then(r, 2.4801521293463862e-05)
                .Then(r, 0.00019841269874822307).Then(r, 0.0013888888917215586).Then(r, 0.008333333333326134).Then(r, 0.04166666666662412)
                .Then(r, 0.1666666666666667).Then(r, 0.5000000000000001);
            return MultiplyAdd(rest, r * r, r);
        }
    }

    /// <summary>y 2ⁿ, rounded once also where the result is subnormal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector<T> Scale<T>(Vector<T> y, Vector<T> n) where T : unmanaged
    {
        if (Avx512F.VL.IsSupported && Vector<byte>.Count == 32)
        {
            return typeof(T) == typeof(float)
                ? Avx512F.VL.Scale(y.As<T, float>().AsVector256(), n.As<T, float>().AsVector256()).AsVector().As<float, T>()
                : Avx512F.VL.Scale(y.As<T, double>().AsVector256(), n.As<T, double>().AsVector256()).AsVector().As<double, T>();
        }
        // In two steps, because 2ⁿ itself may lie outside the type where y 2ⁿ does not.
        if (typeof(T) == typeof(float))
        {
            Vector<int> all = Vector.ConvertToInt32(n.As<T, float>()), half = all >> 1, bias = new(127);
            return (y.As<T, float>() * (half + bias << 23).As<int, float>() * (all - half + bias << 23).As<int, float>()).As<float, T>();
        }
        else
        {
            Vector<long> all = Vector.ConvertToInt64(n.As<T, double>()), half = all >> 1, bias = new(1023);
            return (y.As<T, double>() * (half + bias << 52).As<long, double>() * (all - half + bias << 52).As<long, double>()).As<double, T>();
        }
    }

    /// <summary>log(1 + exp(x)) = max(x, 0) + log(1 + exp(−|x|)), which nothing overflows.</summary>
    public static Vector<T> Softplus<T>(Vector<T> x) where T : unmanaged, INumber<T> =>
        Vector.Max(x, Vector<T>.Zero) + Log1p(Exp(-Vector.Abs(x)));

    /// <summary>−1, 0 or 1.</summary>
    public static Vector<T> Sign<T>(Vector<T> x) where T : unmanaged, INumber<T> =>
        Step(Vector.GreaterThan(x, Vector<T>.Zero)) - Step(Vector.LessThan(x, Vector<T>.Zero));

    /// <summary>1 where a comparison holds, 0 elsewhere.</summary>
    public static Vector<T> Step<T>(Vector<T> comparison) where T : unmanaged, INumber<T> =>
        Vector.ConditionalSelect(comparison, Vector<T>.One, Vector<T>.Zero);

    /// <summary>1 − erf(x), in full relative precision down the right tail.</summary>
    public static Vector<T> Erfc<T>(Vector<T> x) where T : unmanaged => Erfc(x, out _);

    /// <summary>1 − erf(x), and exp(−x²), which it rests on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Erfc<T>(Vector<T> x, out Vector<T> bell) where T : unmanaged
    {
        // exp(z²) erfc(z) / r with r = 1 / (2 + z), as a polynomial in t = 1 − 4r: a Chebyshev fit in 40 digits, relative error below
        // 2e-8 for float32 and 3e-15 for float64 at every z ≥ 0. By fours, because a chain of so many steps would wait for itself.
        var z = Vector.Abs(x);
        var r = Vector<T>.One / (z + Of<T>(2));
        Vector<T> t = MultiplyAdd(r, Of<T>(-4), Vector<T>.One), t2 = t * t, t4 = t2 * t2;
        var p = typeof(T) == typeof(float)
            ? MultiplyAdd(t4, MultiplyAdd(t4, Cubic(t, t2, -0.0005987654237862137, 6.590307930075582e-05, 8.432239423287463e-05, 2.654790728682763e-06), Cubic(t, t2, -0.021503252373083807, 0.006483709790996772, 0.003058314321251999, -0.0008540403022032134)),
                Cubic(t, t2, 1.0215827138318905, -0.687160665940191, 0.2794714670438492, -0.036442768491554776))
            : MultiplyAdd(t4, MultiplyAdd(t4, MultiplyAdd(t4, MultiplyAdd(t4, MultiplyAdd(t4,
                Cubic(t, t2, 1.3330466082240165e-07, 1.0472575662443906e-07, -1.0107101428718229e-08, -1.3532515115390576e-08),
                Cubic(t, t2, 2.1509987957696923e-06, -2.585563065493411e-08, -7.457140085714946e-07, -3.036496591236892e-07)),
                Cubic(t, t2, -2.1661704566507213e-05, -1.613172199112754e-05, -1.212470215416399e-06, 3.6655303411491106e-06)),
                Cubic(t, t2, -0.0006630719547125938, 3.437070516541631e-05, 0.00014446160130909401, 3.4152400835926335e-05)),
                Cubic(t, t2, -0.02151066188133468, 0.006479185061088026, 0.0030906119031380037, -0.0008372959690431886)),
                Cubic(t, t2, 1.0215827052420234, -0.6871606844138127, 0.2794720925558874, -0.036442231506660365));
        bell = Exp(-z * z);
        var tail = bell * (p * r);
        return Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), Of<T>(2) - tail, tail);
    }

    /// <summary>p x + c: one step of Horner's rule, from the last coefficient to the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector<T> Then<T>(this Vector<T> p, Vector<T> x, double c) where T : unmanaged => MultiplyAdd(p, x, Of<T>(c));

    /// <summary>c₀ + c₁ x + c₂ x² + c₃ x³, given x².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector<T> Cubic<T>(Vector<T> x, Vector<T> x2, double c0, double c1, double c2, double c3) where T : unmanaged =>
        MultiplyAdd(Of<T>(c3).Then(x, c2), x2, Of<T>(c1).Then(x, c0));
}
