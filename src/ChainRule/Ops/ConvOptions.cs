namespace ChainRule;

/// <summary>
/// What a convolution can be told beside its stride and padding; layers and <see cref="Tensor.Conv2d"/> take the same.
/// </summary>
public sealed record ConvOptions
{
    /// <summary>
    /// How far apart the numbers are that neighbours of a kernel see: 1 or more. Of a sequence, one number.
    /// </summary>
    public PerAxis Dilation { get; init; } = 1;

    /// <summary>
    /// Into how many groups channels and outputs are divided, each convolved by itself; as many as channels is
    /// a depthwise convolution.
    /// </summary>
    public int Groups { get; init; } = 1;

    /// <summary>What the places around an image, or at the ends of a sequence, hold.</summary>
    public PaddingMode PaddingMode { get; init; }

    /// <summary>Whether y is max(y, 0): the same numbers as a ReLU behind it, without a pass of its own.</summary>
    public bool Relu { get; init; }
}

/// <summary>
/// What a transposed convolution can be told beside its stride and padding; layers and
/// <see cref="Tensor.ConvTranspose2d"/> take the same.
/// </summary>
public sealed record ConvTransposeOptions
{
    /// <summary>
    /// How many rows and columns y has more at the bottom and on the right: less than the stride. Of a
    /// sequence, one number.
    /// </summary>
    public PerAxis OutputPadding { get; init; }

    /// <summary>How far apart the numbers of a kernel come to lie: 1 or more. Of a sequence, one number.</summary>
    public PerAxis Dilation { get; init; } = 1;

    /// <summary>Into how many groups channels and outputs are divided, each by itself.</summary>
    public int Groups { get; init; } = 1;
}
