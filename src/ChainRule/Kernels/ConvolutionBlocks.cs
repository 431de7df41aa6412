using System.Runtime.CompilerServices;

namespace ChainRule.Kernels;

/// <summary>
/// Where the outputs of a convolution go that are made in blocks of 2 × 2 with outputs side by side,
/// [row, column, output]: the bias is added, what is below 0 cut off, and the largest of each block taken, while they
/// are in registers.
/// </summary>
readonly struct ConvolutionBlocks
{
    public ConvolutionBlocks(in Convolution convolution, bool relu, bool pool)
    {
        (Convolution, Relu, Pool) = (convolution, relu, pool);
        (Rows, Columns) = (convolution.Rows, convolution.Columns);
        // Where the largest is taken, whole blocks alone.
        (Down, Across) = pool ? (Rows / 2, Columns / 2) : ((Rows + 1) / 2, (Columns + 1) / 2);
        if (pool) (Rows, Columns) = (Down, Across);
    }

    public Convolution Convolution { get; }

    /// <summary>Whether numbers are max(y, 0).</summary>
    public bool Relu { get; }

    /// <summary>Whether the largest of each block is taken.</summary>
    public bool Pool { get; }

    /// <summary>How many blocks stand below one another.</summary>
    public int Down { get; }

    /// <summary>How many stand side by side.</summary>
    public int Across { get; }

    /// <summary>How many rows of y there are.</summary>
    public int Rows { get; }

    /// <summary>How many columns of y there are.</summary>
    public int Columns { get; }

    /// <summary>How many numbers of an output come of a row of blocks.</summary>
    public int PerRow => Pool ? Across : 4 * Across;

    /// <summary>Stores a block, or its largest; NaN is larger than all.</summary>
    /// <param name="a">Above left; b stands above right, d and e below.</param>
    /// <param name="y">Its first place.</param>
    /// <param name="width">How far the next column lies, and below the next row.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<E, V>(V a, V b, V d, V e, V bias, ref float y, nint width, nint below)
        where E : struct, IEnding where V : struct, IVector<V, float>
    {
        if (E.Pool)
        {
            // The largest plus bias is the largest of what the bias was added to.
            Cut<E, V>(V.Maximum(V.Maximum(a, b), V.Maximum(d, e)) + bias).Store(ref y, 0);
            return;
        }
        Cut<E, V>(a + bias).Store(ref y, 0);
        Cut<E, V>(b + bias).Store(ref y, width);
        Cut<E, V>(d + bias).Store(ref y, below);
        Cut<E, V>(e + bias).Store(ref y, below + width);
    }

    // In this order NaN stays.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V Cut<E, V>(V y) where E : struct, IEnding where V : struct, IVector<V, float> =>
        E.Relu ? V.Max(V.Of(0), y) : y;

    /// <summary>How far a block lies behind the one before.</summary>
    public int Step(int width) => Pool ? width : 2 * width;

    /// <summary>Moves some rows of blocks of an image, and some outputs, to where planes of outputs stand.</summary>
    public void Move(int image, int row, int count, int from, int width, ReadOnlySpan<float> made, Span<float> y)
    {
        int each = Pool ? 1 : 2, first = each * row, rows = Math.Min(each * count, Rows - first), pitch = each * Across,
            columns = Columns, places = Rows * columns, outputs = Math.Min(width, Convolution.Outputs - from);
        var to = y[((image * Convolution.Outputs + from) * places + first * columns)..];
        if (pitch == columns)
        {
            Moves.Transpose(rows * columns, outputs, made, width, to, places);
            return;
        }
        for (int r = 0; r < rows; r++)
            Moves.Transpose(columns, outputs, made[(r * pitch * width)..], width, to[(r * columns)..], places);
    }
}

/// <summary>What becomes of the outputs: a type, so that each loop is compiled for its own alone.</summary>
interface IEnding
{
    /// <summary>Whether they are max(y, 0).</summary>
    static abstract bool Relu { get; }

    /// <summary>Whether the largest of each block is taken.</summary>
    static abstract bool Pool { get; }
}

readonly struct AsTheyAre : IEnding
{
    public static bool Relu => false;

    public static bool Pool => false;
}

readonly struct CutOff : IEnding
{
    public static bool Relu => true;

    public static bool Pool => false;
}

readonly struct CutOffAndPooled : IEnding
{
    public static bool Relu => true;

    public static bool Pool => true;
}
