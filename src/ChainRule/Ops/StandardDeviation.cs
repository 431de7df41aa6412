using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>
/// y = √(Σ (x − m)² / d), where m is the mean and d is n − 1 or n; dx = dy (x − m) / (d y), and 0 where y is 0, which
/// is a subgradient. Squares that would overflow or vanish are taken of numbers brought near 1. Saved: the means.
/// </summary>
readonly struct StandardDeviation(ReducedAxes fold, int divisor) : IOp
{
    (string Name, object Value)[] IOp.Attributes =>
    [
        ("outer", fold.Outer), ("count", fold.Count), ("inner", fold.Inner), ("divisor", divisor)
    ];

    OpText IOp.Text => new($"y = √(Σ (x − mean)² / {divisor})", $"dx = dy (x − mean) / ({divisor} y)");

    readonly Var _variance = new(fold, divisor);

    void IOp.Forward<T>(Frame<T> f)
    {
        Span<T> y = f.Y, mean = f.Save(f.YShape);
        _variance.Fill(f.X(), mean, y, root: true);
        for (int i = 0; i < y.Length; i++) if (!Magnitude.IsSafe(y[i])) (mean[i], y[i]) = Scaled(f.X(), i);
    }

    void IOp.Backward<T>(Frame<T> f)
    {
        if (!f.RequiresGrad()) return;
        // By way of the variance y²: its gradient is dy / (2 y).
        T[] room = ArrayPool<T>.Shared.Rent(f.Y.Length);
        var squared = room.AsSpan(0, f.Y.Length);
        for (int i = 0; i < squared.Length; i++) squared[i] = f.Y[i] == T.Zero ? T.Zero : f.DY[i] / (f.Y[i] + f.Y[i]);
        _variance.AddGradient(f.X(), f.Saved(), squared, f.DX());
        ArrayPool<T>.Shared.Return(room);
    }

    /// <summary>
    /// Mean and deviation of the numbers that are reduced to number i, computed from their ratios to one
    /// near the largest.
    /// </summary>
    (T Mean, T Deviation) Scaled<T>(ReadOnlySpan<T> x, int i) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] room = ArrayPool<T>.Shared.Rent(fold.Count);
        var column = room.AsSpan(0, fold.Count);
        fold.Column(x, i, column);
        T unit = Magnitude.Unit<T>(column);
        TensorPrimitives.Divide(column, unit, column);
        var (mean, squares) = Rows.Moments<T>(column);
        ArrayPool<T>.Shared.Return(room);
        return (T.CreateTruncating(mean) * unit, T.CreateTruncating(Math.Sqrt(squares / divisor)) * unit);
    }
}

public readonly partial struct Tensor
{
    /// <summary>
    /// The standard deviation √Σ (x − mean)² / (n − 1), or / n where not unbiased, over all or over the axes given. Its
    /// gradient is 0 where all numbers are equal.
    /// </summary>
    public Tensor Std(ReadOnlySpan<int> axes = default, bool keepDim = false, bool unbiased = true)
    {
        var x = Deviating("std", axes, keepDim, unbiased, out var fold, out var shape, out int divisor);
        return ChainRule.Op.Run(new StandardDeviation(fold, divisor), shape, x, new Tensor(Slot.Make(shape, DType)));
    }

    /// <summary>The standard deviation along one axis.</summary>
    public Tensor Std(int axis, bool keepDim = false, bool unbiased = true) =>
        Std([Shape.Axis(axis, "std")], keepDim, unbiased);
}
