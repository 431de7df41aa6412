using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>y = ⌊x⌋;  dx = 0.</summary>
readonly struct Floor : IUnary
{
    void IUnary.Map<T>(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Floor(x, y);
    Vector<T> IUnary.Slope<T>(Vector<T> x, Vector<T> y) => Lanes.OrNaN(x, Vector<T>.Zero);
}

/// <summary>y = ⌈x⌉;  dx = 0.</summary>
readonly struct Ceiling : IUnary
{
    void IUnary.Map<T>(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Ceiling(x, y);
    Vector<T> IUnary.Slope<T>(Vector<T> x, Vector<T> y) => Lanes.OrNaN(x, Vector<T>.Zero);
}

/// <summary>y = the nearest whole number, of two equally near ones the even one;  dx = 0.</summary>
readonly struct Round : IUnary
{
    void IUnary.Map<T>(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Round(x, y);
    Vector<T> IUnary.Slope<T>(Vector<T> x, Vector<T> y) => Lanes.OrNaN(x, Vector<T>.Zero);
}

/// <summary>y = −1, 0 or 1, as x is below 0, at 0 or above;  dx = 0.</summary>
readonly struct Sign : IUnary, ILane
{
    void IUnary.Map<T>(ReadOnlySpan<T> x, Span<T> y) => MapLoop.Each(this, x, y);
    Vector<T> ILane.Of<T>(Vector<T> x) => Lanes.Sign(x);
    Vector<T> IUnary.Slope<T>(Vector<T> x, Vector<T> y) => Lanes.OrNaN(x, Vector<T>.Zero);
}

public readonly partial struct Tensor
{
    /// <summary>The largest whole number not above x, element by element. Its derivative is 0.</summary>
    public Tensor Floor() => Map(new Floor(), this);

    /// <summary>The smallest whole number not below x, element by element. Its derivative is 0.</summary>
    public Tensor Ceiling() => Map(new Ceiling(), this);

    /// <summary>The nearest whole number, element by element; of two equally near ones the even one. Its derivative is 0.</summary>
    public Tensor Round() => Map(new Round(), this);

    /// <summary>−1, 0 or 1, as x is below 0, at 0 or above. Its derivative is 0.</summary>
    public Tensor Sign() => Map(new Sign(), this);
}
