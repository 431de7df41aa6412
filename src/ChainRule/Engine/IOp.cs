using System.Numerics;

namespace ChainRule;

/// <summary>
/// An operation of the graph: how outputs come from inputs, and how dL/d(output) becomes dL/d(input). A small struct; its fields are the
/// op's attributes (axis, negativeSlope, eps). Implemented explicitly, an op inherits the constraints of the contract and repeats none.
/// </summary>
interface IOp
{
    /// <summary>What errors and graphs call it; null for its struct's name as words.</summary>
    string? Name => null;

    /// <summary>How many of the last inputs are notes: they serve to carry numbers from forward to backward, and forward fills them.</summary>
    int Notes => 0;

    /// <summary>A number that forward puts into y as it is, such as the value of a masked fill: an infinity here was asked for. 0 if there is none.</summary>
    double Placed => 0;

    /// <summary>y = f(x …): fills all of <see cref="Frame{T}.Y"/>.</summary>
    void Forward<T>(Frame<T> f) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>dx += (dy/dx)ᵀ dy for each input that <see cref="Frame{T}.RequiresGrad"/> a gradient.</summary>
    void Backward<T>(Frame<T> f) where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
