using System.Numerics;

namespace ChainRule.Kernels;

/// <summary>Square windows over planes [planes, height, width]: one number of the output for each window.</summary>
readonly record struct Pooling(int Planes, int Height, int Width, int Kernel, int Stride, int Padding)
{
    const long ThreadWorth = 1 << 16;

    /// <summary>How many windows fit below one another.</summary>
    public int Rows => (Height + 2 * Padding - Kernel) / Stride + 1;

    /// <summary>How many windows fit side by side.</summary>
    public int Columns => (Width + 2 * Padding - Kernel) / Stride + 1;

    long Work => (long)Rows * Columns * Kernel * Kernel;

    /// <summary>y = the largest number of each window; padding is none.</summary>
    public void Max<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, INumber<T> => Run(x, default, y, new Largest<T>(this, false));

    /// <summary>dx += dy at the largest number of each window: at the first of equals.</summary>
    public void AddMaxGradient<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> dx) where T : unmanaged, INumber<T> =>
        Run(x, dy, dx, new Largest<T>(this, true));

    /// <summary>y = the mean of each window; padding counts as zeros.</summary>
    public void Average<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, INumber<T> => Run(x, default, y, new Mean<T>(this));

    /// <summary>dx += dy / kernel² at each number that a window saw.</summary>
    public void AddAverageGradient<T>(ReadOnlySpan<T> dy, Span<T> dx) where T : unmanaged, INumber<T> => Run(default, dy, dx, new Shared<T>(this));

    void Run<T, TWork>(ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> to, TWork work) where T : unmanaged where TWork : unmanaged, IRowWork<T>
    {
        if (Planes > 0) ForRows.Run(Planes, 1, Work, ThreadWorth, x, dy, to, work);
    }

    /// <summary>Where the part of a window that lies inside begins and ends, along an axis of a size.</summary>
    (int From, int To) Inside(int window, int size)
    {
        int from = window * Stride - Padding;
        return (Math.Max(0, from), Math.Min(size, from + Kernel));
    }

    readonly struct Largest<T>(Pooling pooling, bool back) : IRowWork<T> where T : unmanaged, INumber<T>
    {
        public void Run(int from, int to, ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> c)
        {
            int plane = pooling.Height * pooling.Width, places = pooling.Rows * pooling.Columns, done = from * places;
            var images = x[(from * plane)..(to * plane)];
            if (pooling is { Kernel: 2, Stride: 2, Padding: 0 })
            {
                done += back
                    ? PoolPairs.AddGradient(images, pooling.Height, pooling.Width, dy[done..(to * places)], c[(from * plane)..(to * plane)])
                    : PoolPairs.Max(images, pooling.Height, pooling.Width, c[done..(to * places)]);
            }
            for (int i = done; i < to * places; i++)
            {
                int p = i / places * plane, at = p + Place(x.Slice(p, plane), i % places / pooling.Columns, i % pooling.Columns);
                if (back) c[at] += dy[i];
                else c[i] = x[at];
            }
        }

        /// <summary>Where the largest number of a window is, the first of equals; NaN is larger than all.</summary>
        int Place(ReadOnlySpan<T> image, int row, int column)
        {
            var (y0, y1) = pooling.Inside(row, pooling.Height);
            var (x0, x1) = pooling.Inside(column, pooling.Width);
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

    readonly struct Mean<T>(Pooling pooling) : IRowWork<T> where T : unmanaged, INumber<T>
    {
        public void Run(int from, int to, ReadOnlySpan<T> images, ReadOnlySpan<T> unused, Span<T> y)
        {
            T count = T.CreateTruncating(pooling.Kernel * pooling.Kernel);
            int at = from * pooling.Rows * pooling.Columns;
            for (int p = from; p < to; p++)
            {
                var image = images.Slice(p * pooling.Height * pooling.Width, pooling.Height * pooling.Width);
                for (int row = 0; row < pooling.Rows; row++)
                {
                    var (y0, y1) = pooling.Inside(row, pooling.Height);
                    for (int column = 0; column < pooling.Columns; column++, at++)
                    {
                        var (x0, x1) = pooling.Inside(column, pooling.Width);
                        var sum = T.Zero;
                        for (int i = y0; i < y1; i++)
                        {
                            var across = T.Zero;
                            foreach (T value in image[(i * pooling.Width + x0)..(i * pooling.Width + x1)]) across += value;
                            sum += across;
                        }
                        y[at] = sum / count;
                    }
                }
            }
        }
    }

    readonly struct Shared<T>(Pooling pooling) : IRowWork<T> where T : unmanaged, INumber<T>
    {
        public void Run(int from, int to, ReadOnlySpan<T> unused, ReadOnlySpan<T> dy, Span<T> dx)
        {
            T count = T.CreateTruncating(pooling.Kernel * pooling.Kernel);
            int at = from * pooling.Rows * pooling.Columns;
            for (int p = from; p < to; p++)
            {
                var image = dx.Slice(p * pooling.Height * pooling.Width, pooling.Height * pooling.Width);
                for (int row = 0; row < pooling.Rows; row++)
                {
                    var (y0, y1) = pooling.Inside(row, pooling.Height);
                    for (int column = 0; column < pooling.Columns; column++, at++)
                    {
                        var (x0, x1) = pooling.Inside(column, pooling.Width);
                        T share = dy[at] / count;
                        for (int i = y0; i < y1; i++)
                            foreach (ref T value in image[(i * pooling.Width + x0)..(i * pooling.Width + x1)]) value += share;
                    }
                }
            }
        }
    }
}
