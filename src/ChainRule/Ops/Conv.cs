using System.Buffers;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>
/// y[n, o, r, s] = b[o] + Σ_cij w[o, c, i, j] · x[n, c, r · stride + i · dilation − padding,
/// s · stride + j · dilation − padding], or max(y, 0); dx and dw are the same sums read the other ways, db = Σ dy;
/// behind a ReLU with dy where y > 0.
/// </summary>
/// <param name="convolution">Its sizes.</param>
/// <param name="bias">Whether b is input 2.</param>
/// <param name="relu">Whether y is max(y, 0).</param>
/// <param name="pool">Whether y is the largest of each window of 2 × 2 behind the ReLU: in predictions, which have no
/// backward pass.</param>
readonly struct Conv2d(Convolution convolution, bool bias, bool relu, bool pool = false) : IOp
{
    (string Name, object Value)[] IOp.Attributes =>
    [
        ("strideY", convolution.Stride.Y), ("strideX", convolution.Stride.X), ("paddingY", convolution.Padding.Y),
        ("paddingX", convolution.Padding.X), ("dilationY", convolution.Dilation.Y),
        ("dilationX", convolution.Dilation.X), ("groups", convolution.Groups), ("relu", relu)
    ];

    OpText IOp.Text =>
        new("y[n,o,r,s] = b[o] + Σ w[o,c,i,j] x[n,c,r + i,s + j] of the window at r, s",
            "dx = Σ w dy over the windows that see x",
        "dw[o,c,i,j] = Σ dy[n,o,r,s] x[n,c,r + i,s + j]", "db[o] = Σ dy[n,o,r,s]");

    Tensor[]? IOp.Unfold(ReadOnlySpan<Tensor> x) => !relu ? null
        : [ChainRule.Op.Run(new Conv2d(convolution, bias, relu: false), Shape,
            Array.ConvertAll(x.ToArray(), static one => one.Slot)).Relu()];

    Shape Shape =>
        [convolution.Images, convolution.Outputs * convolution.Groups, convolution.Rows, convolution.Columns];

    // Behind a ReLU it is not linear.
    Linearity IOp.Linearity => relu ? Linearity.None : Linearity.InEach;

    int IOp.Addend => bias ? 2 : -1;

    void IOp.Forward<T>(Frame<T> f)
    {
        var b = bias ? f.X(2) : default;
        if (f.Transformed(1, convolution, out float[] kernels))
            Convolution.ForwardTransformed(f.X(0), kernels, b, new(convolution, relu, pool), f.Y);
        else convolution.Forward(f.X(0), f.X(1), b, relu, f.Y, pool);
    }

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

    // Behind a ReLU: the adjoint of the convolution alone, of dy where y > 0.
    Tensor? IOp.GradientOf(int i, ReadOnlySpan<Tensor> x, Tensor y, Tensor dy) => new(Adjoint<Conv2d>.Run(
        new Conv2d(convolution, bias, relu: false), i, Array.ConvertAll(x.ToArray(), one => one.Slot), y.Slot,
        (dy * y.Detach().Greater(0)).Slot).Slot);

    void Backward<T>(Frame<T> f, ReadOnlySpan<T> dy) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        if (f.RequiresGrad(0)) convolution.InputGradient(dy, f.X(1), f.Gradient(0));
        if (f.RequiresGrad(1)) convolution.AddWeightGradient(f.X(0), dy, f.DX(1));
        if (bias && f.RequiresGrad(2)) convolution.AddBiasGradient(dy, f.DX(2));
    }
}

