using System.Numerics;
using System.Numerics.Tensors;

namespace ChainRule.Kernels;

/// <summary>Functions of one row of numbers, which no element knows alone, and of the columns of many rows.</summary>
static class Rows
{
    const int Piece = 8192;
    const int RowsTogether = 512;
    const int ColumnsTogether = 1024;

    // Threads that sum columns read lines of their own.
    const int Grain = 64;

    /// <summary>
    /// ln Σ exp x in two parts, max x and ln Σ exp(x − max x). Kept apart, a small difference between large logits keeps its digits:
    /// ln Σ exp x − x[t] = log − (x[t] − max).
    /// </summary>
    public static (T Max, T Log) LogSumExp<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T max = TensorPrimitives.Max(x);
        return T.IsInfinity(max) ? (max, T.Zero) : (max, T.Log(RowLoop.Sum<ExpLess<T>, T>(new(x, max), x.Length)));
    }

    /// <summary>Mean and variance (over n) of a row, in two passes.</summary>
    public static (T Mean, T Var) Moments<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T n = T.CreateTruncating(x.Length), mean = Sum(x) / n, squares = T.Zero;
        for (int at = 0; at < x.Length; at += Piece)
        {
            var piece = x[at..Math.Min(x.Length, at + Piece)];
            squares += RowLoop.Sum<SquareFrom<T>, T>(new(piece, mean), piece.Length);
        }
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
        sum.Clear();
        Add(x, mean, sum);
    }

    /// <summary>sum[k] += Σ x[i, k]: as <see cref="Sum{T}(ReadOnlySpan{T}, Span{T})"/>, to what is there.</summary>
    public static void AddSum<T>(ReadOnlySpan<T> x, Span<T> sum) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Add(x, default, sum);

    /// <summary>Every row of y is this row.</summary>
    public static void Fill<T>(ReadOnlySpan<T> row, Span<T> y) where T : unmanaged
    {
        if (!row.IsEmpty) ForRows.Run(y.Length / row.Length, 1, row.Length, ForRows.Numbers, new FillWork<T>(row, y));
    }

    static void Add<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> mean, Span<T> sum) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!sum.IsEmpty) ForRows.Run(sum.Length, Grain, x.Length / sum.Length, ForRows.Numbers, new SumWork<T>(x, mean, sum));
    }

    readonly ref struct FillWork<T>(ReadOnlySpan<T> row, Span<T> y) : IRowWork where T : unmanaged
    {
        readonly ReadOnlySpan<T> _row = row;
        readonly Span<T> _y = y;

        public void Run(int from, int to)
        {
            for (int i = from; i < to; i++) _row.CopyTo(_y[(i * _row.Length)..]);
        }
    }

    /// <summary>A range of columns.</summary>
    readonly ref struct SumWork<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> mean, Span<T> sum) : IRowWork where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        readonly ReadOnlySpan<T> _x = x, _mean = mean;
        readonly Span<T> _sum = sum;

        public void Run(int from, int to) => AddColumns(_x, _sum.Length, from, _mean.IsEmpty ? default : _mean[from..to], _sum[from..to]);
    }

    static void AddColumns<T>(ReadOnlySpan<T> x, int width, int from, ReadOnlySpan<T> mean, Span<T> sum) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<T> room = stackalloc T[Math.Min(sum.Length, ColumnsTogether)];
        for (int column = 0; column < sum.Length; column += ColumnsTogether)
        {
            var part = room[..Math.Min(ColumnsTogether, sum.Length - column)];
            var total = sum.Slice(column, part.Length);
            var means = mean.IsEmpty ? default : mean.Slice(column, part.Length);
            for (int row = 0, rows = x.Length / width; row < rows; row += RowsTogether)
            {
                part.Clear();
                AddRows(x[(row * width + from + column)..], width, Math.Min(RowsTogether, rows - row), means, part);
                TensorPrimitives.Add(total, part, total);
            }
        }
    }

    static void AddRows<T>(ReadOnlySpan<T> x, int step, int rows, ReadOnlySpan<T> mean, Span<T> sum) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int i = 0, width = sum.Length;
        for (; i <= rows - 4; i += 4)
        {
            ReadOnlySpan<T> a = x.Slice(i * step, width), b = x.Slice((i + 1) * step, width), c = x.Slice((i + 2) * step, width), d = x.Slice((i + 3) * step, width);
            if (mean.IsEmpty) RowLoop.Each(new SumOfRows<T>(a, b, c, d), sum, add: true);
            else RowLoop.Each(new SquaresOfRows<T>(a, b, c, d, mean), sum, add: true);
        }
        for (; i < rows; i++)
        {
            var row = x.Slice(i * step, width);
            if (mean.IsEmpty) TensorPrimitives.Add(sum, row, sum);
            else RowLoop.Each(new SquareFromRow<T>(row, mean), sum, add: true);
        }
    }

    readonly ref struct SumOfRows<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, ReadOnlySpan<T> c, ReadOnlySpan<T> d) : IRow<T>
        where T : unmanaged, INumber<T>
    {
        readonly ReadOnlySpan<T> _a = a, _b = b, _c = c, _d = d;

        public Vector<T> At<P>(P i) where P : struct, IPlace =>
            _a.At(i) + _b.At(i) + (_c.At(i) + _d.At(i));
    }

    readonly ref struct SquaresOfRows<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, ReadOnlySpan<T> c, ReadOnlySpan<T> d, ReadOnlySpan<T> mean) : IRow<T>
        where T : unmanaged, INumber<T>
    {
        readonly ReadOnlySpan<T> _a = a, _b = b, _c = c, _d = d, _mean = mean;

        public Vector<T> At<P>(P i) where P : struct, IPlace
        {
            Vector<T> mean = _mean.At(i), a = _a.At(i) - mean, b = _b.At(i) - mean, c = _c.At(i) - mean, d = _d.At(i) - mean;
            return a * a + b * b + (c * c + d * d);
        }
    }

    readonly ref struct SquareFromRow<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> mean) : IRow<T> where T : unmanaged, INumber<T>
    {
        readonly ReadOnlySpan<T> _x = x, _mean = mean;

        public Vector<T> At<P>(P i) where P : struct, IPlace
        {
            var away = _x.At(i) - _mean.At(i);
            return away * away;
        }
    }

    readonly ref struct SquareFrom<T>(ReadOnlySpan<T> x, T mean) : IRow<T> where T : unmanaged, INumber<T>
    {
        readonly ReadOnlySpan<T> _x = x;
        readonly Vector<T> _mean = new(mean);

        public Vector<T> At<P>(P i) where P : struct, IPlace
        {
            var away = _x.At(i) - _mean;
            return away * away;
        }
    }
}

/// <summary>exp(x − shift).</summary>
readonly ref struct ExpLess<T>(ReadOnlySpan<T> x, T shift) : IRow<T> where T : unmanaged, INumber<T>
{
    readonly ReadOnlySpan<T> _x = x;
    readonly Vector<T> _shift = new(shift);

    public Vector<T> At<P>(P i) where P : struct, IPlace =>
        Lanes.Exp(_x.At(i) - _shift);
}
