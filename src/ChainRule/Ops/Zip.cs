using System.Numerics;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>
/// The op of every element-wise function of two numbers, with broadcasting by numpy's rule: axes are matched from the
/// back, and a size of 1 stretches.
/// </summary>
readonly struct Zip<F>(F f) : IOp where F : struct, IBinaryFormula
{
    double IOp.Placed => f.Placed;

    void IOp.Forward<T>(Frame<T> frame) => Zipping.Forward(f, frame);

    void IOp.Backward<T>(Frame<T> frame) => Zipping.Backward(f, frame);

    OpText IOp.Text => OpText.Elementwise(f.Text);

    (string Name, object Value)[] IOp.Attributes => f.Attributes;

    bool IOp.Reaches<T>(Frame<T> frame, int i, int at, List<LocalDerivative> found) =>
        Zipping.Reaches(f, frame, i, at, found);

    bool IOp.Reads<T>(Frame<T> frame, int at, List<LocalDerivative> found) => Zipping.Reads(f, frame, at, found);

    Tensor? IOp.GradientOf(int i, ReadOnlySpan<Tensor> x, Tensor y, Tensor dy)
    {
        var d = f.PassesGradient ? dy
            : i == 0 ? dy * ChainRule.Op.Run(new ZipOnce<DerivativeInA<F>>(new(f)), y.Shape, x[0], x[1])
            : dy * ChainRule.Op.Run(new ZipOnce<DerivativeInB<F>>(new(f)), y.Shape, x[0], x[1]);
        return d.SumTo(x[i].Shape);
    }
}

/// <summary>The op of a derivative of two numbers, without a gradient of its gradient; see <see cref="MapOnce{F}"/>.
/// </summary>
readonly struct ZipOnce<F>(F f) : IOp, IOnce where F : struct, IBinaryFormula
{
    OpText IOp.Text => OpText.Elementwise(f.Text);

    void IOp.Forward<T>(Frame<T> frame) => Zipping.Forward(f, frame);

    void IOp.Backward<T>(Frame<T> frame) => Zipping.Backward(f, frame);

    bool IOp.Reaches<T>(Frame<T> frame, int i, int at, List<LocalDerivative> found) =>
        Zipping.Reaches(f, frame, i, at, found);

    bool IOp.Reads<T>(Frame<T> frame, int at, List<LocalDerivative> found) => Zipping.Reads(f, frame, at, found);
}

/// <summary>What <see cref="Zip{F}"/> and <see cref="ZipOnce{F}"/> do.</summary>
static class Zipping
{
    public static void Forward<F, T>(F f, Frame<T> frame) where F : struct, IBinaryFormula
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        ZipLoop.Each(new Value<F>(f), frame.X(0), frame.XShape(0).Span, frame.X(1), frame.XShape(1).Span, frame.Y,
            frame.YShape.Span);

