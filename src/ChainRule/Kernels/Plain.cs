using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChainRule.Kernels;

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
