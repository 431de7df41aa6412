using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ChainRule.Kernels;

/// <summary>
/// Functions of one row of numbers, which no element knows alone, and of the columns of many rows. Sums are those of
/// <see cref="Chains"/>.
/// </summary>
static class Rows
{
    const int ColumnsTogether = 1024, StackRoom = 512;

    // Threads that sum columns read lines of their own.
    const int Grain = 64;

    /// <summary>
    /// ln Σ exp x in two parts, max x and ln Σ exp(x − max x). Kept apart, a small difference between large logits
    /// keeps its digits: ln Σ exp x − x[t] = log − (x[t] − max).
    /// </summary>
    public static (T Max, T Log) LogSumExp<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T max = TensorPrimitives.Max(x);
        return T.IsInfinity(max) ? (max, T.Zero)
            : (max, T.CreateTruncating(Math.Log(RowLoop.Sum<ExpLess<T>, T>(new(x, max), x.Length))));
    }

    /// <summary>
    /// Mean and Σ (x − mean)² of a row, in two passes. The first sums differences from the first number, which are
    /// small where all are far from 0; the second is about the number m of type T that is nearest to the mean: Σ
    /// (x − mean)² = Σ (x − m)² − n (mean − m)².
    /// </summary>
    public static (double Mean, double Squares) Moments<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T first = ref MemoryMarshal.GetReference(x);
        double mean = double.CreateTruncating(x[0])
            + Chains.OfRow(new Eights<LessNumber<T>, T>(new(ref first, x[0])), x.Length) / x.Length;
        T m = T.CreateTruncating(mean);
        double off = mean - double.CreateTruncating(m),
            squares = Chains.OfRow(new Eights<SquaresFrom<T>, T>(new(ref first, m)), x.Length);
        return (mean, Math.Max(squares - x.Length * off * off, 0));
    }

    /// <summary>Σ x.</summary>
    public static double Sum<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Chains.OfRow(Numbers(x), x.Length);

    /// <summary>The numbers of a row, to be summed.</summary>
    public static Eights<Columns<T>, T> Numbers<T>(ReadOnlySpan<T> x) where T : unmanaged, INumber<T> =>
        new(new(ref MemoryMarshal.GetReference(x), Chains.Strands));

    /// <summary>sum[k] = Σ x[i, k] / divisor over the rows of a block [rows, width].</summary>
    public static void Sum<T>(ReadOnlySpan<T> x, Span<T> sum, double divisor = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Add(x, sum, divisor, add: false);

    /// <summary>
    /// sum[k] += Σ x[i, k]: as <see cref="Sum{T}(ReadOnlySpan{T}, Span{T}, double)"/>, to what is there.
    /// </summary>
    public static void AddSum<T>(ReadOnlySpan<T> x, Span<T> sum) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Add(x, sum, 1, add: true);

    /// <summary>
    /// mean[k] = Σ x[i, k] / rows and var[k] = Σ (x[i, k] − mean[k])² / divisor, or its root, over the rows of a
    /// block: as of a row.
    /// </summary>
    public static void Moments<T>(ReadOnlySpan<T> x, double divisor, bool root, Span<T> mean, Span<T> var)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!mean.IsEmpty)
            ForRows.Run(mean.Length, Grain, 2 * (x.Length / mean.Length), ForRows.Numbers,
                new MomentsWork<T>(x, divisor, root, mean, var));
    }

    /// <summary>Every row of y is this row.</summary>
    public static void Fill<T>(ReadOnlySpan<T> row, Span<T> y) where T : unmanaged
    {
        if (!row.IsEmpty) ForRows.Run(y.Length / row.Length, 1, row.Length, ForRows.Numbers, new FillWork<T>(row, y));
    }

    /// <summary>This row is added to every row of y.</summary>
    public static void AddRow<T>(ReadOnlySpan<T> row, Span<T> y) where T : unmanaged, INumber<T>
    {
        if (!row.IsEmpty)
            ForRows.Run(y.Length / row.Length, 1, row.Length, ForRows.Numbers, new AddRowWork<T>(row, y));
    }

    static void Add<T>(ReadOnlySpan<T> x, Span<T> sum, double divisor, bool add)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!sum.IsEmpty)
            ForRows.Run(sum.Length, Grain, x.Length / sum.Length, ForRows.Numbers,
                new SumWork<T>(x, sum, divisor, add));
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

    readonly ref struct AddRowWork<T>(ReadOnlySpan<T> row, Span<T> y) : IRowWork where T : unmanaged, INumber<T>
    {
        readonly ReadOnlySpan<T> _row = row;
        readonly Span<T> _y = y;

        public void Run(int from, int to)
        {
            for (int i = from; i < to; i++)
            {
                var y = _y.Slice(i * _row.Length, _row.Length);
                TensorPrimitives.Add(y, _row, y);
            }
        }
    }

    /// <summary>A range of columns.</summary>
    readonly ref struct SumWork<T>(ReadOnlySpan<T> x, Span<T> sum, double divisor, bool add) : IRowWork
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        readonly ReadOnlySpan<T> _x = x;
        readonly Span<T> _sum = sum;

        [SkipLocalsInit]
        public void Run(int from, int to)
        {
            int width = _sum.Length, rows = _x.Length / width,
                needed = Chains.Room(Math.Min(ColumnsTogether, to - from), rows);
            double[]? rented = needed > StackRoom ? ArrayPool<double>.Shared.Rent(needed) : null;
            Span<double> room = rented is null ? stackalloc double[needed] : rented;
            for (int at = from; at < to; at += ColumnsTogether)
            {
                int columns = Math.Min(ColumnsTogether, to - at);
                var total =
                    Chains.OfColumns(new Eights<Columns<T>, T>(
                        new(ref Unsafe.Add(ref MemoryMarshal.GetReference(_x), at), width)), rows, columns, room);
                Chains.Store(total, divisor, _sum.Slice(at, columns), add);
            }
            if (rented is not null) ArrayPool<double>.Shared.Return(rented);
        }
    }

    /// <summary>As <see cref="SumWork{T}"/>.</summary>
    readonly ref struct MomentsWork<T>(ReadOnlySpan<T> x, double divisor, bool root, Span<T> mean, Span<T> var)
        : IRowWork where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        readonly ReadOnlySpan<T> _x = x;
        readonly Span<T> _mean = mean, _var = var;

        [SkipLocalsInit]
        public void Run(int from, int to)
        {
            int width = _mean.Length, rows = _x.Length / width, most = Math.Min(ColumnsTogether, to - from),
                needed = Chains.Room(most, rows);
            double[]? rented = 2 * needed > StackRoom ? ArrayPool<double>.Shared.Rent(2 * needed) : null;
            Span<double> room = rented is null ? stackalloc double[2 * needed] : rented;
            for (int at = from; at < to; at += ColumnsTogether)
            {
                int columns = Math.Min(ColumnsTogether, to - at);
                ref T first = ref Unsafe.Add(ref MemoryMarshal.GetReference(_x), at);
                var m = _mean.Slice(at, columns);
                var means = Chains.OfColumns(new Eights<LessFirst<T>, T>(new(ref first, width)), rows, columns,
                    room[..needed])[..columns];
                Means(means, _x.Slice(at, columns), rows);
                Chains.Store(means, 1, m, add: false);
                var squares =
                    new Eights<SquaresFromColumns<T>, T>(new(ref first, width, ref MemoryMarshal.GetReference(m)));
                var sums = Chains.OfColumns(squares, rows, columns, room[needed..])[..columns];
                Around<T>(sums, means, m, rows);
                TensorPrimitives.Divide(sums, divisor, sums);
                if (root) TensorPrimitives.Sqrt(sums, sums);
                Chains.Store(sums, 1, _var.Slice(at, columns), add: false);
            }
            if (rented is not null) ArrayPool<double>.Shared.Return(rented);
        }
    }

    /// <summary>Sums of differences from the first row become means.</summary>
    static void Means<T>(Span<double> sums, ReadOnlySpan<T> first, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<double> room = stackalloc double[Math.Min(first.Length, ColumnsTogether)], row = room[..first.Length];
        TensorPrimitives.ConvertTruncating(first, row);
        TensorPrimitives.Divide(sums, n, sums);
        TensorPrimitives.Add(sums, row, sums);
    }

    /// <summary>
    /// Squares about m become those about the mean, which is used up: s − n (mean − m)², and 0 where that
    /// rounds below it.
    /// </summary>
    static void Around<T>(Span<double> squares, Span<double> means, ReadOnlySpan<T> m, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<double> room = stackalloc double[Math.Min(m.Length, ColumnsTogether)], near = room[..m.Length];
        TensorPrimitives.ConvertTruncating(m, near);
        TensorPrimitives.Subtract(means, near, means);
        TensorPrimitives.Multiply(means, means, means);
        TensorPrimitives.Multiply(means, -n, means);
        TensorPrimitives.Add(squares, means, squares);
        TensorPrimitives.Max(squares, 0, squares);
    }

    /// <summary>The numbers themselves, of rows that begin a step apart.</summary>
    public readonly ref struct Columns<T>(ref T x, nint step) : ITerms<T> where T : unmanaged, INumber<T>
    {
        readonly ref T _x = ref x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> At<P>(nint row, P place) where P : struct, IPlace =>
            place.Load(ref Unsafe.Add(ref _x, row * step));
    }

    /// <summary>x less a number, of a row, read as a table.</summary>
    readonly ref struct LessNumber<T>(ref T x, T number) : ITerms<T> where T : unmanaged, INumber<T>
    {
        readonly ref T _x = ref x;
        readonly Vector<T> _number = new(number);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> At<P>(nint row, P place) where P : struct, IPlace =>
            place.Load(ref Unsafe.Add(ref _x, row * Chains.Strands)) - _number;
    }

    /// <summary>Rows less the first of them.</summary>
    readonly ref struct LessFirst<T>(ref T x, nint step) : ITerms<T> where T : unmanaged, INumber<T>
    {
        readonly ref T _x = ref x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> At<P>(nint row, P place) where P : struct, IPlace =>
            place.Load(ref Unsafe.Add(ref _x, row * step)) - place.Load(ref _x);
    }

    /// <summary>(x − mean)² of a row, read as a table.</summary>
    public readonly ref struct SquaresFrom<T>(ref T x, T mean) : ITerms<T> where T : unmanaged, INumber<T>
    {
        readonly ref T _x = ref x;
        readonly Vector<T> _mean = new(mean);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> At<P>(nint row, P place) where P : struct, IPlace
        {
            var away = place.Load(ref Unsafe.Add(ref _x, row * Chains.Strands)) - _mean;
            return away * away;
        }
    }

    /// <summary>(x − mean)² of columns.</summary>
    readonly ref struct SquaresFromColumns<T>(ref T x, nint step, ref T means) : ITerms<T>
        where T : unmanaged, INumber<T>
    {
        readonly ref T _x = ref x, _means = ref means;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> At<P>(nint row, P place) where P : struct, IPlace
        {
            var away = place.Load(ref Unsafe.Add(ref _x, row * step)) - place.Load(ref _means);
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