    public static void Backward<F, T>(F f, Frame<T> frame) where F : struct, IBinaryFormula
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (frame.RequiresGrad(0)) Add(new InA<F>(f), f.PassesGradient, frame, 0, 1);
        if (frame.RequiresGrad(1)) Add(new InB<F>(f), f.PassesGradient, frame, 1, 0);
    }

    public static bool Reaches<F, T>(F f, Frame<T> frame, int i, int at, List<LocalDerivative> found)
        where F : struct, IBinaryFormula where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var places = new Stretch(frame.XShape(i), frame.YShape);
        foreach (int place in places.To(at)) found.Add(new(0, place, Derivative(f, frame, i, place)));
        return true;
    }

    public static bool Reads<F, T>(F f, Frame<T> frame, int at, List<LocalDerivative> found)
        where F : struct, IBinaryFormula where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < 2; i++)
            found.Add(new(i, new Stretch(frame.XShape(i), frame.YShape).From(at), Derivative(f, frame, i, at)));
        return true;
    }

    static void Add<D, T>(D derivative, bool passesGradient, Frame<T> frame, int a, int b)
        where D : struct, IFunctionOfTwo where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // What was broadcast is a sum, and a sum starts from 0.
        var gradient = frame.XShape(a).Elements == frame.YShape.Elements ? frame.Gradient(a)
            : new(frame.DX(a), adds: true);
        var da = gradient.Numbers;
        if (!passesGradient || da.Length != frame.DY.Length)
            ZipLoop.AddGradient(derivative, frame.X(a), frame.XShape(a).Span, frame.X(b), frame.XShape(b).Span,
                frame.DY, frame.YShape.Span, da, first: !gradient.Adds);
        else MapLoop.Pass(frame.DY, da, first: !gradient.Adds);
    }

    /// <summary>∂y/∂a or ∂y/∂b of one number of y.</summary>
    static double Derivative<F, T>(F f, Frame<T> frame, int i, int place) where F : struct, IBinaryFormula
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T a = frame.X(0)[new Stretch(frame.XShape(0), frame.YShape).From(place)],
            b = frame.X(1)[new Stretch(frame.XShape(1), frame.YShape).From(place)], d = T.Zero;
        if (i == 0) ZipLoop.AddGradient(new InA<F>(f), [a], [1], [b], [1], [T.One], [1], new Span<T>(ref d), true);
        else ZipLoop.AddGradient(new InB<F>(f), [b], [1], [a], [1], [T.One], [1], new Span<T>(ref d), true);
        return double.CreateTruncating(d);
    }

    readonly struct Value<F>(F f) : IFunctionOfTwo where F : struct, IBinaryFormula
    {
        V IFunctionOfTwo.Of<V>(V a, V b) => f.Of(a, b);
    }

    readonly struct InA<F>(F f) : IFunctionOfTwo where F : struct, IBinaryFormula
    {
        V IFunctionOfTwo.Of<V>(V a, V b) => f.DerivativeA(a, b);
    }

    readonly struct InB<F>(F f) : IFunctionOfTwo where F : struct, IBinaryFormula
    {
        V IFunctionOfTwo.Of<V>(V b, V a) => f.DerivativeB(a, b);
    }
}

public readonly partial struct Tensor
{
    /// <summary>
    /// A function of two numbers of your own, element by element, with broadcasting: y = f(a, b), da = dy ∂y/∂a and
    /// db = dy ∂y/∂b, summed over the axes that were stretched.
    /// </summary>
    /// <param name="f">Value and both derivatives, in a struct; its name is what errors and graphs call the op.</param>
    public static Tensor Zip<F>(F f, Tensor a, Tensor b) where F : struct, IBinaryFormula => Zip(f, a, b, nameof(b));

    /// <summary>The same, where b came by a parameter of another name.</summary>
    static Tensor Zip<F>(F f, Tensor a, Tensor b, string parameter) where F : struct, IBinaryFormula =>
        ChainRule.Op.Run(new Zip<F>(f), Broadcast(OpName.Of<Zip<F>>(), a.Shape, b.Shape, parameter: parameter), a,
            b, parameter);

    /// <summary>The shape that two shapes broadcast to, or what lies before their last few axes.</summary>
    static Shape Broadcast(string op, Shape a, Shape b, int last = 0, string parameter = "b")
    {
        if (last == 0 && a == b) return a;
        Span<int> sizes = stackalloc int[Math.Max(a.Rank, b.Rank) - last];
        for (int i = 1; i <= sizes.Length; i++)
        {
            int p = i + last <= a.Rank ? a[^(i + last)] : 1, q = i + last <= b.Rank ? b[^(i + last)] : 1;
            if (p != q && p != 1 && q != 1) Throw.Broadcast(op, a, b, sizes.Length - i, p, q, parameter);
            sizes[^i] = p == 1 ? q : p;
        }
        return Shape.Create(sizes);
    }
}
