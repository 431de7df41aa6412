using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ChainRule.Kernels;

/// <summary>
/// The windows of a kernel that slides over an image [channels, height, width] in its frame: what lies around
/// the image, and between its numbers where it is placed with a step, is zero. Numbers of the frame that a
/// window shows at once stand in one column of a matrix, one row for each place of the kernel, so that a
/// convolution is a matrix product.
/// </summary>
readonly record struct Windows(int Channels, int Height, int Width, int KernelHeight, int KernelWidth,
    (int Y, int X) Stride, (int Y, int X) Dilation)
{
    /// <summary>How many windows fit below one another.</summary>
    public int Rows => (Height - Dilation.Y * (KernelHeight - 1) - 1) / Stride.Y + 1;

    /// <summary>How many windows fit side by side.</summary>
    public int Columns => (Width - Dilation.X * (KernelWidth - 1) - 1) / Stride.X + 1;

    /// <summary>How many numbers one window shows.</summary>
    public int Taps => Channels * KernelHeight * KernelWidth;

    /// <summary>
    /// Whether windows stand in the frame as in a matrix that need not be gathered: they move by one, and there is more
    /// than one.
    /// </summary>
    public bool InPlace => Stride == (1, 1) && Rows * Columns > 1;

    /// <summary>How much room a frame needs: vectors are read beyond its end.</summary>
    public int FrameLength<T>() => Channels * Height * Width + Vector<T>.Count;

    /// <summary>
    /// How much room <see cref="Gather"/> needs for some rows of windows: vectors are written beyond their end.
    /// </summary>
    public int GatherLength<T>(int rows) => Taps * rows * Columns + Vector<T>.Count;

    /// <summary>
    /// Places an image in its frame, whose zeros are there already: number (y, x) comes to (top + y · step,
    /// left + x · step), with a step for each axis, and what would come to lie outside is left out.
    /// </summary>
    public void Place<T>(ReadOnlySpan<T> image, in Placing placing, Span<T> frame) where T : unmanaged
    {
        var (height, width, top, left, step) = placing;
        int x0 = left >= 0 ? 0 : (step.X - 1 - left) / step.X;
        int x1 = Math.Min(width, (Width - 1 - left + step.X) / step.X);
        if (x1 <= x0) return;
        for (int c = 0; c < Channels; c++)
        {
            for (int y = 0; y < height; y++)
            {
                int row = top + y * step.Y;
                if (row < 0 || row >= Height) continue;
                var from = image.Slice((c * height + y) * width + x0, x1 - x0);
                var to = frame[((c * Height + row) * Width + left + x0 * step.X)..];
                if (step.X == 1) from.CopyTo(to);
                else for (int x = 0; x < from.Length; x++) to[x * step.X] = from[x];
            }
        }
    }

    /// <summary>
    /// How far each tap's numbers lie behind those of the one before, in a frame: windows that follow one another lie
    /// so in it too, if they move by one, and after the last of a row come as many that are none as the frame is wider.
    /// </summary>
    public void Steps(Span<int> steps)
    {
        int at = 0, before = 0;
        for (int c = 0; c < Channels; c++)
        {
            for (int i = 0; i < KernelHeight; i++)
            {
                for (int j = 0; j < KernelWidth; j++, at++)
                {
                    int here = (c * Height + i * Dilation.Y) * Width + j * Dilation.X;
                    if (at > 0) steps[at - 1] = here - before;
                    before = here;
                }
            }
        }
        steps[at - 1] = 0;
    }

    /// <summary>
    /// How far each window begins behind the one before, in a frame of as many numbers at each place.
    /// </summary>
    public void StepsOfPlaces(int numbers, Span<int> steps)
    {
        int columns = Columns, down = Stride.Y * Width - (columns - 1) * Stride.X;
        for (int at = 0; at < Rows * columns; at++)
            steps[at] = numbers * ((at + 1) % columns == 0 ? down : Stride.X);
    }

    /// <summary>
    /// columns[tap, window] for the rows of windows named: the numbers of one tap lie side by side, and mostly did
    /// so in the frame.
    /// </summary>
    public void Gather<T>(ReadOnlySpan<T> frame, int from, int to, Span<T> columns) where T : unmanaged
    {
        ref T source = ref MemoryMarshal.GetReference(frame), target = ref MemoryMarshal.GetReference(columns);
        int run = Columns;
        for (int c = 0; c < Channels; c++)
        {
            for (int i = 0; i < KernelHeight; i++)
            {
                for (int j = 0; j < KernelWidth; j++)
                {
                    ref T row = ref Unsafe.Add(ref source,
                        (nint)((c * Height + from * Stride.Y + i * Dilation.Y) * Width + j * Dilation.X));
                    for (int y = from; y < to; y++)
                    {
                        // The lanes beyond a run are overwritten by the next one, and those beyond the last have room.
                        if (Stride.X == 1)
                        {
                            for (nuint x = 0; x < (nuint)run; x += (nuint)Vector<T>.Count)
                                Vector.LoadUnsafe(ref row, x).StoreUnsafe(ref target, x);
                        }
                        else
                        {
                            for (nint x = 0; x < run; x++)
                                Unsafe.Add(ref target, x) = Unsafe.Add(ref row, x * Stride.X);
                        }
                        row = ref Unsafe.Add(ref row, (nint)(Stride.Y * Width));
                        target = ref Unsafe.Add(ref target, run);
                    }
                }
            }
        }
    }
}

/// <summary>
/// Where an image of a size lies in its frame; the numbers of a row, and the rows, come to lie a step apart.
/// </summary>
readonly record struct Placing(int Height, int Width, int Top, int Left, (int Y, int X) Step);
