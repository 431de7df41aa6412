using System.Buffers;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>
/// y[n, o, r · stride + i · dilation − padding, …] += w[c, o, i, j] · x[n, c, r, s], from b[o] on: what the
/// gradient of a convolution with these weights does to its input. So dx is that convolution of dy, dw its weights'
/// gradient, and db = Σ dy.
/// </summary>
/// <param name="convolution">The convolution from y to x.</param>
/// <param name="outputs">O.</param>
/// <param name="bias">Whether b is input 2.</param>
readonly struct ConvTranspose2d(Convolution convolution, int outputs, bool bias) : IOp
{
    (string Name, object Value)[] IOp.Attributes =>
    [
        ("strideY", convolution.Stride.Y), ("strideX", convolution.Stride.X), ("paddingY", convolution.Padding.Y),
        ("paddingX", convolution.Padding.X), ("dilationY", convolution.Dilation.Y),
        ("dilationX", convolution.Dilation.X), ("groups", convolution.Groups)
    ];

    OpText IOp.Text =>
        new("y[n,o,r s + i,…] = b[o] + Σ w[c,o,i,j] x[n,c,r,…], s the stride",
            "dx = Σ w dy over the places that x reaches",
        "dw = Σ x dy over the places that w meets", "db[o] = Σ dy[n,o,…]");

    Linearity IOp.Linearity => Linearity.InEach;

    int IOp.Addend => bias ? 2 : -1;

    void IOp.Forward<T>(Frame<T> f)
    {
        var y = f.Y;
        int plane = convolution.Height * convolution.Width;
        for (int at = 0; bias && at < y.Length; at += plane) y.Slice(at, plane).Fill(f.X(2)[at / plane % outputs]);
        convolution.InputGradient(f.X(0), f.X(1), new(y, adds: bias));
    }

    void IOp.Backward<T>(Frame<T> f)
    {
        if (f.RequiresGrad(0))
        {
            var gradient = f.Gradient(0);
            var dx = gradient.Numbers;
            if (!gradient.Adds)
            {
                convolution.Forward(f.DY, f.X(1), default, relu: false, dx);
            }
            else
            {
                T[] room = ArrayPool<T>.Shared.Rent(dx.Length);
                convolution.Forward(f.DY, f.X(1), default, relu: false, room.AsSpan(0, dx.Length));
                TensorPrimitives.Add(dx, room.AsSpan(0, dx.Length), dx);
                ArrayPool<T>.Shared.Return(room);
            }
        }
        if (f.RequiresGrad(1)) convolution.AddWeightGradient(f.DY, f.X(0), f.DX(1));
        if (bias && f.RequiresGrad(2))
            new Convolution(convolution.Images, 1, convolution.Height, convolution.Width, outputs, 1, 1, (1, 1), (0, 0),
                (1, 1)).AddBiasGradient(f.DY, f.DX(2));
    }
}

public readonly partial struct Tensor
{
    /// <summary>
    /// Transposed convolution of images, which makes them larger where the stride is above 1: [N, C, H, W] with weights
    /// [C, O / groups, kh, kw] → [N, O, (H − 1) stride − 2 padding + dilation (kh − 1) + outputPadding + 1, … of W].
    /// Every number of x adds its multiple of the kernel to y, and the kernels of neighbours begin a stride apart. It
    /// is to <see cref="Conv2d"/> what a matrix is to its transpose. Settings take one number for both axes, or two.
    /// </summary>
    /// <param name="weight">The kernels, [C, O / groups, kh, kw].</param>
    /// <param name="bias">b, [O]; no bias if null.</param>
    /// <param name="stride">How far apart the kernels of neighbours begin: 1 or more; 1 if null.</param>
    /// <param name="padding">How many rows and columns are cut off at each side of y: 0 or more; 0 if null.</param>
    /// <param name="options">Output padding, dilation and groups; the defaults if null.</param>
    /// <remarks>Zeiler, Krishnan, Taylor and Fergus, 2010; often called a deconvolution, which it is not.</remarks>
    /// <exception cref="ArgumentException">Shapes or number types disagree, or nothing would be left.</exception>
    public Tensor ConvTranspose2d(
        Tensor weight, Tensor? bias = null, PerAxis? stride = null, PerAxis? padding = null,
        ConvTransposeOptions? options = null)
    {
        options ??= new();
        var (x, w) = (Shape, weight.Shape);
        PerAxis step = stride ?? 1, cut = padding ?? 0, more = options.OutputPadding, apart = options.Dilation;
        int groups = options.Groups;
        string asked = $"transposed convolution of {x} with weights {w}";
        if (x.Rank != 4) Throw.Argument($"{asked}: an input has four axes: give [images, channels, height, width]");
        if (w.Rank != 4 || w.Elements == 0)
            Throw.Argument($"{asked}: give weights [channels, outputs / groups, kernel height, kernel width], none of "
                + "them 0", nameof(weight));
        if (step.Y < 1 || step.X < 1 || cut.Y < 0 || cut.X < 0 || apart.Y < 1 || apart.X < 1)
            Throw.Argument($"{asked}: a stride of {step}, a padding of {cut} and a dilation of {apart}: give a stride "
                + "and a dilation of 1 or more and a padding of 0 or more",
                nameof(stride));
        if (more.Y < 0 || more.X < 0 || more.Y >= step.Y || more.X >= step.X)
            Throw.Argument($"{asked}: an output padding of {more} with a stride of {step}: give 0 or more, and less "
                + "than the stride",
                nameof(options));
        if (x[1] != w[0])
            Throw.Argument(
                $"{asked}: the input has {x[1]} channel{(x[1] == 1 ? "" : "s")} and the weights take {w[0]}: "
                         + "axis 1 of the input and axis 0 of the weights must agree", nameof(weight));
        if (groups < 1 || x[1] % groups != 0)
            Throw.Argument($"{asked}: {x[1]} channels do not divide into {groups} groups: give a number that divides "
                + "them", nameof(options));
        int outputs = w[1] * groups;
        if (bias is { } b && b.Shape != [outputs])
            Throw.Argument($"{asked}: the bias is {b.Shape}: give [{outputs}]", nameof(bias));
        long height = Grown(x[2], step.Y, cut.Y, apart.Y, w[2], more.Y),
            width = Grown(x[3], step.X, cut.X, apart.X, w[3], more.X);
        if (x[2] < 1 || x[3] < 1 || height < 1 || width < 1)
            Throw.Argument($"{asked}: a padding of {cut} leaves {height} × {width}: give an image, and pad less",
                nameof(padding));

        if (height > Array.MaxLength || width > Array.MaxLength)
            Throw.Argument($"{asked}: the result would be {height} × {width}: give a smaller stride or dilation");

        var convolution = new Convolution(x[0], w[1], (int)height, (int)width, w[0] / groups, w[2], w[3], step, cut,
            apart, groups);
        var op = new ConvTranspose2d(convolution, outputs, bias is not null);
        Shape shape = [x[0], outputs, (int)height, (int)width];
        return bias is { } given ? ChainRule.Op.Run(op, shape, this, weight, given)
            : ChainRule.Op.Run(op, shape, this, weight);

        static long Grown(int size, int step, int cut, int apart, int kernel, int more) =>
            (size - 1L) * step - 2L * cut + (long)apart * (kernel - 1) + more + 1;
    }
}
