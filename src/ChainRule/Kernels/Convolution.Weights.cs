using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;

namespace ChainRule.Kernels;

readonly partial record struct Convolution
{
    // The products of this many strips of windows are added up in order; more than these by a binary tree.
    const int BranchStrips = 16;

    // Measured: a row of the kernel must show as many numbers at least to be worth a product of its own.
    const int FewShown = 16;

    /// <summary>dw[from..to] += dy · windowsᵀ of one group over a range of images.</summary>
    void Weigh<T>(int group, int image0, int image1, int from, int to, ReadOnlySpan<T> x, ReadOnlySpan<T> dy,
        Span<T> dw) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Windows windows = Windows;
        bool inPlace = Dilation.X == 1 && KernelWidth * Channels >= FewShown;
        int taps = windows.Taps, strip = inPlace ? windows.Rows : StripRows(windows), mine = to - from,
            strips = (windows.Rows + strip - 1) / strip;
        T[] frame = ArrayPool<T>.Shared.Rent(windows.FrameLength<T>());
        T[] shown = ArrayPool<T>.Shared.Rent(inPlace ? windows.FrameLength<T>() : windows.GatherLength<T>(strip));
        T[] part = ArrayPool<T>.Shared.Rent(inPlace ? 0 : mine * strip * windows.Columns);
        int[] steps = ArrayPool<int>.Shared.Rent(inPlace ? Places : 0);
        T[] sums = ArrayPool<T>.Shared.Rent(mine * taps);
        frame.AsSpan(0, windows.FrameLength<T>()).Clear();
        if (inPlace) windows.StepsOfPlaces(Channels, steps);
        // The right factor is read along its columns, which takes a copy: the smaller one is it, and the sums
        // are dw or its transpose.
        bool turned = taps > Outputs;
        var sum = sums.AsSpan(0, mine * taps);
        new Weighing<T>(this, group, from, to, inPlace ? steps : null, turned, x, dy, frame, shown,
            part).Tree(image0 * strips, image1 * strips, sum);
        for (int o = 0; o < mine; o++)
        {
            var row = dw.Slice((from + o) * taps, taps);
            if (inPlace) AddInOrder(sum, o, mine, row);
            else if (turned) for (int t = 0; t < taps; t++) row[t] += sum[t * mine + o];
            else TensorPrimitives.Add(row, sum.Slice(o * taps, taps), row);
        }
        ArrayPool<T>.Shared.Return(frame);
        ArrayPool<T>.Shared.Return(shown);
        ArrayPool<T>.Shared.Return(part);
        ArrayPool<T>.Shared.Return(sums);
        ArrayPool<int>.Shared.Return(steps);
    }

    /// <summary>dw[channel, i, j] += sum[i, output, j, channel] of an output.</summary>
    void AddInOrder<T>(ReadOnlySpan<T> sum, int output, int outputs, Span<T> dw) where T : unmanaged, INumber<T>
    {
        for (int i = 0; i < KernelHeight; i++)
        {
            int at = (i * outputs + output) * KernelWidth * Channels;
            for (int j = 0; j < KernelWidth; j++)
                for (int c = 0; c < Channels; c++, at++)
                    dw[(c * KernelHeight + i) * KernelWidth + j] += sum[at];
        }
    }

    /// <summary>What strips of windows, counted over all images, add to the gradients of a range of outputs.</summary>
    readonly ref struct Weighing<T>(
        Convolution s, int group, int from, int to, int[]? steps, bool turned, ReadOnlySpan<T> x, ReadOnlySpan<T> dy,
        T[] frame, T[] shown, T[] part)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        readonly ReadOnlySpan<T> _x = x, _dy = dy;

        /// <summary>sum = Σ over a range of strips.</summary>
        public void Tree(int first, int end, Span<T> sum)
        {
            if (end - first > BranchStrips)
            {
                int middle = first + (BranchStrips << BitOperations.Log2((uint)(end - first - 1) / BranchStrips));
                Tree(first, middle, sum);
                T[] right = ArrayPool<T>.Shared.Rent(sum.Length);
                Tree(middle, end, right.AsSpan(0, sum.Length));
                TensorPrimitives.Add(sum, right.AsSpan(0, sum.Length), sum);
                ArrayPool<T>.Shared.Return(right);
                return;
            }
            for (int at = first; at < end; at++)
            {
                if (steps is not null) Image(at, begins: at == first, sum);
                else Strip(at, begins: at == first, sum);
            }
        }

        /// <summary>
        /// A whole image with its channels last, [row, column, channel]: what a row of the kernel shows lies side by
        /// side, and is a row of the right factor, which overlaps with the next one. So nothing is gathered.
        /// </summary>
        void Image(int image, bool begins, Span<T> sum)
        {
            Windows windows = s.Windows;
            int mine = to - from, n = image * s.Groups + group, length = s.Channels * s.Height * s.Width,
                area = windows.Height * windows.Width, shows = s.KernelWidth * s.Channels;
            windows.Place(_x.Slice(n * length, length), s.Placing, frame);
            Moves.Transpose(s.Channels, area, frame.AsSpan(0, s.Channels * area), area, shown, s.Channels);
            for (int i = 0; i < s.KernelHeight; i++)
            {
                Gemm.Multiply(mine, s.Places, shows,
                    new(_dy.Slice((n * s.Outputs + from) * s.Places, mine * s.Places), s.Places),
                    new(shown.AsSpan(i * s.Dilation.Y * windows.Width * s.Channels), shows) { Steps = steps },
                    sum.Slice(i * mine * shows, mine * shows), shows, add: !begins);
            }
        }

        void Strip(int at, bool begins, Span<T> sum)
        {
            Windows windows = s.Windows;
            int taps = windows.Taps, width = windows.Columns, height = StripRows(windows),
                strips = (windows.Rows + height - 1) / height, mine = to - from;
            int n = at / strips * s.Groups + group, row = at % strips * height,
                length = s.Channels * s.Height * s.Width, places = windows.Rows * width;
            if (begins || row == 0) windows.Place(_x.Slice(n * length, length), s.Placing, frame);
            var image = _dy.Slice((n * s.Outputs + from) * places, mine * places);
            int count = (Math.Min(windows.Rows, row + height) - row) * width;
            windows.Gather<T>(frame, row, row + count / width, shown);
            for (int o = 0; o < mine && count < places; o++)
                image.Slice(o * places + row * width, count).CopyTo(part.AsSpan(o * count));
            ReadOnlySpan<T> gradient = count < places ? part.AsSpan(0, mine * count) : image,
                windowsShown = shown.AsSpan(0, taps * count);
            if (turned) Gemm.Multiply(taps, count, mine, windowsShown, false, gradient, true, sum, add: !begins);
            else Gemm.Multiply(mine, count, taps, gradient, false, windowsShown, true, sum, add: !begins);
        }
    }
}
