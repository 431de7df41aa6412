using System.Buffers;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>
/// y[n, o, r, s] = b[o] + Σ_cij w[o, c, i, j] · x[n, c, r · stride + i − padding, s · stride + j − padding], or max(y, 0);
/// dx and dw are the same sums read the other ways, db = Σ dy; behind a ReLU with dy where y > 0.
/// </summary>
readonly struct Conv2d(Convolution convolution, bool bias, bool relu) : IOp
{
    void IOp.Forward<T>(Frame<T> f) => convolution.Forward(f.X(0), f.X(1), bias ? f.X(2) : default, relu, f.Y);

    void IOp.Backward<T>(Frame<T> f)
    {
        if (!relu)
        {
            Backward(f, f.DY);
            return;
        }
        T[] room = ArrayPool<T>.Shared.Rent(f.DY.Length);
        var dy = room.AsSpan(0, f.DY.Length);
        MapLoop.Backward(new Relu(), f.Y, f.Y, f.DY, dy, first: true);
        Backward(f, dy);
        ArrayPool<T>.Shared.Return(room);
    }

    void Backward<T>(Frame<T> f, ReadOnlySpan<T> dy) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        if (f.Wants(0)) convolution.AddInputGradient(dy, f.X(1), f.DX(0));
        if (f.Wants(1)) convolution.AddWeightGradient(f.X(0), dy, f.DX(1));
        if (bias && f.Wants(2)) convolution.AddBiasGradient(dy, f.DX(2));
    }
}

public readonly partial struct Tensor
{
    /// <summary>
    /// Convolution of images: [N, C, H, W] with weights [O, C, kh, kw] → [N, O, (H + 2 padding − kh) / stride + 1, (W + 2 padding − kw) / stride + 1],
    /// divisions rounded down. y[n, o, r, s] = b[o] + Σ w[o, c, i, j] · x[n, c, r · stride + i − padding, s · stride + j − padding], with zeros around x.
    /// </summary>
    /// <param name="weight">The kernels, [O, C, kh, kw].</param>
    /// <param name="bias">b, [O]; null for none.</param>
    /// <param name="stride">How far the window moves, down and to the right: 1 or more.</param>
    /// <param name="padding">How many zeros stand around each image, on every side: 0 or more.</param>
    /// <param name="relu">Whether y is max(y, 0), which costs no pass of its own here.</param>
    /// <remarks>LeCun et al., 1989. As everywhere in the field, the kernel is not turned: a mathematician calls it a correlation.</remarks>
    /// <exception cref="ArgumentException">Shapes or number types disagree, or the kernel is larger than the padded image.</exception>
    public Tensor Conv2d(Tensor weight, Tensor? bias = null, int stride = 1, int padding = 0, bool relu = false)
    {
        const string Asked = "conv2d";
        Shape x = Shape, w = weight.Shape;
        if (w.Rank != 4 || w.Elements == 0)
            Throw.Argument($"{Asked}: the weights are {w}: give [outputs, channels, kernel height, kernel width], none of them 0");
        CheckWindows(Asked, w[2], w[3], stride, padding);
        if (x[1] != w[1])
            Throw.Argument($"{Asked} of {x} with weights {w}: the input has {x[1]} channel{(x[1] == 1 ? "" : "s")} and the weights take {w[1]}: "
                         + "axis 1 of both must agree");
        if (bias is { } b && b.Shape != [w[0]]) Throw.Argument($"{Asked} with weights {w}: the bias is {b.Shape}: give [{w[0]}]");

        var convolution = new Convolution(x[0], x[1], x[2], x[3], w[0], w[2], w[3], stride, padding);
        Shape shape = [x[0], w[0], convolution.Rows, convolution.Columns];
        var op = new Conv2d(convolution, bias is not null, relu);
        return bias is { } given ? ChainRule.Op.Run(op, shape, this, weight, given) : ChainRule.Op.Run(op, shape, this, weight);
    }

    /// <summary>Refuses windows that do not slide over this, [N, C, H, W].</summary>
    void CheckWindows(string asked, int kernelHeight, int kernelWidth, int stride, int padding)
    {
        var x = Shape;
        if (x.Rank != 4) Throw.Argument($"{asked} of {x}: an input has four axes: give [images, channels, height, width]");
        if (kernelHeight < 1 || kernelWidth < 1)
            Throw.Argument($"{asked} of {x}: a kernel of {kernelHeight} × {kernelWidth} sees nothing: give 1 or more");
        if (stride < 1) Throw.Argument($"{asked} of {x}: a stride of {stride} goes nowhere: give 1 or more");
        if (padding < 0) Throw.Argument($"{asked} of {x}: a padding of {padding} is less than nothing: give 0 or more");
        if (kernelHeight > x[2] + 2 * padding || kernelWidth > x[3] + 2 * padding)
            Throw.Argument($"{asked} of {x}: a kernel of {kernelHeight} × {kernelWidth} is larger than the image with its padding, "
                         + $"{x[2] + 2 * padding} × {x[3] + 2 * padding}: pad more or take a smaller kernel");
    }
}
