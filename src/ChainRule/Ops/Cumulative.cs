using System.Buffers;

namespace ChainRule;

/// <summary>
/// y = Π x; dx[i] = dy Π x[j] over the others, from the products before and after i, so that zeros do no harm.
/// </summary>
readonly struct Product(ReducedAxes fold) : IOp
{
    (string Name, object Value)[] IOp.Attributes =>
    [
        ("outer", fold.Outer), ("count", fold.Count), ("inner", fold.Inner)
    ];

    OpText IOp.Text => new("y = Π x", "dx[i] = dy Π x[j] over the others");

    void IOp.Forward<T>(Frame<T> f)
    {
        for (int i = 0; i < f.Y.Length; i++)
        {
            T product = T.One;
            for (int k = 0, at = fold.From(i); k < fold.Count; k++, at += fold.Inner) product *= f.X()[at];
            f.Y[i] = product;
        }
    }

    void IOp.Backward<T>(Frame<T> f)
    {
        if (!f.RequiresGrad() || fold.Count == 0) return;
        var x = f.X();
        var dx = f.DX();
        T[] room = ArrayPool<T>.Shared.Rent(fold.Count);
        for (int i = 0; i < f.Y.Length; i++)
        {
            int from = fold.From(i), at = from;
            T before = f.DY[i], after = T.One;
            for (int k = 0; k < fold.Count; k++, at += fold.Inner)
            {
                room[k] = before;
                before *= x[at];
            }
            for (int k = fold.Count - 1; k >= 0; k--)
            {
                at -= fold.Inner;
                dx[at] += room[k] * after;
                after *= x[at];
            }
        }
        ArrayPool<T>.Shared.Return(room);
    }
}

/// <summary>y[i] = x[0] + … + x[i], added up in double;  dx[i] = dy[i] + dy[i + 1] + …</summary>
readonly struct CumulativeSum(ReducedAxes fold) : IOp
{
    (string Name, object Value)[] IOp.Attributes =>
    [
        ("outer", fold.Outer), ("count", fold.Count), ("inner", fold.Inner)
    ];

    OpText IOp.Text => new("y[i] = x[0] + … + x[i]", "dx[i] = dy[i] + dy[i + 1] + …");

    Linearity IOp.Linearity => Linearity.Jointly;

    void IOp.Forward<T>(Frame<T> f)
    {
        for (int i = 0; i < fold.Outer * fold.Inner; i++)
        {
            double sum = 0;
            for (int k = 0, at = fold.From(i); k < fold.Count; k++, at += fold.Inner)
                f.Y[at] = T.CreateTruncating(sum += double.CreateTruncating(f.X()[at]));
        }
    }

    void IOp.Backward<T>(Frame<T> f)
    {
        if (!f.RequiresGrad()) return;
        var dx = f.DX();
        for (int i = 0; i < fold.Outer * fold.Inner; i++)
        {
            double sum = 0;
            for (int k = fold.Count - 1; k >= 0; k--)
            {
                int at = fold.From(i) + k * fold.Inner;
                dx[at] += T.CreateTruncating(sum += double.CreateTruncating(f.DY[at]));
            }
        }
    }
}

public readonly partial struct Tensor
{
    /// <summary>The product over all, or over the axes given; 1 where there is nothing.</summary>
    /// <param name="axes">Axes, from the front (0 …) or the back (−1 …); all if empty.</param>
    /// <param name="keepDim">Whether a reduced axis stays, with size 1.</param>
    public Tensor Prod(ReadOnlySpan<int> axes = default, bool keepDim = false)
    {
        var x = Folded("prod", axes, keepDim, out var fold, out var shape);
        return ChainRule.Op.Run(new Product(fold), shape, x);
    }

    /// <summary>The product along one axis.</summary>
    public Tensor Prod(int axis, bool keepDim = false) => Prod([Shape.Axis(axis, "prod")], keepDim);

    /// <summary>The sums of the first 1, 2, 3 … numbers along an axis.</summary>
    public Tensor CumSum(int axis)
    {
        var x = Folded("cumsum", [Shape.Axis(axis, "cumsum")], keepDim: true, out var fold, out _);
        return ChainRule.Op.Run(new CumulativeSum(fold), Shape, x);
    }
}
