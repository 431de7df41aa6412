using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChainRule.Kernels;

/// <summary>AVX-512: for loops that compute more than they read and write.</summary>
partial struct Wide<T>(Vector512<T> value) : IVector<Wide<T>, T> where T : unmanaged
{
    public Vector512<T> Value = value;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512<T>.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> Load(ref T from, nint at) => new(Vector512.LoadUnsafe(ref from, (nuint)at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(ref T to, nint at) => Value.StoreUnsafe(ref to, (nuint)at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> All(T x) => new(Vector512.Create(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> Sqrt(Wide<T> a) => new(Vector512.Sqrt(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> KeepLast(Wide<T> a, int lanes) => typeof(T) == typeof(float)
        ? new(a.Value & Vector512.GreaterThanOrEqual(Vector512<int>.Indices, Vector512.Create(Count - lanes))
            .As<int, T>())
        : new(a.Value & Vector512.GreaterThanOrEqual(Vector512<long>.Indices, Vector512.Create((long)Count - lanes))
            .As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddProduct(Wide<T> a, Wide<T> b) => Value = typeof(T) == typeof(float)
        ? Vector512.MultiplyAddEstimate(a.Value.As<T, float>(), b.Value.As<T, float>(), Value.As<T, float>())
            .As<float, T>()
        : Vector512.MultiplyAddEstimate(a.Value.As<T, double>(), b.Value.As<T, double>(), Value.As<T, double>())
            .As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T Sum() => Vector512.Sum(Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T Largest() => Across.Largest(Vector256.MaxNative(Value.GetLower(), Value.GetUpper()));

    public static bool IsSingle
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> Of(double x) =>
        typeof(T) == typeof(float)
            ? new(Vector512.Create((float)x).As<float, T>())
            : new(Vector512.Create(x).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> operator +(Wide<T> a, Wide<T> b) => new(a.Value + b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> operator -(Wide<T> a, Wide<T> b) => new(a.Value - b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> operator *(Wide<T> a, Wide<T> b) => new(a.Value * b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> operator /(Wide<T> a, Wide<T> b) => new(a.Value / b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> operator -(Wide<T> a) => new(-a.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> MultiplyAdd(Wide<T> a, Wide<T> b, Wide<T> c) =>
        typeof(T) == typeof(float)
            ? new(Vector512.MultiplyAddEstimate(a.Value.As<T, float>(), b.Value.As<T, float>(), c.Value.As<T, float>())
                .As<float, T>())
            : new(Vector512.MultiplyAddEstimate(a.Value.As<T, double>(), b.Value.As<T, double>(),
                c.Value.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> Horner(double s, Wide<T> x, double a, double b, double c, double d)
    {
        if (typeof(T) == typeof(float))
        {
            Vector512<float> z = x.Value.AsSingle(),
                p = Vector512.MultiplyAddEstimate(Vector512.Create((float)s), z, Vector512.Create((float)a));
            p = Vector512.MultiplyAddEstimate(Vector512.MultiplyAddEstimate(p, z, Vector512.Create((float)b)), z,
                Vector512.Create((float)c));
            return new(Vector512.MultiplyAddEstimate(p, z, Vector512.Create((float)d)).As<float, T>());
        }
        else
        {
            Vector512<double> z = x.Value.AsDouble(),
                p = Vector512.MultiplyAddEstimate(Vector512.Create(s), z, Vector512.Create(a));
            p = Vector512.MultiplyAddEstimate(Vector512.MultiplyAddEstimate(p, z, Vector512.Create(b)), z,
                Vector512.Create(c));
            return new(Vector512.MultiplyAddEstimate(p, z, Vector512.Create(d)).As<double, T>());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> Max(Wide<T> a, Wide<T> b) => new(Vector512.MaxNative(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> Min(Wide<T> a, Wide<T> b) => new(Vector512.MinNative(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> Maximum(Wide<T> a, Wide<T> b) => new(Vector512.Max(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> Minimum(Wide<T> a, Wide<T> b) => new(Vector512.Min(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> Abs(Wide<T> a) => new(Vector512.Abs(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> Round(Wide<T> a) =>
        typeof(T) == typeof(float)
            ? new(Vector512.Round(a.Value.As<T, float>()).As<float, T>())
            : new(Vector512.Round(a.Value.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> Signed(Wide<T> y, Wide<T> x) => new(y.Value | (x.Value & Of(-0.0).Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator Wide<T>(double x) =>
        typeof(T) == typeof(float)
            ? new(Vector512.Create((float)x).As<float, T>())
            : new(Vector512.Create(x).As<double, T>());

    public static Wide<T> Log(Wide<T> a) => typeof(T) == typeof(float)
        ? new(Vector512.Log(a.Value.As<T, float>()).As<float, T>())
        : new(Vector512.Log(a.Value.As<T, double>()).As<double, T>());

    public static Wide<T> Sin(Wide<T> a) => typeof(T) == typeof(float)
        ? new(Vector512.Sin(a.Value.As<T, float>()).As<float, T>())
        : new(Vector512.Sin(a.Value.As<T, double>()).As<double, T>());

    public static Wide<T> Cos(Wide<T> a) => typeof(T) == typeof(float)
        ? new(Vector512.Cos(a.Value.As<T, float>()).As<float, T>())
        : new(Vector512.Cos(a.Value.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> Floor(Wide<T> a) => typeof(T) == typeof(float)
        ? new(Vector512.Floor(a.Value.As<T, float>()).As<float, T>())
        : new(Vector512.Floor(a.Value.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> Ceiling(Wide<T> a) => typeof(T) == typeof(float)
        ? new(Vector512.Ceiling(a.Value.As<T, float>()).As<float, T>())
        : new(Vector512.Ceiling(a.Value.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> Greater(Wide<T> a, Wide<T> b) => new(Vector512.GreaterThan(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> GreaterOrEqual(Wide<T> a, Wide<T> b) => new(Vector512.GreaterThanOrEqual(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> Equal(Wide<T> a, Wide<T> b) => new(Vector512.Equals(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> Select(Wide<T> mask, Wide<T> a, Wide<T> b) =>
        new(Vector512.ConditionalSelect(mask.Value, a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> Scale(Wide<T> y, Wide<T> n) => typeof(T) == typeof(float)
        ? new(Avx512F.Scale(y.Value.As<T, float>(), n.Value.As<T, float>()).As<float, T>())
        : new(Avx512F.Scale(y.Value.As<T, double>(), n.Value.As<T, double>()).As<double, T>());
}
