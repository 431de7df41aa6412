using System.Numerics;
using System.Numerics.Tensors;

namespace ChainRule.Kernels;

/// <summary>Functions of one row of numbers, which no element knows alone.</summary>
static class Rows
{
    /// <summary>y = exp(x − max x) / Σ exp(x − max x): the largest exponent is 0, so nothing overflows.</summary>
    public static void Softmax<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TensorPrimitives.Subtract(x, TensorPrimitives.Max(x), y);
        TensorPrimitives.Exp<T>(y, y);
        TensorPrimitives.Divide(y, TensorPrimitives.Sum<T>(y), y);
    }

    /// <summary>
    /// ln Σ exp x in two parts, max x and ln Σ exp(x − max x). Kept apart, a small difference between large logits keeps its digits:
    /// ln Σ exp x − x[t] = log − (x[t] − max). The room is overwritten, and as long as x.
    /// </summary>
    public static (T Max, T Log) LogSumExp<T>(ReadOnlySpan<T> x, Span<T> room) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T max = TensorPrimitives.Max(x);
        if (T.IsInfinity(max)) return (max, T.Zero);
        ExpLess(x, max, room);
        return (max, T.Log(TensorPrimitives.Sum<T>(room)));
    }

    /// <summary>y = exp(x − shift).</summary>
    public static void ExpLess<T>(ReadOnlySpan<T> x, T shift, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TensorPrimitives.Subtract(x, shift, y);
        TensorPrimitives.Exp<T>(y, y);
    }

    /// <summary>Mean and variance (over n) of a row, in two passes.</summary>
    public static (T Mean, T Var) Moments<T>(ReadOnlySpan<T> x, Span<T> room) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T n = T.CreateTruncating(x.Length), mean = TensorPrimitives.Sum(x) / n;
        TensorPrimitives.Subtract(x, mean, room);
        return (mean, TensorPrimitives.SumOfSquares<T>(room) / n);
    }
}
