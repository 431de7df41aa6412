using System.Numerics;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>The op of every element-wise function of one number.</summary>
readonly struct Map<F>(F f) : IOp where F : struct, IFormula
{
    void IOp.Forward<T>(Frame<T> frame) => Mapping.Forward(f, frame);

    void IOp.Backward<T>(Frame<T> frame) => Mapping.Backward(f, frame);

    OpText IOp.Text => OpText.Elementwise(f.Text);

    (string Name, object Value)[] IOp.Attributes => f.Attributes;

    bool IOp.Reaches<T>(Frame<T> frame, int i, int at, List<LocalDerivative> found) =>
        Mapping.Reaches(f, frame, at, found);

    bool IOp.Reads<T>(Frame<T> frame, int at, List<LocalDerivative> found) => Mapping.Reaches(f, frame, at, found);

    Tensor? IOp.GradientOf(int i, ReadOnlySpan<Tensor> x, Tensor y, Tensor dy) =>
        f.PassesGradient ? dy : dy * ChainRule.Op.Run(new MapOnce<DerivativeOf<F>>(new(f)), x[0].Shape, x[0]);
}

/// <summary>
/// The op of a derivative: it can be gone back through, but not for the gradient of a gradient. Third derivatives, and
/// types within types without end, stop here. It has no <see cref="Map{F}"/> inside, whose gradient, and the gradient
/// of that, a native program would have to hold.
/// </summary>
readonly struct MapOnce<F>(F f) : IOp, IOnce where F : struct, IFormula
{
    OpText IOp.Text => OpText.Elementwise(f.Text);

    void IOp.Forward<T>(Frame<T> frame) => Mapping.Forward(f, frame);

    void IOp.Backward<T>(Frame<T> frame) => Mapping.Backward(f, frame);

    bool IOp.Reaches<T>(Frame<T> frame, int i, int at, List<LocalDerivative> found) =>
        Mapping.Reaches(f, frame, at, found);

    bool IOp.Reads<T>(Frame<T> frame, int at, List<LocalDerivative> found) => Mapping.Reaches(f, frame, at, found);
}

/// <summary>What <see cref="Map{F}"/> and <see cref="MapOnce{F}"/> do.</summary>
static class Mapping
{
    public static void Forward<F, T>(F f, Frame<T> frame) where F : struct, IFormula
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => MapLoop.Forward(f, frame.X(), frame.Y);

    public static void Backward<F, T>(F f, Frame<T> frame) where F : struct, IFormula
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!frame.RequiresGrad()) return;
        var dx = frame.Gradient();
        MapLoop.Backward(f, frame.X(), frame.Y, frame.DY, dx.Numbers, first: !dx.Adds);
    }

    public static bool Reaches<F, T>(F f, Frame<T> frame, int at, List<LocalDerivative> found)
        where F : struct, IFormula where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T d = T.Zero;
        MapLoop.AddGradient(f, frame.X().Slice(at, 1), frame.Y.Slice(at, 1), [T.One], new Span<T>(ref d), first: true);
        found.Add(new(0, at, double.CreateTruncating(d)));
        return true;
    }
}

public readonly partial struct Tensor
{
    /// <summary>
    /// A function of your own, element by element: y = f(x), and dx = dy f′(x). It runs on the widest vectors of the
    /// machine, in both number types, and its derivative can be checked as any other: <c>GradCheck</c>.
    /// </summary>
    /// <param name="f">Value and derivative, in a struct; its name is what errors and graphs call the op.</param>
    public static Tensor Map<F>(F f, Tensor x) where F : struct, IFormula =>
        ChainRule.Op.Run(new Map<F>(f), x.Shape, x);
}
