using System.Numerics;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>1 where a > b, 0 elsewhere.</summary>
readonly struct Greater : IBinary
{
    Vector<T> ILocal.Of<T>(Vector<T> a, Vector<T> b) => Lanes.Step(Vector.GreaterThan(a, b));
    Vector<T> IBinary.SlopeA<T>(Vector<T> a, Vector<T> b) => Vector<T>.Zero;
    Vector<T> IBinary.SlopeB<T>(Vector<T> a, Vector<T> b) => Vector<T>.Zero;
}

/// <summary>1 where a ≥ b, 0 elsewhere.</summary>
readonly struct GreaterOrEqual : IBinary
{
    Vector<T> ILocal.Of<T>(Vector<T> a, Vector<T> b) => Lanes.Step(Vector.GreaterThanOrEqual(a, b));
    Vector<T> IBinary.SlopeA<T>(Vector<T> a, Vector<T> b) => Vector<T>.Zero;
    Vector<T> IBinary.SlopeB<T>(Vector<T> a, Vector<T> b) => Vector<T>.Zero;
}

/// <summary>1 where a = b, 0 elsewhere.</summary>
readonly struct EqualTo : IBinary
{
    Vector<T> ILocal.Of<T>(Vector<T> a, Vector<T> b) => Lanes.Step(Vector.Equals(a, b));
    Vector<T> IBinary.SlopeA<T>(Vector<T> a, Vector<T> b) => Vector<T>.Zero;
    Vector<T> IBinary.SlopeB<T>(Vector<T> a, Vector<T> b) => Vector<T>.Zero;
}

/// <summary>1 where a ≠ b, which NaN is to everything, 0 elsewhere.</summary>
readonly struct NotEqualTo : IBinary
{
    Vector<T> ILocal.Of<T>(Vector<T> a, Vector<T> b) => Lanes.Step(~Vector.Equals(a, b));
    Vector<T> IBinary.SlopeA<T>(Vector<T> a, Vector<T> b) => Vector<T>.Zero;
    Vector<T> IBinary.SlopeB<T>(Vector<T> a, Vector<T> b) => Vector<T>.Zero;
}

public readonly partial struct Tensor
{
    /// <summary>A mask: 1 where this is greater, 0 elsewhere; 0 where either is NaN. No gradient flows through it.</summary>
    public Tensor Greater(Tensor than) => Zip(new Greater(), Detach(), than.Detach());

    /// <summary>A mask: 1 where this is greater than a number, 0 elsewhere.</summary>
    public Tensor Greater(double than) => Greater(Scalar(than, DType));

    /// <summary>A mask: 1 where this is greater or equal, 0 elsewhere; 0 where either is NaN. No gradient flows through it.</summary>
    public Tensor GreaterOrEqual(Tensor than) => Zip(new GreaterOrEqual(), Detach(), than.Detach());

    /// <summary>A mask: 1 where this is greater than a number or equal to it, 0 elsewhere.</summary>
    public Tensor GreaterOrEqual(double than) => GreaterOrEqual(Scalar(than, DType));

    /// <summary>A mask: 1 where this is less, 0 elsewhere; 0 where either is NaN. No gradient flows through it.</summary>
    public Tensor Less(Tensor than) => than.Greater(this);

    /// <summary>A mask: 1 where this is less than a number, 0 elsewhere.</summary>
    public Tensor Less(double than) => Less(Scalar(than, DType));

    /// <summary>A mask: 1 where this is less or equal, 0 elsewhere; 0 where either is NaN. No gradient flows through it.</summary>
    public Tensor LessOrEqual(Tensor than) => than.GreaterOrEqual(this);

    /// <summary>A mask: 1 where this is less than a number or equal to it, 0 elsewhere.</summary>
    public Tensor LessOrEqual(double than) => LessOrEqual(Scalar(than, DType));

    /// <summary>A mask: 1 where this is equal, 0 elsewhere; 0 where either is NaN. No gradient flows through it.</summary>
    public Tensor EqualTo(Tensor other) => Zip(new EqualTo(), Detach(), other.Detach());

    /// <summary>A mask: 1 where this is equal to a number, 0 elsewhere.</summary>
    public Tensor EqualTo(double other) => EqualTo(Scalar(other, DType));

    /// <summary>A mask: 1 where both differ, 0 elsewhere; 1 where either is NaN. No gradient flows through it.</summary>
    public Tensor NotEqualTo(Tensor other) => Zip(new NotEqualTo(), Detach(), other.Detach());

    /// <summary>A mask: 1 where this differs from a number, 0 elsewhere.</summary>
    public Tensor NotEqualTo(double other) => NotEqualTo(Scalar(other, DType));

    /// <summary>A mask: 1 where this is NaN, 0 elsewhere.</summary>
    public Tensor IsNaN() => NotEqualTo(this);
}
