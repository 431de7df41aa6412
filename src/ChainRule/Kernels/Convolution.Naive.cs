using System.Numerics;

namespace ChainRule.Kernels;

readonly partial record struct Convolution
{
    /// <summary>The convolution's definition, and the oracle of the fast one.</summary>
    public void NaiveForward<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> w, ReadOnlySpan<T> b, Span<T> y)
        where T : unmanaged, INumber<T>
    {
        for (int place = 0; place < y.Length; place++)
        {
            var sum = b.IsEmpty ? T.Zero : b[place / Places % (Groups * Outputs)];
            for (int tap = 0; tap < Windows.Taps; tap++)
                if (Seen(place, tap) is var (at, weight))
                    sum += w[weight] * x[at];
            y[place] = sum;
        }
    }

    /// <summary>The definition of its gradients: what y took from x and w, dx and dw get back.</summary>
    public void NaiveBackward<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> w, ReadOnlySpan<T> dy, Span<T> dx,
        Span<T> dw, Span<T> db)
        where T : unmanaged, INumber<T>
    {
        for (int place = 0; place < dy.Length; place++)
        {
            if (!db.IsEmpty) db[place / Places % (Groups * Outputs)] += dy[place];
            for (int tap = 0; tap < Windows.Taps; tap++)
            {
                if (Seen(place, tap) is not var (at, weight)) continue;
                dx[at] += w[weight] * dy[place];
                dw[weight] += x[at] * dy[place];
            }
        }
    }

    /// <summary>
    /// Which number of x, and which weight, meet in a number of y at a tap; null where the window shows padding.
    /// </summary>
    public (int At, int Weight)? Seen(int place, int tap)
    {
        int column = place % Columns, row = place / Columns % Rows, o = place / Places % (Groups * Outputs),
            n = place / Places / (Groups * Outputs);
        int j = tap % KernelWidth, i = tap / KernelWidth % KernelHeight, c = tap / KernelWidth / KernelHeight;
        int y = row * Stride.Y + i * Dilation.Y - Padding.Y, x = column * Stride.X + j * Dilation.X - Padding.X;
        if (y < 0 || y >= Height || x < 0 || x >= Width) return null;
        return ((((n * Groups + o / Outputs) * Channels + c) * Height + y) * Width + x, o * Windows.Taps + tap);
    }
}
