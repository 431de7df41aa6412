using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace ChainRule.Kernels;

/// <summary>
/// How every long sum is added up: eight numbers by pairs, ((a + b) + (c + d)) + ((e + f) + (g + h)), in their own
/// type; thirty-two such sums, one after another, in double: a chain of 256; chains by a binary tree, whose left side
/// has 1, 2, 4, 8 … of them. What fills no eight is added to its chain number by number. A float32 sum is so right to
/// its last digit, a float64 sum errs by some forty roundings at most; the order depends on the count alone.
/// </summary>
/// <remarks>
/// Columns are summed side by side. A row is read as a table of sixteen columns, whose last, short row fills no eight;
/// their sums are added up by halves.
/// </remarks>
/// <param name="room">As many numbers as <see cref="Room"/> says.</param>
/// <param name="columns">How many sums stand side by side.</param>
ref struct Chains(Span<double> room, int columns)
{
    /// <summary>How many numbers a chain has.</summary>
    public const int Length = 256;

    /// <summary>How many columns a row is read as.</summary>
    public const int Strands = 16;

    readonly Span<double> _room = room;
    readonly int _width = Padded(columns);
    int _top = -1, _chains = 0, _rows = Length;

    /// <summary>The definition for a column: Σ x over numbers that lie a step apart.</summary>
    public static double Naive<T>(ReadOnlySpan<T> x, int step) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Naive(x, step, 0, (x.Length + step - 1) / step, alone: 0);

    /// <summary>The definition for a row.</summary>
    public static double NaiveRow<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<double> sums = stackalloc double[Strands];
        for (int i = 0; i < Strands; i++)
        {
            int alone = i < x.Length % Strands ? 1 : 0;
            sums[i] = Naive(x[Math.Min(i, x.Length)..], Strands, 0, x.Length / Strands + alone, alone);
        }
        return ChainLoop.Halves(ref sums[0]);
    }

    static double Naive<T>(ReadOnlySpan<T> x, int step, int from, int to, int alone)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (to - from > Length)
        {
            int middle = from + (Length << BitOperations.Log2((uint)(to - from - 1) / Length));
            return Naive(x, step, from, middle, 0) + Naive(x, step, middle, to, alone);
        }
        double chain = 0;
        for (; from <= to - alone - 8; from += 8)
        {
            T a = x[from * step] + x[(from + 1) * step], b = x[(from + 2) * step] + x[(from + 3) * step];
            T c = x[(from + 4) * step] + x[(from + 5) * step], d = x[(from + 6) * step] + x[(from + 7) * step];
            chain += double.CreateTruncating(a + b + (c + d));
        }
        for (; from < to; from++) chain += double.CreateTruncating(x[from * step]);
        return chain;
    }

    /// <summary>The sum of a row: terms are those of a table of <see cref="Strands"/> columns.</summary>
    public static double OfRow<E>(E terms, int n) where E : struct, IEights, allows ref struct =>
        n <= Strands * Length ? ChainLoop.Row(terms, n) : LongRow(terms, n);

    [SkipLocalsInit]
    static double LongRow<E>(E terms, int n) where E : struct, IEights, allows ref struct
    {
        Span<double> room = stackalloc double[Room(Strands, n / Strands + 1)];
        var chains = new Chains(room, Strands);
        chains.AddRow(terms, n);
        return chains.Row();
    }

    /// <summary>
    /// The sums of columns, which stand in the room and may be read on beyond them, up to a whole number of vectors.
    /// </summary>
    public static Span<double> OfColumns<E>(E terms, int rows, int columns, Span<double> room)
        where E : struct, IEights, allows ref struct
    {
        var chains = new Chains(room, columns);
        chains.Add(terms, 0, rows, columns);
        return chains.Total();
    }

    /// <summary>y = sums / divisor, or y += sums / divisor; the sums are divided in place.</summary>
    public static void Store<T>(Span<double> sums, double divisor, Span<T> y, bool add)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        sums = sums[..y.Length];
        if (divisor != 1) TensorPrimitives.Divide(sums, divisor, sums);
        if (!add)
        {
            TensorPrimitives.ConvertTruncating<double, T>(sums, y);
            return;
        }
        Span<T> rounded = stackalloc T[Math.Min(Length, y.Length)];
        for (int at = 0; at < y.Length; at += Length)
        {
            var part = y.Slice(at, Math.Min(Length, y.Length - at));
            TensorPrimitives.ConvertTruncating<double, T>(sums.Slice(at, part.Length), rounded);
            TensorPrimitives.Add(part, rounded[..part.Length], part);
        }
    }

    /// <summary>How much room the sums of N columns over M rows need. Vectors are added to it whole.</summary>
    public static int Room(int columns, long rows) =>
        Padded(columns) * (1 + BitOperations.Log2((uint)((rows + Length - 1) / Length)));

    static int Padded(int columns) => (columns + Strands - 1) / Strands * Strands;

    /// <summary>Adds some rows, from the first named on, of all columns or of the first few.</summary>
    public void Add<E>(E terms, int first, int rows, int columns) where E : struct, IEights, allows ref struct
    {
        for (int end = first + rows; first < end;)
        {
            if (_rows == Length) Begin();
            int count = Math.Min(end - first, Length - _rows);
            ChainLoop.Add(terms, first, count, columns, _room.Slice(_top * _width, _width));
            first += count;
            _rows += count;
        }
    }

    /// <summary>Adds a row of this many numbers, where there are <see cref="Strands"/> columns.</summary>
    public void AddRow<E>(E terms, int n) where E : struct, IEights, allows ref struct
    {
        if (n >= Strands) Add(terms, 0, n / Strands, Strands);
        if (n % Strands != 0) Add(terms, n / Strands, 1, n % Strands);
    }

    /// <summary>The sum of all that was added by <see cref="AddRow"/>.</summary>
    public readonly double Row() => ChainLoop.Halves(ref Total()[0]);

    /// <summary>The sums, when all rows were added.</summary>
    public readonly Span<double> Total()
    {
        if (_top < 0) _room[.._width].Clear();
        for (int at = _top; at > 0; at--) Join(at);
        return _room[.._width];
    }

    /// <summary>Begins a chain, when branches that are as large as one another were joined.</summary>
    void Begin()
    {
        for (int finished = _chains - 1; finished > 0 && (finished & 1) != 0; finished >>= 1) Join(_top--);
        _room.Slice(++_top * _width, _width).Clear();
        _chains++;
        _rows = 0;
    }

    readonly void Join(int at)
    {
        Span<double> left = _room.Slice((at - 1) * _width, _width), right = _room.Slice(at * _width, _width);
        for (int i = 0; i < left.Length; i++) left[i] += right[i];
    }
}
