using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace ChainRule.Kernels;

/// <summary>
/// y[n, o, r, s] = b[o] + Σ_cij w[o, c, i, j] · x[n, c, r · stride + i · dilation − padding,
/// s · stride + j · dilation − padding], where x is 0 outside the image. Images [images, groups, channels, height,
/// width], weights [groups, outputs, channels, kernel height, kernel width]: each group by itself.
/// </summary>
readonly partial record struct Convolution(
    int Images, int Channels, int Height, int Width, int Outputs, int KernelHeight, int KernelWidth,
    (int Y, int X) Stride, (int Y, int X) Padding, (int Y, int X) Dilation, int Groups = 1)
{
    const long ThreadWorth = 1 << 19;

    // The weights' gradient is a sum over images: summed group by group, and the groups in their order, it is the same
    // however many threads take groups.
    const int ImageGroups = 8;

    // As many numbers may the sums of groups hold together. Larger gradients are split by outputs instead, for each of
    // which all windows are gathered; this many outputs at least make it worth a thread's while.
    const int GroupSums = 1 << 20;
    const int ThreadOutputs = 32;

    Windows Windows =>
        new(Channels, Height + 2 * Padding.Y, Width + 2 * Padding.X, KernelHeight, KernelWidth, Stride, Dilation);

    Placing Placing => new(Height, Width, Padding.Y, Padding.X, (1, 1));

    /// <summary>How high an output is.</summary>
    public int Rows => Windows.Rows;

    /// <summary>How wide an output is.</summary>
    public int Columns => Windows.Columns;

    /// <summary>How many numbers one output plane holds.</summary>
    public int Places => Rows * Columns;

    long Work => (long)Outputs * Windows.Taps * Places;

    /// <summary>Whether the largest of each window of 2 × 2 can be taken as float32 is computed.</summary>
    public bool Pools => Rows > 1 && Columns > 1 && (Winograd.Pays<float>(this) || FewChannels.Pays<float>(this));

    /// <summary>
    /// y, or max(y, 0), or of that the largest of each window of 2 × 2; b is empty if there is none.
    /// </summary>
    public void Forward<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> w, ReadOnlySpan<T> b, bool relu, Span<T> y,
        bool pool = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Images == 0) return;
        if (Winograd.Pays<T>(this))
        {
            float[] room = ArrayPool<float>.Shared.Rent(Winograd.Length(this));
            Winograd.Transform(this, MemoryMarshal.Cast<T, float>(w), room);
            ForwardTransformed(x, room, b, new(this, relu, pool), y);
            ArrayPool<float>.Shared.Return(room);
        }
        else if (FewChannels.Pays<T>(this))
        {
            FewChannels.Forward(new(this, relu, pool), MemoryMarshal.Cast<T, float>(x),
                MemoryMarshal.Cast<T, float>(w), MemoryMarshal.Cast<T, float>(b), MemoryMarshal.Cast<T, float>(y));
        }
        else
        {
            ForRows.Run(Images * Groups, 1, Work, ThreadWorth,
                new Correlate<T>(Windows, Placing, Groups, Outputs, x, w, b, relu, y, add: false));
        }
    }

    /// <summary>The same by weights that <see cref="Winograd"/> transformed.</summary>
    public static void ForwardTransformed<T>(ReadOnlySpan<T> x, float[] transformed, ReadOnlySpan<T> b,
        in ConvolutionBlocks blocks, Span<T> y) where T : unmanaged =>
        Winograd.Forward(blocks, MemoryMarshal.Cast<T, float>(x), transformed, MemoryMarshal.Cast<T, float>(b),
            MemoryMarshal.Cast<T, float>(y));

    /// <summary>
    /// dx[n, c, …] (+)= Σ over the windows that saw it of w · dy: dy with stride − 1 zeros between its numbers,
    /// correlated with the weights turned by 180°.
    /// </summary>
    public void InputGradient<T>(ReadOnlySpan<T> dy, ReadOnlySpan<T> w, Gradient<T> dx)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Images == 0) return;
        T[] room = ArrayPool<T>.Shared.Rent(w.Length);
        var turned = room.AsSpan(0, w.Length);
        ForRows.Run(Groups * Channels, 1, (long)Outputs * KernelHeight * KernelWidth, ForRows.Numbers / 4,
            new Turn<T>(this, w, turned));
        if (Stride == (1, 1) && Winograd.Pays<T>(Back))
        {
            Back.Add(dy, turned, dx);
            ArrayPool<T>.Shared.Return(room);
            return;
        }
        int reachY = Dilation.Y * (KernelHeight - 1), reachX = Dilation.X * (KernelWidth - 1);
        var windows = new Windows(Outputs, Height + reachY, Width + reachX, KernelHeight, KernelWidth,
            (1, 1), Dilation);
        var placing = new Placing(Rows, Columns, reachY - Padding.Y, reachX - Padding.X, Stride);
        long work = (long)Channels * windows.Taps * Height * Width;
        ForRows.Run(Images * Groups, 1, work, ThreadWorth,
            new Correlate<T>(windows, placing, Groups, Channels, dy, turned, default, relu: false,
                dx.Numbers, dx.Adds));
        ArrayPool<T>.Shared.Return(room);
    }

    // The convolution of dy with turned weights that dx is, where windows move by one.
    Convolution Back => new(Images, Outputs, Rows, Columns, Channels, KernelHeight, KernelWidth, (1, 1),
        (KernelHeight - 1 - Padding.Y, KernelWidth - 1 - Padding.X), Dilation, Groups);

    /// <summary>y (+)= this convolution of x.</summary>
    void Add<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> w, Gradient<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!y.Adds)
        {
            Forward(x, w, default, relu: false, y.Numbers);
            return;
        }
        int length = y.Numbers.Length;
        T[] room = ArrayPool<T>.Shared.Rent(length);
        Forward(x, w, default, relu: false, room.AsSpan(0, length));
        TensorPrimitives.Add(y.Numbers, room.AsSpan(0, length), y.Numbers);
        ArrayPool<T>.Shared.Return(room);
    }

    /// <summary>dw[o, c, i, j] += Σ over images and windows of dy · x.</summary>
    public void AddWeightGradient<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> dw)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Images == 0) return;
        int length = dw.Length / Groups;
        for (int group = 0; group < Groups; group++) AddWeightGradient(group, x, dy, dw.Slice(group * length, length));
    }

    void AddWeightGradient<T>(int group, ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> dw)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int parts = Math.Min(Images, ImageGroups);
        if ((long)parts * dw.Length > GroupSums)
        {
            ForRows.Run(Outputs, ThreadOutputs, Images * Work / Outputs, ThreadWorth,
                new WeighOutputs<T>(this, group, x, dy, dw));
            return;
        }
        T[] room = ArrayPool<T>.Shared.Rent(parts * dw.Length);
        var sums = room.AsSpan(0, parts * dw.Length);
        sums.Clear();
        ForRows.Run(parts, 1, Images * Work / parts, ThreadWorth, new WeighImages<T>(this, group, parts, x, dy, sums));
        Kernels.Rows.AddSum(sums, dw);
        ArrayPool<T>.Shared.Return(room);
    }

    /// <summary>db[o] += Σ over images and places of dy.</summary>
    public void AddBiasGradient<T>(ReadOnlySpan<T> dy, Span<T> db)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        ForRows.Run(Groups * Outputs, 1, (long)Images * Places, ForRows.Numbers, new AddPlanes<T>(this, dy, db));
}
