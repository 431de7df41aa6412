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

/// <summary>The vector that formulas are written in.</summary>
partial struct Plain<T>(Vector<T> value) : IVector<Plain<T>, T> where T : unmanaged
{
    public Vector<T> Value = value;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector<T>.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Plain<T> Load(ref T from, nint at) => new(Vector.LoadUnsafe(ref from, (nuint)at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(ref T to, nint at) => Value.StoreUnsafe(ref to, (nuint)at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Plain<T> All(T x) => new(Vector.Create(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Plain<T> Sqrt(Plain<T> a) => new(Vector.SquareRoot(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Plain<T> KeepLast(Plain<T> a, int lanes) => new(Tail.KeepLast(a.Value, lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddProduct(Plain<T> a, Plain<T> b) => Value = typeof(T) == typeof(float)
        ? Vector.MultiplyAddEstimate(a.Value.As<T, float>(), b.Value.As<T, float>(), Value.As<T, float>())
            .As<float, T>()
        : Vector.MultiplyAddEstimate(a.Value.As<T, double>(), b.Value.As<T, double>(), Value.As<T, double>())
            .As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T Sum() => Vector.Sum(Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T Largest() =>
        Vector<byte>.Count == 32 ? Across.Largest(Value.AsVector256()) : Across.Largest(Value.AsVector128());

    public static bool IsSingle
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Plain<T> Of(double x) =>
        typeof(T) == typeof(float)
            ? new(Vector.Create((float)x).As<float, T>())
            : new(Vector.Create(x).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Plain<T> operator +(Plain<T> a, Plain<T> b) => new(a.Value + b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Plain<T> operator -(Plain<T> a, Plain<T> b) => new(a.Value - b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Plain<T> operator *(Plain<T> a, Plain<T> b) => new(a.Value * b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Plain<T> operator /(Plain<T> a, Plain<T> b) => new(a.Value / b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Plain<T> operator -(Plain<T> a) => new(-a.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Plain<T> MultiplyAdd(Plain<T> a, Plain<T> b, Plain<T> c) =>
        typeof(T) == typeof(float)
            ? new(Vector.MultiplyAddEstimate(a.Value.As<T, float>(), b.Value.As<T, float>(), c.Value.As<T, float>())
                .As<float, T>())
            : new(Vector.MultiplyAddEstimate(a.Value.As<T, double>(), b.Value.As<T, double>(), c.Value.As<T, double>())
                .As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Plain<T> Horner(double s, Plain<T> x, double a, double b, double c, double d)
    {
        if (typeof(T) == typeof(float))
        {
            Vector<float> z = x.Value.As<T, float>(),
                p = Vector.MultiplyAddEstimate(Vector.Create((float)s), z, Vector.Create((float)a));
            p = Vector.MultiplyAddEstimate(Vector.MultiplyAddEstimate(p, z, Vector.Create((float)b)), z,
                Vector.Create((float)c));
            return new(Vector.MultiplyAddEstimate(p, z, Vector.Create((float)d)).As<float, T>());
        }
        else
        {
            Vector<double> z = x.Value.As<T, double>(),
                p = Vector.MultiplyAddEstimate(Vector.Create(s), z, Vector.Create(a));
            p = Vector.MultiplyAddEstimate(Vector.MultiplyAddEstimate(p, z, Vector.Create(b)), z, Vector.Create(c));
            return new(Vector.MultiplyAddEstimate(p, z, Vector.Create(d)).As<double, T>());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Plain<T> Max(Plain<T> a, Plain<T> b) => new(Vector.MaxNative(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Plain<T> Min(Plain<T> a, Plain<T> b) => new(Vector.MinNative(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Plain<T> Maximum(Plain<T> a, Plain<T> b) => new(Vector.Max(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Plain<T> Minimum(Plain<T> a, Plain<T> b) => new(Vector.Min(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Plain<T> Abs(Plain<T> a) => new(Vector.Abs(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Plain<T> Round(Plain<T> a) =>
        typeof(T) == typeof(float)
            ? new(Vector.Round(a.Value.As<T, float>()).As<float, T>())
            : new(Vector.Round(a.Value.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Plain<T> Signed(Plain<T> y, Plain<T> x) => new(y.Value | (x.Value & Of(-0.0).Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator Plain<T>(double x) =>
        typeof(T) == typeof(float)
            ? new(Vector.Create((float)x).As<float, T>())
            : new(Vector.Create(x).As<double, T>());

    public static Plain<T> Log(Plain<T> a) => typeof(T) == typeof(float)
        ? new(Vector.Log(a.Value.As<T, float>()).As<float, T>())
        : new(Vector.Log(a.Value.As<T, double>()).As<double, T>());

    public static Plain<T> Sin(Plain<T> a) => typeof(T) == typeof(float)
        ? new(Vector.Sin(a.Value.As<T, float>()).As<float, T>())
        : new(Vector.Sin(a.Value.As<T, double>()).As<double, T>());

    public static Plain<T> Cos(Plain<T> a) => typeof(T) == typeof(float)
        ? new(Vector.Cos(a.Value.As<T, float>()).As<float, T>())
        : new(Vector.Cos(a.Value.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Plain<T> Floor(Plain<T> a) => typeof(T) == typeof(float)
        ? new(Vector.Floor(a.Value.As<T, float>()).As<float, T>())
        : new(Vector.Floor(a.Value.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Plain<T> Ceiling(Plain<T> a) => typeof(T) == typeof(float)
        ? new(Vector.Ceiling(a.Value.As<T, float>()).As<float, T>())
        : new(Vector.Ceiling(a.Value.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Plain<T> Greater(Plain<T> a, Plain<T> b) => new(Vector.GreaterThan(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Plain<T> GreaterOrEqual(Plain<T> a, Plain<T> b) => new(Vector.GreaterThanOrEqual(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Plain<T> Equal(Plain<T> a, Plain<T> b) => new(Vector.Equals(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Plain<T> Select(Plain<T> mask, Plain<T> a, Plain<T> b) =>
        new(Vector.ConditionalSelect(mask.Value, a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Plain<T> Scale(Plain<T> y, Plain<T> n)
    {
        if (Avx512F.VL.IsSupported && Vector<byte>.Count == 32)
        {
            return typeof(T) == typeof(float)
                ? new(Avx512F.VL.Scale(y.Value.As<T, float>().AsVector256(), n.Value.As<T, float>().AsVector256())
                    .AsVector().As<float, T>())
                : new(Avx512F.VL.Scale(y.Value.As<T, double>().AsVector256(), n.Value.As<T, double>().AsVector256())
                    .AsVector().As<double, T>());
        }
        // In two steps, because 2ⁿ itself may lie outside the type where y 2ⁿ does not.
        if (typeof(T) == typeof(float))
        {
            Vector<int> all = Vector.ConvertToInt32(n.Value.As<T, float>()), half = all >> 1, bias = Vector.Create(127);
            return new((y.Value.As<T, float>() * (half + bias << 23).As<int, float>()
                * (all - half + bias << 23).As<int, float>()).As<float, T>());
        }
        else
        {
            Vector<long> all = Vector.ConvertToInt64(n.Value.As<T, double>()), half = all >> 1,
                bias = Vector.Create(1023L);
            return new((y.Value.As<T, double>() * (half + bias << 52).As<long, double>()
                * (all - half + bias << 52).As<long, double>()).As<double, T>());
        }
    }
}
