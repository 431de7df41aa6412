using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>
/// y = (Σ |x|ᵖ)^(1/p), p ≥ 1; dx = dy sign x (|x| / y)ᵖ⁻¹, and 0 where y is 0, which is a subgradient. Powers that
/// would overflow or vanish are taken of numbers brought near 1.
/// </summary>
readonly struct Norm(ReducedAxes fold, double order) : IOp
{
    (string Name, object Value)[] IOp.Attributes =>
    [
        ("outer", fold.Outer), ("count", fold.Count), ("inner", fold.Inner), ("order", order)
    ];

    OpText IOp.Text => order == 2 ? new("y = √(Σ x²)", "dx = dy x / y")
        : new(FormulaText.With($"y = (Σ |x|^{order})^(1/{order})"),
            FormulaText.With($"dx = dy sign x (|x| / y)^{order - 1}"));

    void IOp.Forward<T>(Frame<T> f)
    {
        var x = f.X();
        T[] room = ArrayPool<T>.Shared.Rent(fold.Count);
        var column = room.AsSpan(0, fold.Count);
        for (int i = 0; i < f.Y.Length; i++)
        {
            fold.Column(x, i, column);
            if (order == 2) f.Y[i] = Length(column);
            if (order != 2 || !Magnitude.IsSafe(f.Y[i])) f.Y[i] = Scaled(column);
        }
        ArrayPool<T>.Shared.Return(room);
    }

    void IOp.Backward<T>(Frame<T> f)
    {
        if (!f.RequiresGrad()) return;
        var x = f.X();
        var dx = f.DX();
        T power = T.CreateTruncating(order - 1);
        for (int i = 0; i < f.Y.Length; i++)
        {
            T y = f.Y[i], dy = f.DY[i];
            if (y == T.Zero) continue;
            int from = fold.From(i);
            for (int k = 0; k < fold.Count; k++, from += fold.Inner)
            {
                T part = x[from] / y;
                dx[from] += dy * (order == 2 ? part : T.CopySign(T.Pow(T.Abs(part), power), part));
            }
        }
    }

    /// <summary>The norm of numbers divided by a power of two near the largest, and multiplied by it.</summary>
    T Scaled<T>(Span<T> column) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T unit = Magnitude.Unit<T>(column);
        TensorPrimitives.Abs(column, column);
        TensorPrimitives.Divide(column, unit, column);
        if (order == 2) return unit * Length<T>(column);
        T p = T.CreateTruncating(order);
        TensorPrimitives.Pow(column, p, column);
        return unit * T.CreateTruncating(Math.Pow(Rows.Sum<T>(column), 1 / order));
    }

    static T Length<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        T.CreateTruncating(Math.Sqrt(SquareSum.Of(x)));
}

/// <summary>Whether squares of numbers fit their type, and what to divide by where they do not.</summary>
static class Magnitude
{
    /// <summary>Whether a root of squares is a number whose squares neither overflowed nor vanished.</summary>
    public static bool IsSafe<T>(T root) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        T.IsFinite(root) && T.ILogB(root) > T.ILogB(T.Epsilon) / 3;

    /// <summary>
    /// The power of two at or below the largest magnitude; 1 where that is 0, infinity or NaN, which no division helps.
    /// </summary>
    public static T Unit<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T largest = x.IsEmpty ? T.Zero : TensorPrimitives.MaxMagnitude(x);
        return largest == T.Zero || !T.IsFinite(largest) ? T.One : T.ScaleB(T.One, T.ILogB(largest));
    }
}

/// <summary>Whether a tensor was computed as a sum of squares, so that its root is a norm.</summary>
static class Squares
{
    // How many nodes are looked at: a root of more squares than that is rare, and a search must not
    // cost more than the root.
    const int Budget = 64;

    public static bool Made(Slot x)
    {
        int budget = Budget;
        return Made(x, ref budget);
    }

    static bool Made(Slot x, ref int budget)
    {
        if (--budget < 0) return false;
        return x.Producer switch
        {
            Node<Map<Square>> or Node<Zip<SquaredError>> or Node<Var> => true,
            Node<Zip<Multiply>> node => ReferenceEquals(node.Inputs[0].Storage, node.Inputs[1].Storage)
                && node.Inputs[0].Shape == node.Inputs[1].Shape,
            Node<Zip<Add>> node => Made(node.Inputs[0], ref budget) && Made(node.Inputs[1], ref budget),
            Node<Sum> or Node<Reshape> or Node<Move> or Node<Map<MultiplyNumber>> or Node<Map<DivideNumber>> =>
                Made(x.Producer.Inputs[0], ref budget),
            _ => false,
        };
    }
}

public readonly partial struct Tensor
{
    /// <summary>
    /// The p-norm (Σ |x|ᵖ)^(1/p) over all, or over the axes given: the length of a vector for p = 2, Σ |x| for 1,
    /// max |x| for infinity. Its gradient at 0 is taken to be 0. It neither overflows nor vanishes where the
    /// result fits the number type.
    /// </summary>
    /// <param name="axes">Axes, from the front (0 …) or the back (−1 …); all if empty.</param>
    /// <param name="keepDim">Whether a reduced axis stays, with size 1.</param>
    /// <param name="order">p, 1 or more.</param>
    /// <exception cref="ArgumentException">The order is below 1.</exception>
    public Tensor Norm(ReadOnlySpan<int> axes = default, bool keepDim = false, double order = 2)
    {
        if (!(order >= 1))
            Throw.Argument($"norm of {Shape}: order "
                + $"{order.ToString(System.Globalization.CultureInfo.InvariantCulture)}: give a number that is 1 or "
                + "more",
                nameof(order));
        if (order == 1) return Abs().Sum(axes, keepDim);
        if (double.IsInfinity(order)) return Abs().Max(axes, keepDim);
        var x = Folded("norm", axes, keepDim, out var fold, out var shape);
        return ChainRule.Op.Run(new Norm(fold, order), shape, x);
    }

    /// <summary>The p-norm along one axis.</summary>
    public Tensor Norm(int axis, bool keepDim = false, double order = 2) =>
        Norm([Shape.Axis(axis, "norm")], keepDim, order);

    /// <summary>
    /// The distance |x − other|, a p-norm along an axis. Its gradient where both are equal is taken to be 0.
    /// </summary>
    public Tensor Distance(Tensor other, int axis = -1, bool keepDim = false, double order = 2) =>
        (this - other).Norm(axis, keepDim, order);

    /// <summary>
    /// The cosine of the angle between two vectors along an axis: x · y / (|x| |y|). A vector of zeros has no
    /// direction: its similarity to every vector is 0, and its gradient is 0.
    /// </summary>
    public Tensor CosineSimilarity(Tensor other, int axis = -1, bool keepDim = false)
    {
        return (Direction(this) * Direction(other)).Sum(axis, keepDim);

        Tensor Direction(Tensor x)
        {
            var length = x.Norm(axis, keepDim: true);
            return x / length.MaskedFill(length.EqualTo(Scalar(0, x.DType)), double.PositiveInfinity);
        }
    }
}
