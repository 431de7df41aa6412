using System.Numerics;
using System.Numerics.Tensors;

namespace ChainRule.Kernels;

/// <summary>Functions of one row of numbers, which no element knows alone.</summary>
static class Rows
{
    const int Piece = 8192;

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
        T n = T.CreateTruncating(x.Length), mean = Sum(x) / n;
        TensorPrimitives.Subtract(x, mean, room);
        var squares = T.Zero;
        for (int at = 0; at < x.Length; at += Piece) squares += TensorPrimitives.SumOfSquares<T>(room[at..Math.Min(x.Length, at + Piece)]);
        return (mean, squares / n);
    }

    /// <summary>Σ x, piece by piece: a sum of millions would outgrow the digits of what is added to it.</summary>
    public static T Sum<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sum = T.Zero;
        for (int at = 0; at < x.Length; at += Piece) sum += TensorPrimitives.Sum(x[at..Math.Min(x.Length, at + Piece)]);
        return sum;
    }

    /// <summary>
    /// sum[k] = Σ x[i, k] over the rows of a block [rows, width]: rows are added up in pieces and then the pieces, for the same reason.
    /// </summary>
    public static void Sum<T>(ReadOnlySpan<T> x, Span<T> sum) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Sum(x, default, sum);

    /// <summary>As <see cref="Sum{T}(ReadOnlySpan{T}, Span{T})"/>, of the squares of x[i, k] − mean[k].</summary>
    public static void SumSquares<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> mean, Span<T> sum) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Sum(x, mean, sum);

    static void Sum<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> mean, Span<T> sum) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int Together = 512;
        sum.Clear();
        if (sum.IsEmpty) return;
        int width = sum.Length, together = Together * width;
        Span<T> difference = mean.IsEmpty ? default : new T[width];
        Span<T> part = x.Length <= together ? sum : new T[width];
        for (int from = 0; from < x.Length; from += together)
        {
            part.Clear();
            for (int at = from; at < Math.Min(x.Length, from + together); at += width)
            {
                var row = x.Slice(at, width);
                if (mean.IsEmpty)
                {
                    TensorPrimitives.Add(part, row, part);
                    continue;
                }
                TensorPrimitives.Subtract(row, mean, difference);
                TensorPrimitives.MultiplyAdd<T>(difference, difference, part, part);
            }
            if (part != sum) TensorPrimitives.Add(sum, part, sum);
        }
    }
}
