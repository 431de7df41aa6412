using System.Numerics;

namespace ChainRule;

/// <summary>
/// An operation of the graph: how outputs come from inputs, and how dL/d(output) becomes dL/d(input). A small struct;
/// its fields are the op's attributes (axis, negativeSlope, eps). Implemented explicitly, an op inherits the
/// constraints of the contract and repeats none.
/// </summary>
interface IOp
{
    /// <summary>What errors and graphs call it; null for its struct's name as words.</summary>
    string? Name => null;

    /// <summary>
    /// A number that forward puts into y as it is, such as the value of a masked fill: an infinity here was asked for.
    /// 0 if there is none.
    /// </summary>
    double Placed => 0;

    /// <summary>
    /// Whether y is linear in its inputs: then the gradient of its gradient needs no words of its own
    /// (<see cref="Adjoint{TOp}"/>).
    /// </summary>
    Linearity Linearity => Linearity.None;

    /// <summary>
    /// Of an op that is linear in each input: one that is only added to y, such as a bias; −1 if there is none.
    /// </summary>
    int Addend => -1;

    /// <summary>
    /// dL/d(input i), computed by differentiable ops from the inputs, the output and dL/dy; null if this op has no
    /// second derivative here.
    /// </summary>
    Tensor? GradientOf(int i, ReadOnlySpan<Tensor> x, Tensor y, Tensor dy) => null;

    /// <summary>The op's mathematics as text, for explanations.</summary>
    OpText Text => default;

    /// <summary>Its fields by name, such as an axis or a stride: what a trace tells of it beside its inputs.</summary>
    (string Name, object Value)[] Attributes => [];

    /// <summary>The ids by which rows are picked, whose axes y begins with; null if there are none.</summary>
    Ids? Ids => null;

    /// <summary>
    /// The same outputs by simpler ops, through which an explanation goes in this one's place, as a norm through mean
    /// and variance; null if it is simple itself.
    /// </summary>
    Tensor[]? Unfold(ReadOnlySpan<Tensor> x) => null;

    /// <summary>
    /// Lists the numbers of y that one number of input i reaches, each with ∂y/∂x; false where they are to be
    /// found from the forward and backward passes.
    /// </summary>
    bool Reaches<T>(Frame<T> f, int i, int at, List<LocalDerivative> found)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => false;

    /// <summary>Lists the numbers that one number of y is computed from, each with ∂y/∂x; false as above.</summary>
    bool Reads<T>(Frame<T> f, int at, List<LocalDerivative> found)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => false;

    /// <summary>y = f(x …): fills all of <see cref="Frame{T}.Y"/>, and of what it saves.</summary>
    void Forward<T>(Frame<T> f) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>dx += (dy/dx)ᵀ dy for each input that <see cref="Frame{T}.RequiresGrad"/> a gradient.</summary>
    void Backward<T>(Frame<T> f) where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>How an op's output depends on its inputs.</summary>
enum Linearity
{
    /// <summary>In another way.</summary>
    None,

    /// <summary>Linear in each input by itself, as a product is: y = a b.</summary>
    InEach,

    /// <summary>
    /// A sum of linear functions of the inputs, as what only moves or adds numbers is: y = A a + B b.
    /// </summary>
    Jointly,
}