public readonly partial struct Tensor
{
    /// <summary>
    /// Convolution of images: [N, C, H, W] with weights [O, C / groups, kh, kw] → [N, O, (H + 2 padding − dilation
    /// (kh − 1) − 1) / stride + 1, … of W], divisions rounded down. y[n, o, r, s] = b[o] + Σ w[o, c, i, j] · x[n, c,
    /// r · stride + i · dilation − padding, …], with zeros around x or what the padding mode says.
    /// Settings with a number for each axis take one number for both, or two: <c>stride: (2, 1)</c> is 2
    /// down and 1 to the right.
    /// </summary>
    /// <param name="weight">The kernels, [O, C / groups, kh, kw].</param>
    /// <param name="bias">b, [O]; no bias if null.</param>
    /// <param name="stride">How far the window moves: 1 or more; 1 if null.</param>
    /// <param name="padding">How many places are added around each image, above and below, and on the left and right: 0
    /// or more; 0 if null.</param>
    /// <param name="options">Dilation, groups, what padding holds, and a ReLU; the defaults if null.</param>
    /// <remarks>
    /// LeCun et al., 1989. As everywhere in the field, the kernel is not turned: a mathematician calls
    /// it a correlation.
    /// </remarks>
    /// <exception cref="ArgumentException">Shapes or number types disagree, or the kernel is larger than the
    /// padded image.</exception>
    public Tensor Conv2d(
        Tensor weight, Tensor? bias = null, PerAxis? stride = null, PerAxis? padding = null,
        ConvOptions? options = null)
    {
        options ??= new();
        return Convolved(weight, bias, stride ?? 1, padding ?? 0, options, options.Relu, pool: false);
    }

    /// <summary>
    /// As above, with max(y, 0) where asked for; and then, where no graph is recorded, the largest of each window of
    /// 2 × 2.
    /// </summary>
    internal Tensor Convolved(Tensor weight, Tensor? bias, PerAxis stride, PerAxis padding, ConvOptions options,
        bool relu, bool pool)
    {
        const string Asked = "conv2d";
        const int LargestDilation = 1 << 12;
        Shape x = Shape, w = weight.Shape;
        PerAxis step = stride, zeros = padding, apart = options.Dilation;
        int groups = options.Groups;
        if (w.Rank != 4 || w.Elements == 0)
            Throw.Argument($"{Asked}: the weights are {w}: give [outputs, channels, kernel height, kernel width], none "
                + "of them 0", nameof(weight));
        if (apart.Y is < 1 or > LargestDilation || apart.X is < 1 or > LargestDilation)
            Throw.Argument($"{Asked} of {x}: a dilation of {apart}: give 1 to {LargestDilation}", nameof(options));
        CheckWindows(Asked, apart.Y * (w[2] - 1) + 1, apart.X * (w[3] - 1) + 1, step, zeros, nameof(weight));
        if (groups < 1 || x[1] % groups != 0 || w[0] % groups != 0)
            Throw.Argument($"{Asked} of {x} with weights {w}: {x[1]} channels and {w[0]} outputs do not divide into "
                + $"{groups} groups: give a number that divides both",
                nameof(options));
        if (x[1] != w[1] * groups && groups > 1)
            Throw.Argument($"{Asked} of {x} with weights {w}: in {groups} groups the weights take {w[1] * groups} "
                + $"channels, and the input has {x[1]}",
                nameof(weight));
        if (x[1] != w[1] * groups)
            Throw.Argument($"{Asked} of {x} with weights {w}: the input has {x[1]} channel{(x[1] == 1 ? "" : "s")} and "
                + $"the weights take {w[1]}: axis 1 of both must agree", nameof(weight));
        if (bias is { } b && b.Shape != [w[0]])
            Throw.Argument($"{Asked} with weights {w}: the bias is {b.Shape}: give [{w[0]}]", nameof(bias));

        if (!Enum.IsDefined(options.PaddingMode))
            Throw.OutOfRange($"{Asked} of {x}: {(int)options.PaddingMode} is no padding mode: give one of PaddingMode",
                nameof(options));

        var input = this;
        if (options.PaddingMode != PaddingMode.Zeros)
        {
            // The convolution itself pads by zeros alone, without their being there.
            (input, zeros) = (Padded(zeros, options.PaddingMode), 0);
            x = input.Shape;
        }
        var convolution = new Convolution(x[0], w[1], x[2], x[3], w[0] / groups, w[2], w[3], step, zeros,
            apart, groups);
        bool within = pool && DTypes.IsSingle(DType) && convolution.Pools;
        Shape shape = within ? [x[0], w[0], convolution.Rows / 2, convolution.Columns / 2]
            : [x[0], w[0], convolution.Rows, convolution.Columns];
        var op = new Conv2d(convolution, bias is not null, relu, within);
        var y = bias is { } given ? ChainRule.Op.Run(op, shape, input, weight, given)
            : ChainRule.Op.Run(op, shape, input, weight);
        return pool && !within ? y.MaxPool2d(2) : y;
    }

    Tensor Padded(PerAxis padding, PaddingMode mode)
    {
        var x = padding.Y > 0 ? Pad(-2, padding.Y, padding.Y, mode) : this;
        return padding.X > 0 ? x.Pad(-1, padding.X, padding.X, mode) : x;
    }

    /// <summary>Refuses windows that do not slide over this, [N, C, H, W].</summary>
    void CheckWindows(string asked, int kernelHeight, int kernelWidth, PerAxis stride, PerAxis padding,
        string parameter)
    {
        var x = Shape;
        if (x.Rank != 4)
            Throw.Argument($"{asked} of {x}: an input has four axes: give [images, channels, height, width]");
        if (kernelHeight < 1 || kernelWidth < 1)
            Throw.Argument($"{asked} of {x}: a kernel of {kernelHeight} × {kernelWidth} sees nothing: give 1 or more",
                parameter);
        if (stride.Y < 1 || stride.X < 1)
            Throw.Argument($"{asked} of {x}: a stride of {stride} goes nowhere: give 1 or more", nameof(stride));
        if (padding.Y < 0 || padding.X < 0)
            Throw.Argument($"{asked} of {x}: a padding of {padding} is less than nothing: give 0 or more",
                nameof(padding));
        if (kernelHeight > x[2] + 2L * padding.Y || kernelWidth > x[3] + 2L * padding.X)
            Throw.Argument($"{asked} of {x}: a kernel of {kernelHeight} × {kernelWidth} is larger than the image with "
                + $"its padding, {x[2] + 2L * padding.Y} × {x[3] + 2L * padding.X}: pad more or take a smaller kernel",
                    parameter);
    }
}
