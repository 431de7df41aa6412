using System.Numerics;
using System.Runtime.CompilerServices;

namespace ChainRule.Kernels;

/// <summary>The functions of a vector of numbers that formulas need, for either number type.</summary>
static class Lanes
{
    // (1 + 2z) exp(z²) erfc(z) as a polynomial in (z − 3) / (z + 3), from a Chebyshev fit in 50 digits: relative error of erfc below 6e-14 for z ≥ 0.
    static readonly double[] s_erfc =
    [
        1.2530080582697296, -0.13562110612458117, -0.0475622943534492, 0.1296451587027594, -0.11927366341538638, 0.0683080273440099,
        -0.02377051491717134, 0.0025293918156939696, 0.0018886903449991718, -0.0007798322696543306, -0.00010515971958448065, 0.0001250993424583729,
        4.949196649968345e-06, -2.0100542268525612e-05, -7.308281468783614e-07, 3.472370944977168e-06, 3.5576086684080595e-07, -6.166011460398726e-07,
        -1.4047654315428462e-07, 1.0183620603842736e-07, 4.1064013667940355e-08, -1.3312919661038687e-08, -8.217595058711455e-09,
        9.862533510345587e-10, 8.393734858690877e-10,
    ];

    // tanh(x) / x as a polynomial in x², for |x| below 1/2: a Chebyshev fit in 50 digits, relative error below 3e-18.
    static readonly double[] s_tanh =
    [
        1.0, -0.3333333333333308, 0.13333333333292816, -0.05396825394287032, 0.021869487718845705, -0.008863220134250503,
        0.0035919465020130574, -0.0014544509176344551, 0.0005831792400007558, -0.00021761442156422375, 5.663500915911182e-05,
    ];

    public static Vector<T> Of<T>(double x) where T : unmanaged, INumber<T> => new(T.CreateTruncating(x));

    public static Vector<T> Exp<T>(Vector<T> x) where T : unmanaged =>
        typeof(T) == typeof(float) ? Vector.Exp(x.As<T, float>()).As<float, T>() : Vector.Exp(x.As<T, double>()).As<double, T>();

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

    /// <summary>log(1 + x), also where 1 + x rounds to 1: the rounding of the sum divides out.</summary>
    public static Vector<T> Log1p<T>(Vector<T> x) where T : unmanaged, INumber<T>
    {
        Vector<T> sum = Vector<T>.One + x, added = sum - Vector<T>.One;
        return Vector.ConditionalSelect(Vector.Equals(added, Vector<T>.Zero), x, Log(sum) * x / added);
    }

    /// <summary>exp(x) − 1, also where exp(x) rounds to 1; for x ≤ 0.</summary>
    public static Vector<T> Expm1<T>(Vector<T> x) where T : unmanaged, INumber<T>
    {
        Vector<T> e = Exp(x), less = e - Vector<T>.One;
        var exact = less * x / Log(e);
        var small = Vector.Equals(e, Vector<T>.One);
        var large = Vector.Equals(less, -Vector<T>.One);
        return Vector.ConditionalSelect(small, x, Vector.ConditionalSelect(large, less, exact));
    }

    /// <summary>1 / (1 + exp(−x)).</summary>
    public static Vector<T> Sigmoid<T>(Vector<T> x) where T : unmanaged, INumber<T> => Vector<T>.One / (Vector<T>.One + Exp(-x));

    /// <summary>tanh x: a polynomial near 0, where 1 − exp(−2|x|) has lost its digits, and beyond (1 − t) / (1 + t) with t = exp(−2|x|).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Tanh<T>(Vector<T> x) where T : unmanaged, INumber<T>
    {
        Vector<T> size = Vector.Abs(x), t = Exp(size * Of<T>(-2)), far = (Vector<T>.One - t) / (Vector<T>.One + t);
        var near = x * Polynomial(Coefficients<T>.Tanh, x * x);
        return Vector.ConditionalSelect(Vector.LessThan(size, Of<T>(0.5)), near, Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), -far, far));
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
    public static Vector<T> Erfc<T>(Vector<T> x) where T : unmanaged, INumber<T>
    {
        // Beyond 40 it is 0 in either type; infinity itself would make t = ∞ / ∞.
        var z = Vector.Min(Vector.Abs(x), Of<T>(40));
        var t = (z - Of<T>(3)) / (z + Of<T>(3));
        var tail = Exp(-z * z) * Polynomial(Coefficients<T>.Erfc, t) / (Vector<T>.One + z + z);
        return Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), Of<T>(2) - tail, tail);
    }

    /// <summary>c₀ + c₁ x + …, by Horner's rule.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector<T> Polynomial<T>(T[] coefficients, Vector<T> x) where T : unmanaged
    {
        int i = coefficients.Length - 1;
        var p = new Vector<T>(coefficients[i]);
        while (--i >= 0) p = MultiplyAdd(p, x, new Vector<T>(coefficients[i]));
        return p;
    }

    /// <summary>The coefficients in either type. float32 needs fewer: those left out are below its last digit.</summary>
    static class Coefficients<T> where T : unmanaged, INumber<T>
    {
        public static readonly T[] Erfc = First(17, s_erfc), Tanh = First(8, s_tanh);

        static T[] First(int enough, double[] all) => Array.ConvertAll(typeof(T) == typeof(float) ? all[..enough] : all, T.CreateTruncating);
    }
}
