using ChainRule.Kernels;

namespace ChainRule;

/// <summary>y = the largest number of each window;  dx gets dy back there, at the first of equals.</summary>
readonly struct MaxPool2d(Pooling pooling) : IOp
{
    void IOp.Forward<T>(Frame<T> f) => pooling.Max(f.X(), f.Y);

    void IOp.Backward<T>(Frame<T> f)
    {
        // Where the largest are is found again: reading x twice costs less than writing places and reading them.
        if (f.Wants()) pooling.AddMaxGradient(f.X(), f.DY, f.DX());
    }
}

/// <summary>y = the mean of each window;  dx = dy / kernel² for each window that saw it.</summary>
readonly struct AveragePool2d(Pooling pooling) : IOp
{
    void IOp.Forward<T>(Frame<T> f) => pooling.Average(f.X(), f.Y);

    void IOp.Backward<T>(Frame<T> f)
    {
        if (f.Wants()) pooling.AddAverageGradient(f.DY, f.DX());
    }
}

public readonly partial struct Tensor
{
    /// <summary>
    /// The largest number of each window of kernel × kernel: [N, C, H, W] → [N, C, (H + 2 padding − kernel) / stride + 1, …], divisions rounded down.
    /// Padding is never the largest; of equal numbers the first gets the gradient, row by row.
    /// </summary>
    /// <param name="kernel">How high and wide a window is.</param>
    /// <param name="stride">How far the window moves; null for as far as it is wide, so that windows stand side by side.</param>
    /// <param name="padding">How far a window may begin outside of the image: at most half the kernel.</param>
    /// <exception cref="ArgumentException">There are not four axes, or no such window fits.</exception>
    public Tensor MaxPool2d(int kernel, int? stride = null, int padding = 0)
    {
        var pooling = Pooled("max pool", kernel, stride ?? kernel, padding, out var shape);
        return ChainRule.Op.Run(new MaxPool2d(pooling), shape, this);
    }

    /// <summary>The mean of each window of kernel × kernel, where padding counts as zeros: shapes as in <see cref="MaxPool2d"/>.</summary>
    /// <inheritdoc cref="MaxPool2d"/>
    public Tensor AveragePool2d(int kernel, int? stride = null, int padding = 0)
    {
        var pooling = Pooled("average pool", kernel, stride ?? kernel, padding, out var shape);
        return ChainRule.Op.Run(new AveragePool2d(pooling), shape, this);
    }

    Pooling Pooled(string asked, int kernel, int stride, int padding, out Shape shape)
    {
        CheckWindows(asked, kernel, kernel, stride, padding);
        var x = Shape;
        if (padding > kernel / 2)
            Throw.Argument($"{asked} of {x}: a padding of {padding} is more than half of a kernel of {kernel}, so a window could see nothing else: "
                         + $"give {kernel / 2} or less");
        var pooling = new Pooling(x[0] * x[1], x[2], x[3], kernel, stride, padding);
        shape = [x[0], x[1], pooling.Rows, pooling.Columns];
        return pooling;
    }
}
