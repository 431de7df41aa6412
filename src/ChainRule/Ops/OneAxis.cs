namespace ChainRule;

/// <summary>Windows over sequences, [N, C, L]: those over images of one row.</summary>
public readonly partial struct Tensor
{
    /// <summary>
    /// Convolution of sequences: [N, C, L] with weights [O, C / groups, k] → [N, O, (L + 2 padding − dilation
    /// (k − 1) − 1) / stride + 1], divided rounding down. y[n, o, r] = b[o] + Σ w[o, c, i] · x[n, c,
    /// r · stride + i · dilation − padding], with zeros around x or what the padding mode says.
    /// </summary>
    /// <param name="weight">The kernels, [O, C / groups, k].</param>
    /// <param name="bias">b, [O]; no bias if null.</param>
    /// <param name="stride">How far the window moves: 1 or more.</param>
    /// <param name="padding">How many places are added at either end: 0 or more.</param>
    /// <param name="options">Dilation, groups, what padding holds, and a ReLU; the defaults if null.</param>
    /// <exception cref="ArgumentException">Shapes or number types disagree, or the kernel is longer than the
    /// padded sequence.</exception>
    public Tensor Conv1d(Tensor weight, Tensor? bias = null, int stride = 1, int padding = 0,
        ConvOptions? options = null)
    {
        options ??= new();
        var (x, w) = (Shape, weight.Shape);
        string asked = $"conv1d of {x} with weights {w}";
        int groups = options.Groups, dilation = OneNumber(options.Dilation, asked, "a dilation");
        if (w.Rank != 3 || w.Elements == 0)
            Throw.Argument($"{asked}: give weights [outputs, channels / groups, kernel], none of them 0",
                nameof(weight));
        CheckSequences(asked, dilation < 1 ? 0 : dilation * (w[2] - 1) + 1, stride, padding);
        if (groups < 1 || w[0] % groups != 0 || x[1] != w[1] * groups)
            Throw.Argument($"{asked} in {groups} group{(groups == 1 ? "" : "s")}: the input has {x[1]} channels and "
                + $"the weights take {w[1] * groups}: axis 1 of both must agree, and the groups divide the outputs",
                    nameof(options));
        return OneRow().Conv2d(weight.Reshape(w[0], w[1], 1, w[2]), bias, (1, stride), (0, padding), options)
            .WithoutRows();
    }

    /// <summary>
    /// Transposed convolution of sequences, which makes them longer where the stride is above 1: [N, C, L] with weights
    /// [C, O / groups, k] → [N, O, (L − 1) stride − 2 padding + dilation (k − 1) + outputPadding + 1]; see
    /// <see cref="ConvTranspose2d"/>.
    /// </summary>
    /// <param name="weight">The kernels, [C, O / groups, k].</param>
    /// <param name="bias">b, [O]; no bias if null.</param>
    /// <param name="stride">How far apart the kernels of neighbours begin: 1 or more.</param>
    /// <param name="padding">How many numbers are cut off at either end of y: 0 or more.</param>
    /// <param name="options">Output padding, dilation and groups; the defaults if null.</param>
    /// <exception cref="ArgumentException">Shapes or number types disagree, or nothing would be left.</exception>
    public Tensor ConvTranspose1d(
        Tensor weight, Tensor? bias = null, int stride = 1, int padding = 0, ConvTransposeOptions? options = null)
    {
        options ??= new();
        var (x, w) = (Shape, weight.Shape);
        string asked = $"transposed convolution of {x} with weights {w}";
        if (x.Rank != 3 || w.Rank != 3)
            Throw.Argument($"{asked}: give sequences [batch, channels, length] and weights [channels, outputs / "
                + "groups, kernel]", nameof(weight));
        int outputPadding = OneNumber(options.OutputPadding, asked, "an output padding");
        OneNumber(options.Dilation, asked, "a dilation");
        if (outputPadding < 0 || outputPadding >= stride)
            Throw.Argument($"transposed convolution of {x}: an output padding of {outputPadding} with a stride of "
                + $"{stride}: give 0 or more, and less than the stride",
                "options");
        // The one row has no stride to be below: it gets none of the padding.
        return OneRow().ConvTranspose2d(weight.Reshape(w[0], w[1], 1, w[2]), bias, (1, stride), (0, padding),
            options with { OutputPadding = (0, outputPadding) }).WithoutRows();
    }

    static int OneNumber(PerAxis setting, string asked, string name)
    {
        if (setting.Y != setting.X)
            Throw.Argument($"{asked}: {name} of {setting}: a sequence has one axis: give one number", "options");
        return setting.X;
    }

    /// <summary>
    /// The largest number of each window: [N, C, L] → [N, C, (L + 2 padding − kernelSize) / stride + 1], rounded down,
    /// or up. Padding is never the largest.
    /// </summary>
    /// <param name="kernelSize">How long a window is.</param>
    /// <param name="stride">How far the window moves; as far as it is long if null.</param>
    /// <param name="padding">How far a window may begin outside: at most half the kernel.</param>
    /// <param name="roundUp">Whether a last window that begins inside may end outside, so that no
    /// number is left out.</param>
    /// <exception cref="ArgumentException">There are not three axes, or no such window fits.</exception>
    public Tensor MaxPool1d(int kernelSize, int? stride = null, int padding = 0, bool roundUp = false)
    {
        CheckPool("max pool", kernelSize, stride ?? kernelSize, padding);
        return OneRow().MaxPool2d((1, kernelSize), (1, stride ?? kernelSize), (0, padding), roundUp).WithoutRows();
    }

    /// <summary>The mean of each window, where padding counts as zeros: shapes as in <see cref="MaxPool1d"/>.</summary>
    /// <inheritdoc cref="MaxPool1d"/>
    public Tensor AveragePool1d(int kernelSize, int? stride = null, int padding = 0, bool roundUp = false)
    {
        CheckPool("average pool", kernelSize, stride ?? kernelSize, padding);
        return OneRow().AveragePool2d((1, kernelSize), (1, stride ?? kernelSize), (0, padding), roundUp).WithoutRows();
    }

    /// <summary>
    /// The largest number of each of a given number of windows that divide the sequence: [N, C, L] → [N, C, windows].
    /// </summary>
    /// <inheritdoc cref="AdaptiveMaxPool2d"/>
    public Tensor AdaptiveMaxPool1d(int windows)
    {
        CheckRank("adaptive max pool");
        return OneRow().AdaptiveMaxPool2d((1, windows)).WithoutRows();
    }

    /// <summary>
    /// The mean of each of a given number of windows that divide the sequence: [N, C, L] → [N, C, windows].
    /// </summary>
    /// <inheritdoc cref="AdaptiveMaxPool2d"/>
    public Tensor AdaptiveAveragePool1d(int windows)
    {
        CheckRank("adaptive average pool");
        return OneRow().AdaptiveAveragePool2d((1, windows)).WithoutRows();
    }

    void CheckRank(string asked)
    {
        if (Rank != 3) Throw.Argument($"{asked} of {Shape}: an input has three axes: give [batch, channels, length]");
    }

    void CheckPool(string asked, int kernelSize, int stride, int padding)
    {
        CheckSequences($"{asked} of {Shape}", kernelSize, stride, padding);
        CheckPadding($"{asked} of {Shape}", kernelSize, padding);
    }

    void CheckSequences(string asked, int kernelSize, int stride, int padding)
    {
        if (kernelSize < 1 || stride < 1 || padding < 0)
            Throw.Argument($"{asked}: give a kernel, a stride and a dilation of 1 or more, and a padding of 0 or more",
                kernelSize < 1 ? nameof(kernelSize) : stride < 1 ? nameof(stride) : nameof(padding));
        if (Rank != 3) Throw.Argument($"{asked}: an input has three axes: give [batch, channels, length]");
        if (kernelSize > Shape[2] + 2L * padding)
            Throw.Argument($"{asked}: a kernel that reaches over {kernelSize} numbers is longer than the sequence with "
                + $"its padding, {Shape[2] + 2L * padding}: pad more or take a smaller kernel", nameof(kernelSize));
    }

    /// <summary>[N, C, L] → [N, C, 1, L].</summary>
    Tensor OneRow() => Unsqueeze(2);

    /// <summary>[N, C, 1, L] → [N, C, L].</summary>
    Tensor WithoutRows() => Squeeze(2);
}
