using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>y = eˣ;  dx = dy y.</summary>
readonly struct Exp : IUnary, IWideLane
{
    void IUnary.Map<T>(ReadOnlySpan<T> x, Span<T> y) => MapLoop.Widest(this, x, y);
    V IWideLane.Of<V>(V x) => Exponentials.Exp(x);
    Vector<T> IUnary.Slope<T>(Vector<T> x, Vector<T> y) => y;
}

/// <summary>y = ln x;  dx = dy / x.</summary>
readonly struct Log : IUnary
{
    void IUnary.Map<T>(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Log(x, y);
    Vector<T> IUnary.Slope<T>(Vector<T> x, Vector<T> y) => Vector<T>.One / x;
}

/// <summary>y = √x;  dx = dy / (2 y), which is infinite at 0; 0 there where x is a sum of squares, and √x a norm.</summary>
readonly struct Sqrt(bool isNorm) : IUnary
{
    void IUnary.Map<T>(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Sqrt(x, y);

    Vector<T> IUnary.Slope<T>(Vector<T> x, Vector<T> y)
    {
        var slope = Lanes.Of<T>(0.5) / y;
        return isNorm ? Vector.ConditionalSelect(Vector.Equals(y, Vector<T>.Zero), Vector<T>.Zero, slope) : slope;
    }
}

/// <summary>y = x²;  dx = 2 dy x.</summary>
readonly struct Square : IUnary
{
    void IUnary.Map<T>(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Multiply(x, x, y);
    Vector<T> IUnary.Slope<T>(Vector<T> x, Vector<T> y) => x + x;
}

/// <summary>y = |x|;  dx = dy sign x, which is 0 at 0.</summary>
readonly struct Abs : IUnary
{
    void IUnary.Map<T>(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Abs(x, y);
    Vector<T> IUnary.Slope<T>(Vector<T> x, Vector<T> y) => Lanes.Sign(x);
}

/// <summary>y = sin x;  dx = dy cos x.</summary>
readonly struct Sin : IUnary, ILane
{
    void IUnary.Map<T>(ReadOnlySpan<T> x, Span<T> y) => MapLoop.Each(this, x, y);
    Vector<T> ILane.Of<T>(Vector<T> x) => Lanes.Sin(x);
    Vector<T> IUnary.Slope<T>(Vector<T> x, Vector<T> y) => Lanes.Cos(x);
}

/// <summary>y = cos x;  dx = −dy sin x.</summary>
readonly struct Cos : IUnary, ILane
{
    void IUnary.Map<T>(ReadOnlySpan<T> x, Span<T> y) => MapLoop.Each(this, x, y);
    Vector<T> ILane.Of<T>(Vector<T> x) => Lanes.Cos(x);
    Vector<T> IUnary.Slope<T>(Vector<T> x, Vector<T> y) => -Lanes.Sin(x);
}

/// <summary>y = x held between two numbers;  dx = dy inside and at the ends, 0 outside.</summary>
readonly struct Clamp(double low, double high) : IUnary
{
    void IUnary.Map<T>(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Clamp(x, T.CreateSaturating(low), T.CreateSaturating(high), y);
    Vector<T> IUnary.Slope<T>(Vector<T> x, Vector<T> y) => Lanes.OrNaN(x, Lanes.Step(Vector.Equals(x, y)));
}

/// <summary>y = xᵖ;  dx = dy p xᵖ⁻¹.</summary>
readonly struct Pow(double p) : IOp
{
    void IOp.Forward<T>(Frame<T> f) => TensorPrimitives.Pow(f.X(), T.CreateTruncating(p), f.Y);

    void IOp.Backward<T>(Frame<T> f)
    {
        if (!f.Wants()) return;
        ReadOnlySpan<T> x = f.X(), dy = f.DY;
        var dx = f.DX();
        // x⁰ is 1 everywhere, at 0 too, where p xᵖ⁻¹ would be 0 · ∞.
        if (p == 0) return;
        T power = T.CreateTruncating(p), less = T.CreateTruncating(p - 1);
        for (int i = 0; i < x.Length; i++) dx[i] += dy[i] * power * T.Pow(x[i], less);
    }
}

public readonly partial struct Tensor
{
    /// <summary>eˣ, element by element.</summary>
    public Tensor Exp() => Map(new Exp(), this);

    /// <summary>The natural logarithm, element by element.</summary>
    public Tensor Log() => Map(new Log(), this);

    /// <summary>
    /// The square root, element by element. Its derivative at 0 is infinite; but where this tensor was computed as a sum, mean or variance of squares, the
    /// root is a norm, and its gradient at 0 is taken to be 0, as <see cref="Norm(ReadOnlySpan{int}, bool, double)"/> has it.
    /// </summary>
    public Tensor Sqrt() => Map(new Sqrt(Squares.Made(Slot)), this);

    /// <summary>x², element by element.</summary>
    public Tensor Square() => Map(new Square(), this);

    /// <summary>|x|, element by element; its derivative at 0 is taken to be 0.</summary>
    public Tensor Abs() => Map(new Abs(), this);

    /// <summary>sin x, element by element.</summary>
    public Tensor Sin() => Map(new Sin(), this);

    /// <summary>cos x, element by element.</summary>
    public Tensor Cos() => Map(new Cos(), this);

    /// <summary>1 / x, element by element.</summary>
    public Tensor Reciprocal() => 1 / this;

    /// <summary>xᵖ, element by element.</summary>
    public Tensor Pow(double p) => p == 2 ? Square() : p == 0.5 ? Sqrt() : ChainRule.Op.Run(new Pow(p), Shape, this);

    /// <summary>x, but no less than low and no more than high.</summary>
    public Tensor Clamp(double low = double.NegativeInfinity, double high = double.PositiveInfinity)
    {
        if (!(low <= high)) Throw.Argument($"clamp({low}, {high}): the low end must not pass the high end");
        return Map(new Clamp(low, high), this);
    }
}
