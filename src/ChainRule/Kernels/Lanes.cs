using System.Numerics;
using System.Runtime.CompilerServices;

namespace ChainRule.Kernels;

/// <summary>
/// The functions of a <see cref="Vector{T}"/> of either number type that loops of their own need; formulas have
/// <see cref="INumbers{V}"/>.
/// </summary>
static class Lanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Of<T>(double x) where T : unmanaged =>
        typeof(T) == typeof(float) ? new Vector<float>((float)x).As<float, T>() : new Vector<double>(x).As<double, T>();

    /// <summary>a · b + c, rounded once where the hardware can.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> MultiplyAdd<T>(Vector<T> a, Vector<T> b, Vector<T> c) where T : unmanaged =>
        typeof(T) == typeof(float)
            ? Vector.MultiplyAddEstimate(a.As<T, float>(), b.As<T, float>(), c.As<T, float>()).As<float, T>()
            : Vector.MultiplyAddEstimate(a.As<T, double>(), b.As<T, double>(), c.As<T, double>()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Exp<T>(Vector<T> x) where T : unmanaged => Exponentials.Exp(new Plain<T>(x)).Value;

    /// <summary>1 / (1 + exp(−x)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Sigmoid<T>(Vector<T> x) where T : unmanaged => Exponentials.Sigmoid(new Plain<T>(x)).Value;

    public static Vector<T> Tanh<T>(Vector<T> x) where T : unmanaged => Exponentials.Tanh(new Plain<T>(x)).Value;
}
