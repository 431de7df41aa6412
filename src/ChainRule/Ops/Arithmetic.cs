using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>y = a + b.</summary>
readonly struct Add : IBinary
{
    bool IBinary.Passes => true;
    Vector<T> ILocal.Of<T>(Vector<T> a, Vector<T> b) => a + b;
    Vector<T> IBinary.SlopeA<T>(Vector<T> a, Vector<T> b) => Vector<T>.One;
    Vector<T> IBinary.SlopeB<T>(Vector<T> a, Vector<T> b) => Vector<T>.One;
}

/// <summary>y = a − b.</summary>
readonly struct Subtract : IBinary
{
    Vector<T> ILocal.Of<T>(Vector<T> a, Vector<T> b) => a - b;
    Vector<T> IBinary.SlopeA<T>(Vector<T> a, Vector<T> b) => Vector<T>.One;
    Vector<T> IBinary.SlopeB<T>(Vector<T> a, Vector<T> b) => -Vector<T>.One;
}

/// <summary>y = a b;  da = dy b, db = dy a.</summary>
readonly struct Multiply : IBinary
{
    Vector<T> ILocal.Of<T>(Vector<T> a, Vector<T> b) => a * b;
    Vector<T> IBinary.SlopeA<T>(Vector<T> a, Vector<T> b) => b;
    Vector<T> IBinary.SlopeB<T>(Vector<T> a, Vector<T> b) => a;
}

/// <summary>y = a / b;  da = dy / b, db = −dy a / b².</summary>
readonly struct Divide : IBinary
{
    Vector<T> ILocal.Of<T>(Vector<T> a, Vector<T> b) => a / b;
    Vector<T> IBinary.SlopeA<T>(Vector<T> a, Vector<T> b) => Vector<T>.One / b;
    Vector<T> IBinary.SlopeB<T>(Vector<T> a, Vector<T> b) => -(a / b) / b;
}

/// <summary>The larger of two; equal ones share the gradient. NaN stays NaN, in the derivatives too.</summary>
readonly struct Maximum : IBinary
{
    Vector<T> ILocal.Of<T>(Vector<T> a, Vector<T> b) => Vector.Max(a, b);
    Vector<T> IBinary.SlopeA<T>(Vector<T> a, Vector<T> b) => Lanes.Above(a, b);
    Vector<T> IBinary.SlopeB<T>(Vector<T> a, Vector<T> b) => Lanes.Above(b, a);
}

/// <summary>The smaller of two; equal ones share the gradient. NaN stays NaN, in the derivatives too.</summary>
readonly struct Minimum : IBinary
{
    Vector<T> ILocal.Of<T>(Vector<T> a, Vector<T> b) => Vector.Min(a, b);
    Vector<T> IBinary.SlopeA<T>(Vector<T> a, Vector<T> b) => Lanes.Above(b, a);
    Vector<T> IBinary.SlopeB<T>(Vector<T> a, Vector<T> b) => Lanes.Above(a, b);
}

/// <summary>y = x + c.</summary>
readonly struct AddNumber(double c) : IUnary
{
    void IUnary.Map<T>(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Add(x, T.CreateTruncating(c), y);
    Vector<T> IUnary.Slope<T>(Vector<T> x, Vector<T> y) => Vector<T>.One;
}

/// <summary>y = c x.</summary>
readonly struct MultiplyNumber(double c) : IUnary
{
    void IUnary.Map<T>(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Multiply(x, T.CreateTruncating(c), y);
    Vector<T> IUnary.Slope<T>(Vector<T> x, Vector<T> y) => Lanes.Of<T>(c);
}

/// <summary>y = x / c: rounded once, as torch does, where multiplying by 1 / c would round twice.</summary>
readonly struct DivideNumber(double c) : IUnary
{
    void IUnary.Map<T>(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Divide(x, T.CreateTruncating(c), y);
    Vector<T> IUnary.Slope<T>(Vector<T> x, Vector<T> y) => Vector<T>.One / Lanes.Of<T>(c);
}

/// <summary>y = c / x;  dx = −dy c / x² = −dy y / x.</summary>
readonly struct NumberOver(double c) : IUnary
{
    void IUnary.Map<T>(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Divide(T.CreateTruncating(c), x, y);
    Vector<T> IUnary.Slope<T>(Vector<T> x, Vector<T> y) => -y / x;
}

/// <summary>y = −x.</summary>
readonly struct Negate : IUnary
{
    void IUnary.Map<T>(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Negate(x, y);
    Vector<T> IUnary.Slope<T>(Vector<T> x, Vector<T> y) => -Vector<T>.One;
}

public readonly partial struct Tensor
{
    public static Tensor operator +(Tensor a, Tensor b) => Zip(new Add(), a, b);

    public static Tensor operator -(Tensor a, Tensor b) => Zip(new Subtract(), a, b);

    public static Tensor operator *(Tensor a, Tensor b) => Zip(new Multiply(), a, b);

    public static Tensor operator /(Tensor a, Tensor b) => Zip(new Divide(), a, b);

    public static Tensor operator +(Tensor x, double c) => Map(new AddNumber(c), x);

    public static Tensor operator +(double c, Tensor x) => Map(new AddNumber(c), x);

    public static Tensor operator -(Tensor x, double c) => Map(new AddNumber(-c), x);

    public static Tensor operator -(double c, Tensor x) => Map(new AddNumber(c), -x);

    public static Tensor operator *(Tensor x, double c) => Map(new MultiplyNumber(c), x);

    public static Tensor operator *(double c, Tensor x) => Map(new MultiplyNumber(c), x);

    public static Tensor operator /(Tensor x, double c) => Map(new DivideNumber(c), x);

    public static Tensor operator /(double c, Tensor x) => Map(new NumberOver(c), x);

    public static Tensor operator -(Tensor x) => Map(new Negate(), x);

    /// <summary>The larger of two, element by element; where they are equal each gets half of the gradient.</summary>
    public static Tensor Maximum(Tensor a, Tensor b) => Zip(new Maximum(), a, b);

    /// <summary>The smaller of two, element by element; where they are equal each gets half of the gradient.</summary>
    public static Tensor Minimum(Tensor a, Tensor b) => Zip(new Minimum(), a, b);
}
