using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;

namespace ChainRule.Kernels;

/// <summary>
/// y[n, o, r, s] = b[o] + Σ_cij w[o, c, i, j] · x[n, c, r · stride + i − padding, s · stride + j − padding], where x is 0 outside the image.
/// Images [images, channels, height, width], weights [outputs, channels, kernel height, kernel width].
/// </summary>
readonly partial record struct Convolution(
    int Images, int Channels, int Height, int Width, int Outputs, int KernelHeight, int KernelWidth, int Stride, int Padding)
{
    const long ThreadWorth = 1 << 19;

    // So many outputs at least make it worth a thread's while to gather the windows of all images for the weights' gradient.
    const int ThreadOutputs = 32;

    Windows Windows => new(Channels, Height + 2 * Padding, Width + 2 * Padding, KernelHeight, KernelWidth, Stride);

    Placing Placing => new(Height, Width, Padding, Padding, 1);

    /// <summary>How high an output is.</summary>
    public int Rows => Windows.Rows;

    /// <summary>How wide an output is.</summary>
    public int Columns => Windows.Columns;

    /// <summary>How many numbers one output plane holds.</summary>
    public int Places => Rows * Columns;

    long Work => (long)Outputs * Windows.Taps * Places;

    /// <summary>y, or max(y, 0); b is empty for none.</summary>
    public void Forward<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> w, ReadOnlySpan<T> b, bool relu, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Images == 0) return;
        // Threads are handed two inputs: weights and bias go as one.
        T[] room = ArrayPool<T>.Shared.Rent(w.Length + b.Length);
        w.CopyTo(room);
        b.CopyTo(room.AsSpan(w.Length));
        var both = room.AsSpan(0, w.Length + b.Length);
        ForRows.Run(Images, 1, Work, ThreadWorth, x, both, y, new Correlate<T>(Windows, Placing, Outputs, relu, add: false));
        ArrayPool<T>.Shared.Return(room);
    }

    /// <summary>
    /// dx[n, c, …] += Σ over the windows that saw it of w · dy: dy with stride − 1 zeros between its numbers, correlated with the weights turned by 180°.
    /// </summary>
    public void AddInputGradient<T>(ReadOnlySpan<T> dy, ReadOnlySpan<T> w, Span<T> dx) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Images == 0) return;
        T[] room = ArrayPool<T>.Shared.Rent(w.Length);
        var turned = room.AsSpan(0, w.Length);
        int taps = KernelHeight * KernelWidth;
        for (int o = 0; o < Outputs; o++)
        {
            for (int c = 0; c < Channels; c++)
            {
                var to = turned.Slice((c * Outputs + o) * taps, taps);
                w.Slice((o * Channels + c) * taps, taps).CopyTo(to);
                to.Reverse();
            }
        }
        var windows = new Windows(Outputs, Height + KernelHeight - 1, Width + KernelWidth - 1, KernelHeight, KernelWidth, 1);
        var placing = new Placing(Rows, Columns, KernelHeight - 1 - Padding, KernelWidth - 1 - Padding, Stride);
        long work = (long)Channels * windows.Taps * Height * Width;
        ForRows.Run(Images, 1, work, ThreadWorth, dy, turned, dx, new Correlate<T>(windows, placing, Channels, relu: false, add: true));
        ArrayPool<T>.Shared.Return(room);
    }

    /// <summary>dw[o, c, i, j] += Σ over images and windows of dy · x. Threads split the outputs, and each gathers all windows.</summary>
    public void AddWeightGradient<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> dw) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        ForRows.Run(Outputs, ThreadOutputs, Images * Work / Outputs, ThreadWorth, x, dy, dw, new Weigh<T>(Images, Windows, Placing, Outputs));

    /// <summary>db[o] += Σ over images and places of dy.</summary>
    public void AddBiasGradient<T>(ReadOnlySpan<T> dy, Span<T> db) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int o = 0; o < Outputs; o++)
        {
            var sum = T.Zero;
            for (int n = 0; n < Images; n++) sum += TensorPrimitives.Sum(dy.Slice((n * Outputs + o) * Places, Places));
            db[o] += sum;
        }
    }
}
