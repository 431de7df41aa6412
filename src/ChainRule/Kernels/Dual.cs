namespace ChainRule.Kernels;

/// <summary>
/// A number and its derivative by one variable, a + a′ε with ε² = 0: a formula that is given these gives its own
/// derivative beside its value. So the derivative of a derivative needs no formula of its own.
/// </summary>
/// <remarks>Clifford, 1873; for programs: Wengert, 1964.</remarks>
readonly struct Dual<V>(V value, V tangent) : INumbers<Dual<V>> where V : struct, INumbers<V>
{
    public readonly V Value = value, Tangent = tangent;

    public static bool IsSingle => V.IsSingle;

    public static Dual<V> Of(double x) => new(V.Of(x), V.Of(0));

    public static implicit operator Dual<V>(double x) => Of(x);

    public static Dual<V> operator +(Dual<V> a, Dual<V> b) => new(a.Value + b.Value, a.Tangent + b.Tangent);

    public static Dual<V> operator -(Dual<V> a, Dual<V> b) => new(a.Value - b.Value, a.Tangent - b.Tangent);

    public static Dual<V> operator -(Dual<V> a) => new(-a.Value, -a.Tangent);

    public static Dual<V> operator *(Dual<V> a, Dual<V> b) =>
        new(a.Value * b.Value, a.Tangent * b.Value + a.Value * b.Tangent);

    public static Dual<V> operator /(Dual<V> a, Dual<V> b)
    {
        var ratio = a.Value / b.Value;
        return new(ratio, (a.Tangent - ratio * b.Tangent) / b.Value);
    }

    public static Dual<V> MultiplyAdd(Dual<V> a, Dual<V> b, Dual<V> c) =>
        new(V.MultiplyAdd(a.Value, b.Value, c.Value),
            V.MultiplyAdd(a.Tangent, b.Value, V.MultiplyAdd(a.Value, b.Tangent, c.Tangent)));

    // Of two equal numbers the first is taken, as in the order of the operands where these are ends that hold a number.
    public static Dual<V> Max(Dual<V> a, Dual<V> b) =>
        new(V.Max(a.Value, b.Value), V.Select(V.Greater(a.Value, b.Value), a.Tangent, b.Tangent));

    public static Dual<V> Min(Dual<V> a, Dual<V> b) =>
        new(V.Min(a.Value, b.Value), V.Select(V.Greater(b.Value, a.Value), a.Tangent, b.Tangent));

    public static Dual<V> Maximum(Dual<V> a, Dual<V> b) =>
        new(V.Maximum(a.Value, b.Value), V.Select(V.Greater(a.Value, b.Value), a.Tangent, b.Tangent));

    public static Dual<V> Minimum(Dual<V> a, Dual<V> b) =>
        new(V.Minimum(a.Value, b.Value), V.Select(V.Greater(b.Value, a.Value), a.Tangent, b.Tangent));

    public static Dual<V> Abs(Dual<V> a) => new(V.Abs(a.Value), a.Tangent * Piecewise.Sign(a.Value));

    public static Dual<V> Sqrt(Dual<V> a)
    {
        var root = V.Sqrt(a.Value);
        return new(root, a.Tangent / (root + root));
    }

    public static Dual<V> Log(Dual<V> a) => new(V.Log(a.Value), a.Tangent / a.Value);

    public static Dual<V> Sin(Dual<V> a) => new(V.Sin(a.Value), a.Tangent * V.Cos(a.Value));

    public static Dual<V> Cos(Dual<V> a) => new(V.Cos(a.Value), -(a.Tangent * V.Sin(a.Value)));

    public static Dual<V> Floor(Dual<V> a) => new(V.Floor(a.Value), V.Of(0));

    public static Dual<V> Ceiling(Dual<V> a) => new(V.Ceiling(a.Value), V.Of(0));

    public static Dual<V> Round(Dual<V> a) => new(V.Round(a.Value), V.Of(0));

    public static Dual<V> Signed(Dual<V> y, Dual<V> x) =>
        new(V.Signed(y.Value, x.Value), V.Select(V.Greater(V.Of(0), x.Value), -y.Tangent, y.Tangent));

    public static Dual<V> Greater(Dual<V> a, Dual<V> b) => new(V.Greater(a.Value, b.Value), V.Of(0));

    public static Dual<V> GreaterOrEqual(Dual<V> a, Dual<V> b) => new(V.GreaterOrEqual(a.Value, b.Value), V.Of(0));

    public static Dual<V> Equal(Dual<V> a, Dual<V> b) => new(V.Equal(a.Value, b.Value), V.Of(0));

    public static Dual<V> Select(Dual<V> mask, Dual<V> a, Dual<V> b) =>
        new(V.Select(mask.Value, a.Value, b.Value), V.Select(mask.Value, a.Tangent, b.Tangent));

    public static Dual<V> Scale(Dual<V> y, Dual<V> n) => new(V.Scale(y.Value, n.Value), V.Scale(y.Tangent, n.Value));
}
