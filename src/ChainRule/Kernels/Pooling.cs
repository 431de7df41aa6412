using System.Numerics;
using System.Runtime.CompilerServices;

namespace ChainRule.Kernels;

/// <summary>
/// Windows over planes [planes, height, width]: one number of the output for each window. They slide, or divide the
/// plane into a given number of rows and columns of windows of nearly one size.
/// </summary>
readonly record struct Pooling
{
    const long ThreadWorth = 1 << 16;

    readonly bool _divides;

    /// <summary>Windows that slide. Rounded up, one more may begin inside of the plane and end outside of it.</summary>
    public Pooling(int planes, int height, int width, (int Y, int X) kernel, (int Y, int X) stride,
        (int Y, int X) padding, bool roundUp = false)
    {
        (Planes, Height, Width, Kernel, Stride, Padding) = (planes, height, width, kernel, stride, padding);
        Rows = Count(height, kernel.Y, stride.Y, padding.Y, roundUp);
        Columns = Count(width, kernel.X, stride.X, padding.X, roundUp);
    }

    /// <summary>Windows that divide a plane: number i of n spans ⌊i · size / n⌋ to ⌈(i + 1) · size / n⌉.</summary>
    public Pooling(int planes, int height, int width, (int Y, int X) windows)
    {
        (Planes, Height, Width, Rows, Columns, _divides) = (planes, height, width, windows.Y, windows.X, true);
        Kernel = (height / Math.Max(1, Rows) + 1, width / Math.Max(1, Columns) + 1);
    }

    public int Planes { get; }

    public int Height { get; }

    public int Width { get; }

    public (int Y, int X) Kernel { get; }

    public (int Y, int X) Stride { get; }

    public (int Y, int X) Padding { get; }

    /// <summary>How many windows fit below one another.</summary>
    public int Rows { get; }

    /// <summary>How many windows fit side by side.</summary>
    public int Columns { get; }

    long Work => (long)Rows * Columns * Kernel.Y * Kernel.X;

    static int Count(int size, int kernel, int stride, int padding, bool roundUp)
    {
        int left = size + 2 * padding - kernel, count = left / stride + 1;
        return roundUp && left % stride != 0 && count * stride < size + padding ? count + 1 : count;
    }

    /// <summary>What a trace names; windows that divide a plane have neither stride nor padding.</summary>
    public (string Name, object Value)[] Attributes => _divides ? [("divides", true)]
        : [("divides", false), ("kernelY", Kernel.Y), ("kernelX", Kernel.X), ("strideY", Stride.Y),
            ("strideX", Stride.X), ("paddingY", Padding.Y), ("paddingX", Padding.X)];

    /// <summary>y = the largest number of each window; padding is none.</summary>
    public void Max<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, INumber<T> =>
        Run(x, default, y, new Largest<T, Onward>(this));

    /// <summary>dx += dy at the largest number of each window: at the first of equals.</summary>
    public void AddMaxGradient<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> dx) where T : unmanaged, INumber<T> =>
        Run(x, dy, dx, new Largest<T, Back>(this));

    /// <summary>y = the mean of each window; padding counts as zeros.</summary>
    public void Average<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, INumber<T> =>
        Run(x, default, y, new Mean<T, Onward>(this));

    /// <summary>dx += dy / the window's numbers at each number that a window saw.</summary>
    public void AddAverageGradient<T>(ReadOnlySpan<T> dy, Span<T> dx) where T : unmanaged, INumber<T> =>
        Run(default, dy, dx, new Mean<T, Back>(this));

    void Run<T, TWork>(ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> to, TWork work) where T : unmanaged
        where TWork : unmanaged, IRowWork<T>
    {
        if (Planes > 0) ForRows.Run(Planes, 1, Work, ThreadWorth, x, dy, to, work);
    }

    /// <summary>Where the part of a row of windows that lies inside begins and ends.</summary>
    public (int From, int To) InsideRows(int row) => Inside(row, Height, Rows, Kernel.Y, Stride.Y, Padding.Y);

    /// <summary>Where the part of a column of windows that lies inside begins and ends.</summary>
    public (int From, int To) InsideColumns(int column) =>
        Inside(column, Width, Columns, Kernel.X, Stride.X, Padding.X);

    (int From, int To) Inside(int window, int size, int windows, int kernel, int stride, int padding)
    {
        if (_divides)
            return ((int)((long)window * size / windows), (int)(((window + 1L) * size + windows - 1) / windows));
        int from = window * stride - padding;
        return (Math.Max(0, from), Math.Min(size, from + kernel));
    }

    /// <summary>How many numbers a mean is over: padding counts, and what lies beyond it does not.</summary>
    int Numbers(int row, int column)
    {
        if (!_divides)
            return Length(row, Height, Kernel.Y, Stride.Y, Padding.Y)
                * Length(column, Width, Kernel.X, Stride.X, Padding.X);
        var ((y0, y1), (x0, x1)) = (InsideRows(row), InsideColumns(column));
        return (y1 - y0) * (x1 - x0);

        static int Length(int window, int size, int kernel, int stride, int padding) =>
            Math.Min(kernel, size + 2 * padding - window * stride);
    }

    /// <summary>Which pass it is: a type, so that each loop is compiled for its own alone.</summary>
    interface IPass
    {
        static abstract bool IsBack { get; }
    }

    readonly struct Onward : IPass
    {
        public static bool IsBack => false;
    }

    readonly struct Back : IPass
    {
        public static bool IsBack => true;
    }

    readonly struct Largest<T, P>(Pooling pooling) : IRowWork<T> where T : unmanaged, INumber<T> where P : struct, IPass
    {
        public void Run(int from, int to, ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> c)
        {
            int plane = pooling.Height * pooling.Width, places = pooling.Rows * pooling.Columns, done = from * places;
            var images = x[(from * plane)..(to * plane)];
            if (pooling.Kernel == (2, 2) && pooling.Stride == (2, 2) && pooling.Padding == (0, 0)
                && pooling.Rows == pooling.Height / 2 && pooling.Columns == pooling.Width / 2)
            {
                done += P.IsBack
                    ? PoolPairs.AddGradient(images, pooling.Height, pooling.Width, dy[done..(to * places)],
                        c[(from * plane)..(to * plane)])
                    : PoolPairs.Max(images, pooling.Height, pooling.Width, c[done..(to * places)]);
            }
            for (int i = done; i < to * places; i++)
            {
                int p = i / places * plane,
                    at = p + Place(x.Slice(p, plane), i % places / pooling.Columns, i % pooling.Columns);
                if (P.IsBack) c[at] += dy[i];
                else c[i] = x[at];
            }
        }

        /// <summary>Where the largest number of a window is, the first of equals; NaN is larger than all.</summary>
        int Place(ReadOnlySpan<T> image, int row, int column)
        {
            var (y0, y1) = pooling.InsideRows(row);
            var (x0, x1) = pooling.InsideColumns(column);
            int best = y0 * pooling.Width + x0;
            T most = image[best];
            for (int y = y0; y < y1; y++)
            {
                for (int x = x0; x < x1; x++)
                {
                    T value = image[y * pooling.Width + x];
                    if (value > most || T.IsNaN(value)) (best, most) = (y * pooling.Width + x, value);
                }
            }
            return best;
        }
    }

    readonly struct Mean<T, P>(Pooling pooling) : IRowWork<T> where T : unmanaged, INumber<T> where P : struct, IPass
    {
        public void Run(int from, int to, ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> c)
        {
            int plane = pooling.Height * pooling.Width, at = from * pooling.Rows * pooling.Columns;
            for (int p = from; p < to; p++)
            {
                ReadOnlySpan<T> image = P.IsBack ? default : x.Slice(p * plane, plane);
                var gradient = P.IsBack ? c.Slice(p * plane, plane) : default;
                for (int row = 0; row < pooling.Rows; row++)
                {
                    var (y0, y1) = pooling.InsideRows(row);
                    for (int column = 0; column < pooling.Columns; column++, at++)
                    {
                        var (x0, x1) = pooling.InsideColumns(column);
                        T count = T.CreateTruncating(pooling.Numbers(row, column));
                        if (P.IsBack) Add(dy[at] / count, gradient, y0, y1, x0, x1);
                        else c[at] = Sum(image, y0, y1, x0, x1) / count;
                    }
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        T Sum(ReadOnlySpan<T> image, int y0, int y1, int x0, int x1)
        {
            var sum = T.Zero;
            for (int y = y0; y < y1; y++)
            {
                var across = T.Zero;
                foreach (T value in image[(y * pooling.Width + x0)..(y * pooling.Width + x1)]) across += value;
                sum += across;
            }
            return sum;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        void Add(T part, Span<T> image, int y0, int y1, int x0, int x1)
        {
            for (int y = y0; y < y1; y++)
                foreach (ref T value in image[(y * pooling.Width + x0)..(y * pooling.Width + x1)]) value += part;
        }
    }
}
