using System.Numerics;
using System.Runtime.CompilerServices;

namespace ChainRule.Kernels;

/// <summary>
/// A vector of one number: what a loop over vectors leaves at the end is computed by the same
/// formula, to the same bits.
/// </summary>
struct Lone<T>(T value) : IVector<Lone<T>, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Value = value;

    public static int Count => 1;

    public static bool IsSingle => typeof(T) == typeof(float);

    public static Lone<T> Of(double x) => new(T.CreateTruncating(x));

    public static Lone<T> Load(ref T from, nint at) => new(Unsafe.Add(ref from, at));

    public readonly void Store(ref T to, nint at) => Unsafe.Add(ref to, at) = Value;

    public static Lone<T> All(T x) => new(x);

    public static Lone<T> KeepLast(Lone<T> a, int lanes) => lanes == 1 ? a : default;

    public void AddProduct(Lone<T> a, Lone<T> b) => Value = T.MultiplyAddEstimate(a.Value, b.Value, Value);

    public readonly T Sum() => Value;

    public readonly T Largest() => Value;

    public static Lone<T> operator +(Lone<T> a, Lone<T> b) => new(a.Value + b.Value);

    public static Lone<T> operator -(Lone<T> a, Lone<T> b) => new(a.Value - b.Value);

    public static Lone<T> operator *(Lone<T> a, Lone<T> b) => new(a.Value * b.Value);

    public static Lone<T> operator /(Lone<T> a, Lone<T> b) => new(a.Value / b.Value);

    public static Lone<T> operator -(Lone<T> a) => new(-a.Value);

    public static Lone<T> MultiplyAdd(Lone<T> a, Lone<T> b, Lone<T> c) =>
        new(T.MultiplyAddEstimate(a.Value, b.Value, c.Value));

    public static Lone<T> Max(Lone<T> a, Lone<T> b) => new(a.Value > b.Value ? a.Value : b.Value);

    public static Lone<T> Min(Lone<T> a, Lone<T> b) => new(a.Value < b.Value ? a.Value : b.Value);

    public static Lone<T> Maximum(Lone<T> a, Lone<T> b) => new(T.Max(a.Value, b.Value));

    public static Lone<T> Minimum(Lone<T> a, Lone<T> b) => new(T.Min(a.Value, b.Value));

    public static Lone<T> Abs(Lone<T> a) => new(T.Abs(a.Value));

    public static Lone<T> Sqrt(Lone<T> a) => new(T.Sqrt(a.Value));

    public static Lone<T> Round(Lone<T> a) => new(T.Round(a.Value));

    public static Lone<T> Signed(Lone<T> y, Lone<T> x) => new(T.CopySign(y.Value, x.Value));

    public static implicit operator Lone<T>(double x) => Of(x);

    public static Lone<T> Log(Lone<T> a) => new(T.Log(a.Value));

    public static Lone<T> Sin(Lone<T> a) => new(T.Sin(a.Value));

    public static Lone<T> Cos(Lone<T> a) => new(T.Cos(a.Value));

    public static Lone<T> Floor(Lone<T> a) => new(T.Floor(a.Value));

    public static Lone<T> Ceiling(Lone<T> a) => new(T.Ceiling(a.Value));

    public static Lone<T> Greater(Lone<T> a, Lone<T> b) => new(a.Value > b.Value ? T.One : T.Zero);

    public static Lone<T> GreaterOrEqual(Lone<T> a, Lone<T> b) => new(a.Value >= b.Value ? T.One : T.Zero);

    public static Lone<T> Equal(Lone<T> a, Lone<T> b) => new(a.Value == b.Value ? T.One : T.Zero);

    public static Lone<T> Select(Lone<T> mask, Lone<T> a, Lone<T> b) => mask.Value == T.Zero ? b : a;

    public static Lone<T> Scale(Lone<T> y, Lone<T> n) => new(T.ScaleB(y.Value, int.CreateSaturating(n.Value)));
}
