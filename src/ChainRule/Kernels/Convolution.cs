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

    // The weights' gradient is a sum over images: summed group by group, and the groups in their order, it is the same however many threads take groups.
    const int ImageGroups = 8;

    // As many numbers may the sums of groups hold together. Larger gradients are split by outputs instead, for each of which all windows are gathered;
    // so many outputs at least make it worth a thread's while.
    const int GroupSums = 1 << 20;
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
        ForRows.Run(Images, 1, Work, ThreadWorth, new Correlate<T>(Windows, Placing, Outputs, x, w, b, relu, y, add: false));
    }

    /// <summary>
    /// dx[n, c, …] += Σ over the windows that saw it of w · dy: dy with stride − 1 zeros between its numbers, correlated with the weights turned by 180°.
    /// </summary>
    public void AddInputGradient<T>(ReadOnlySpan<T> dy, ReadOnlySpan<T> w, Span<T> dx) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Images == 0) return;
        T[] room = ArrayPool<T>.Shared.Rent(w.Length);
        var turned = room.AsSpan(0, w.Length);
        ForRows.Run(Channels, 1, (long)Outputs * KernelHeight * KernelWidth, ForRows.Numbers / 4, new Turn<T>(this, w, turned));
        var windows = new Windows(Outputs, Height + KernelHeight - 1, Width + KernelWidth - 1, KernelHeight, KernelWidth, 1);
        var placing = new Placing(Rows, Columns, KernelHeight - 1 - Padding, KernelWidth - 1 - Padding, Stride);
        long work = (long)Channels * windows.Taps * Height * Width;
        ForRows.Run(Images, 1, work, ThreadWorth, new Correlate<T>(windows, placing, Channels, dy, turned, default, relu: false, dx, add: true));
        ArrayPool<T>.Shared.Return(room);
    }

    /// <summary>dw[o, c, i, j] += Σ over images and windows of dy · x.</summary>
    public void AddWeightGradient<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> dw) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Images == 0) return;
        int groups = Math.Min(Images, ImageGroups);
        if ((long)groups * dw.Length > GroupSums)
        {
            ForRows.Run(Outputs, ThreadOutputs, Images * Work / Outputs, ThreadWorth, new WeighOutputs<T>(this, x, dy, dw));
            return;
        }
        T[] room = ArrayPool<T>.Shared.Rent(groups * dw.Length);
        var sums = room.AsSpan(0, groups * dw.Length);
        sums.Clear();
        ForRows.Run(groups, 1, Images * Work / groups, ThreadWorth, new WeighImages<T>(this, groups, x, dy, sums));
        Kernels.Rows.AddSum(sums, dw);
        ArrayPool<T>.Shared.Return(room);
    }

    /// <summary>db[o] += Σ over images and places of dy.</summary>
    public void AddBiasGradient<T>(ReadOnlySpan<T> dy, Span<T> db) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        ForRows.Run(Outputs, 1, (long)Images * Places, ForRows.Numbers, new AddPlanes<T>(this, dy, db));
}
