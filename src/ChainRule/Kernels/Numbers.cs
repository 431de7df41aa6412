using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChainRule.Kernels;

/// <summary>
/// The arithmetic that formulas are written in: numbers side by side, as many as a vector of the machine holds, in
/// either number type. One formula runs at every width. A plain number is taken as a vector that holds it
/// everywhere: <c>1 - y * y</c>.
/// </summary>
/// <typeparam name="V">The vector. Formulas take it as a type parameter and name no width.</typeparam>
public interface INumbers<V> where V : struct, INumbers<V>
{
    /// <summary>Whether the numbers are float32; float64 if not.</summary>
    static abstract bool IsSingle { get; }

    /// <summary>x everywhere, rounded to the number type.</summary>
    static abstract V Of(double x);

    /// <summary>x everywhere, rounded to the number type.</summary>
    static abstract implicit operator V(double x);

    /// <summary>a + b.</summary>
    static abstract V operator +(V a, V b);

    /// <summary>a − b.</summary>
    static abstract V operator -(V a, V b);

    /// <summary>−a.</summary>
    static abstract V operator -(V a);

    /// <summary>a b.</summary>
    static abstract V operator *(V a, V b);

    /// <summary>a / b.</summary>
    static abstract V operator /(V a, V b);

    /// <summary>a · b + c, rounded once where the hardware can.</summary>
    static abstract V MultiplyAdd(V a, V b, V c);

    /// <summary>
    /// (((s x + a) x + b) x + c) x + d: four steps of Horner's rule, in one piece for the compiler, which draws in a
    /// limited number of calls.
    /// </summary>
    static virtual V Horner(double s, V x, double a, double b, double c, double d) =>
        V.MultiplyAdd(V.MultiplyAdd(V.MultiplyAdd(V.MultiplyAdd(V.Of(s), x, V.Of(a)), x, V.Of(b)), x, V.Of(c)), x,
            V.Of(d));

    /// <summary>The larger of two; b where b is NaN.</summary>
    static abstract V Max(V a, V b);

    /// <summary>The smaller of two; b where b is NaN.</summary>
    static abstract V Min(V a, V b);

    /// <summary>The larger of two, of which 0 is larger than −0; NaN where either is NaN.</summary>
    static abstract V Maximum(V a, V b);

    /// <summary>The smaller of two, of which −0 is smaller than 0; NaN where either is NaN.</summary>
    static abstract V Minimum(V a, V b);

    /// <summary>|a|.</summary>
    static abstract V Abs(V a);

    /// <summary>The nearest whole number; of two equally near ones the even one.</summary>
    static abstract V Round(V a);

    /// <summary>√a.</summary>
    static abstract V Sqrt(V a);

    /// <summary>ln a.</summary>
    static abstract V Log(V a);

    /// <summary>sin a.</summary>
    static abstract V Sin(V a);

    /// <summary>cos a.</summary>
    static abstract V Cos(V a);

    /// <summary>⌊a⌋.</summary>
    static abstract V Floor(V a);

    /// <summary>⌈a⌉.</summary>
    static abstract V Ceiling(V a);

    /// <summary>y ≥ 0 with the sign of x.</summary>
    static abstract V Signed(V y, V x);

    /// <summary>Where a is above b: a mask for <see cref="Select"/>. A comparison with NaN does not hold.</summary>
    static abstract V Greater(V a, V b);

    /// <summary>Where a is above b or equal to it: a mask for <see cref="Select"/>.</summary>
    static abstract V GreaterOrEqual(V a, V b);

    /// <summary>Where a and b are equal: a mask for <see cref="Select"/>.</summary>
    static abstract V Equal(V a, V b);

    /// <summary>a where a comparison holds, b elsewhere.</summary>
    static abstract V Select(V mask, V a, V b);

    /// <summary>y 2ⁿ, rounded once also where the result is subnormal.</summary>
    static abstract V Scale(V y, V n);
}

/// <summary>
/// As <see cref="INumbers{V}"/>, with a way to and from memory: what a loop over vectors of any width is written in.
/// </summary>
interface IVector<V, T> : INumbers<V> where V : struct, IVector<V, T> where T : unmanaged
{
    static abstract int Count { get; }

    static abstract V Load(ref T from, nint at);

    void Store(ref T to, nint at);

    static abstract V All(T x);

    /// <summary>Adds a · b to it, in the register where it is: what a sum of products in a loop is made of.</summary>
    void AddProduct(V a, V b);

    /// <summary>The last few lanes, and 0 in the others.</summary>
    static abstract V KeepLast(V a, int lanes);

    /// <summary>The sum of all lanes.</summary>
    T Sum();

    /// <summary>The largest of all lanes; any number where one is NaN.</summary>
    T Largest();
}
