using System.Numerics;
using System.Runtime.CompilerServices;

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

    /// <summary>a · b + c, rounded once where the hardware can.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> MultiplyAdd<T>(Vector<T> a, Vector<T> b, Vector<T> c) where T : unmanaged =>
        typeof(T) == typeof(float)
            ? Vector.MultiplyAddEstimate(a.As<T, float>(), b.As<T, float>(), c.As<T, float>()).As<float, T>()
            : Vector.MultiplyAddEstimate(a.As<T, double>(), b.As<T, double>(), c.As<T, double>()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Exp<T>(Vector<T> x) where T : unmanaged => Exponentials.Exp(new Plain<T>(x)).Value;

    /// <summary>exp(x) − 1, also where exp(x) rounds to 1; for x below 40.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Expm1<T>(Vector<T> x) where T : unmanaged => Exponentials.Expm1(new Plain<T>(x)).Value;

    /// <summary>1 / (1 + exp(−x)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Sigmoid<T>(Vector<T> x) where T : unmanaged => Exponentials.Sigmoid(new Plain<T>(x)).Value;

    public static Vector<T> Tanh<T>(Vector<T> x) where T : unmanaged => Exponentials.Tanh(new Plain<T>(x)).Value;

    /// <summary>1 − erf(x), in full relative precision down the right tail.</summary>
    public static Vector<T> Erfc<T>(Vector<T> x) where T : unmanaged => Exponentials.Erfc(new Plain<T>(x)).Value;

    /// <summary>log(1 + x), also where 1 + x rounds to 1: the rounding of the sum divides out.</summary>
    public static Vector<T> Log1p<T>(Vector<T> x) where T : unmanaged, INumber<T>
    {
        Vector<T> sum = Vector<T>.One + x, added = sum - Vector<T>.One;
        return Vector.ConditionalSelect(Vector.Equals(added, Vector<T>.Zero), x, Log(sum) * x / added);
    }

    /// <summary>log(1 + exp(x)) = max(x, 0) + log(1 + exp(−|x|)), which nothing overflows.</summary>
    public static Vector<T> Softplus<T>(Vector<T> x) where T : unmanaged, INumber<T> =>
        Vector.Max(x, Vector<T>.Zero) + Log1p(Exp(-Vector.Abs(x)));

    /// <summary>−1, 0 or 1; NaN where x is.</summary>
    public static Vector<T> Sign<T>(Vector<T> x) where T : unmanaged, INumber<T> =>
        OrNaN(x, Step(Vector.GreaterThan(x, Vector<T>.Zero)) - Step(Vector.LessThan(x, Vector<T>.Zero)));

    /// <summary>1 where a is above b, ½ where both are equal, 0 where a is below; NaN where one of them is.</summary>
    public static Vector<T> Above<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>
    {
        var half = Of<T>(0.5);
        return OrNaN(a, OrNaN(b, half + half * (Step(Vector.GreaterThan(a, b)) - Step(Vector.LessThan(a, b)))));
    }

    /// <summary>y, but NaN where x is: a comparison with NaN is false, and would pass it by in silence.</summary>
    public static Vector<T> OrNaN<T>(Vector<T> x, Vector<T> y) where T : unmanaged, INumber<T> =>
        Vector.ConditionalSelect(Vector.Equals(x, x), y, x);

    /// <summary>x, or the low end where it is below; NaN stays NaN.</summary>
    public static Vector<T> AtLeast<T>(double low, Vector<T> x) where T : unmanaged, INumber<T> => Vector.MaxNative(Of<T>(low), x);

    /// <summary>x, held between −end and end; NaN stays NaN.</summary>
    public static Vector<T> Within<T>(double end, Vector<T> x) where T : unmanaged, INumber<T> => Vector.MinNative(Of<T>(end), AtLeast(-end, x));

    /// <summary>1 where a comparison holds, 0 elsewhere.</summary>
    public static Vector<T> Step<T>(Vector<T> comparison) where T : unmanaged, INumber<T> =>
        Vector.ConditionalSelect(comparison, Vector<T>.One, Vector<T>.Zero);

    /// <summary>g where y = x g(x), and g(0) = ½: what a gate such as σ or Φ let through, without computing it again.</summary>
    public static Vector<T> Gate<T>(Vector<T> x, Vector<T> y) where T : unmanaged =>
        Vector.ConditionalSelect(Vector.LessThan(Vector.Abs(x), Of<T>(1e-30)), Of<T>(0.5), y / x);
}
