using ChainRule.Kernels;

namespace ChainRule;

/// <summary>y = the largest number of each window;  dx gets dy back there, at the first of equals.</summary>
readonly struct MaxPool2d(Pooling pooling) : IOp
{
    (string Name, object Value)[] IOp.Attributes => pooling.Attributes;

    OpText IOp.Text => new("y = the largest x of each window", "dx = Σ dy over the windows whose largest it is");

    void IOp.Forward<T>(Frame<T> f) => pooling.Max(f.X(), f.Y);

    void IOp.Backward<T>(Frame<T> f)
    {
        // Where the largest are is found again: reading x twice costs less than writing places and reading them.
        if (f.RequiresGrad()) pooling.AddMaxGradient(f.X(), f.DY, f.DX());
    }

    Tensor? IOp.GradientOf(int i, ReadOnlySpan<Tensor> x, Tensor y, Tensor dy)
    {
        var places = Ids.From([.. Largest(x[0].Detach().To(DType.Float64).Read<double>())]);
        return Tensor.Zeros([x[0].Count], dy.DType).IndexAdd(0, places, dy.Flatten()).Reshape(x[0].Shape.Span);
    }

    /// <summary>Where the largest number of each window stands: the first of equals, and a NaN before all.</summary>
    int[] Largest(ReadOnlySpan<double> x)
    {
        int[] places = new int[pooling.Planes * pooling.Rows * pooling.Columns];
        for (int i = 0; i < places.Length; i++)
        {
            var (top, bottom) = pooling.InsideRows(i / pooling.Columns % pooling.Rows);
            var (left, right) = pooling.InsideColumns(i % pooling.Columns);
            int plane = i / (pooling.Rows * pooling.Columns) * pooling.Height * pooling.Width,
                found = plane + top * pooling.Width + left;
            for (int row = top; row < bottom; row++)
            {
                for (int at = plane + row * pooling.Width + left, end = at + right - left; at < end; at++)
                    if (x[at] > x[found] || (double.IsNaN(x[at]) && !double.IsNaN(x[found]))) found = at;
            }
            places[i] = found;
        }
        return places;
    }
}

/// <summary>y = the mean of each window;  dx = dy / the window's numbers for each window that saw it.</summary>
readonly struct AveragePool2d(Pooling pooling) : IOp
{
    (string Name, object Value)[] IOp.Attributes => pooling.Attributes;

    OpText IOp.Text => new("y = the mean of each window", "dx = Σ dy / (numbers of the window) over its windows");

    Linearity IOp.Linearity => Linearity.Jointly;

    void IOp.Forward<T>(Frame<T> f) => pooling.Average(f.X(), f.Y);

    void IOp.Backward<T>(Frame<T> f)
    {
        if (f.RequiresGrad()) pooling.AddAverageGradient(f.DY, f.DX());
    }
}

public readonly partial struct Tensor
{
    /// <summary>
    /// The largest number of each window: [N, C, H, W] → [N, C, (H + 2 padding − kernelSize) / stride + 1, … of W],
    /// divisions rounded down, or up. Padding is never the largest; of equal numbers the first gets the gradient, row
    /// by row. Settings take one number for both axes, or two.
    /// </summary>
    /// <param name="kernelSize">How high and wide a window is.</param>
    /// <param name="stride">How far the window moves; as far as it is wide if null, so that windows
    /// stand side by side.</param>
    /// <param name="padding">How far a window may begin outside of the image: at most half the
    /// kernel; 0 if null.</param>
    /// <param name="roundUp">Whether a last window that begins inside of the image may end outside of it, so that no
    /// number is left out.</param>
    /// <exception cref="ArgumentException">There are not four axes, or no such window fits.</exception>
    public Tensor MaxPool2d(PerAxis kernelSize, PerAxis? stride = null, PerAxis? padding = null, bool roundUp = false)
    {
        var pooling = Pooled("max pool", kernelSize, stride ?? kernelSize, padding ?? 0, roundUp, out var shape);
        return ChainRule.Op.Run(new MaxPool2d(pooling), shape, this);
    }

    /// <summary>The mean of each window, where padding counts as zeros: shapes as in <see cref="MaxPool2d"/>.</summary>
    /// <inheritdoc cref="MaxPool2d"/>
    public Tensor AveragePool2d(PerAxis kernelSize, PerAxis? stride = null, PerAxis? padding = null,
        bool roundUp = false)
    {
        var pooling = Pooled("average pool", kernelSize, stride ?? kernelSize, padding ?? 0, roundUp, out var shape);
        return ChainRule.Op.Run(new AveragePool2d(pooling), shape, this);
    }

    /// <summary>
    /// The largest number of each of a given number of windows that divide the image, whatever its size: [N, C,
    /// H, W] → [N, C, rows, columns]. Window i of n spans ⌊i H / n⌋ to ⌈(i + 1) H / n⌉; they overlap where n
    /// does not divide the size.
    /// </summary>
    /// <param name="windows">How many windows stand below and beside one another: 1 is the largest of all,
    /// a global pooling.</param>
    /// <exception cref="ArgumentException">There are not four axes, or the image or the result is empty.</exception>
    public Tensor AdaptiveMaxPool2d(PerAxis windows) =>
        ChainRule.Op.Run(new MaxPool2d(Divided("adaptive max pool", windows, out var shape)), shape, this);

    /// <summary>
    /// The mean of each of a given number of windows that divide the image, as in <see cref="AdaptiveMaxPool2d"/>.
    /// </summary>
    /// <inheritdoc cref="AdaptiveMaxPool2d"/>
    public Tensor AdaptiveAveragePool2d(PerAxis windows) =>
        ChainRule.Op.Run(new AveragePool2d(Divided("adaptive average pool", windows, out var shape)), shape, this);

    Pooling Divided(string asked, PerAxis windows, out Shape shape)
    {
        var x = Shape;
        if (x.Rank != 4)
            Throw.Argument($"{asked} of {x}: an input has four axes: give [images, channels, height, width]");
        if (windows.Y < 1 || windows.X < 1)
            Throw.Argument($"{asked} of {x} into {windows} windows: give 1 or more", nameof(windows));
        if (x[2] == 0 || x[3] == 0) Throw.Argument($"{asked} of {x}: an image of no numbers has no windows");
        shape = [x[0], x[1], windows.Y, windows.X];
        return new(x[0] * x[1], x[2], x[3], windows);
    }

    Pooling Pooled(string asked, PerAxis kernelSize, PerAxis stride, PerAxis padding, bool roundUp, out Shape shape)
    {
        CheckWindows(asked, kernelSize.Y, kernelSize.X, stride, padding, nameof(kernelSize));
        var x = Shape;
        CheckPadding($"{asked} of {x}", kernelSize, padding);
        var pooling = new Pooling(x[0] * x[1], x[2], x[3], kernelSize, stride, padding, roundUp);
        shape = [x[0], x[1], pooling.Rows, pooling.Columns];
        return pooling;
    }

    static void CheckPadding(string asked, PerAxis kernelSize, PerAxis padding)
    {
        if (padding.Y > kernelSize.Y / 2 || padding.X > kernelSize.X / 2)
            Throw.Argument($"{asked}: a padding of {padding} is more than half of a kernel of {kernelSize}, so a "
                + $"window could see nothing else: give {new PerAxis(kernelSize.Y / 2, kernelSize.X / 2)} or less",
                    nameof(padding));
    }
}
