using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;

namespace ChainRule.Kernels;

readonly partial record struct Convolution
{
    // The products of this many strips of windows are added up in order; more than these by a binary tree.
    const int BranchStrips = 16;

    /// <summary>dw[from..to] += dy · windowsᵀ of one group over a range of images.</summary>
    void Weigh<T>(int group, int image0, int image1, int from, int to, ReadOnlySpan<T> x, ReadOnlySpan<T> dy,
        Span<T> dw) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Windows windows = Windows;
        int taps = windows.Taps, strip = StripRows(windows), mine = to - from,
            strips = (windows.Rows + strip - 1) / strip;
        T[] frame = ArrayPool<T>.Shared.Rent(windows.FrameLength<T>());
        T[] columns = ArrayPool<T>.Shared.Rent(windows.GatherLength<T>(strip));
        T[] part = ArrayPool<T>.Shared.Rent(mine * strip * windows.Columns);
        T[] sums = ArrayPool<T>.Shared.Rent(mine * taps);
        frame.AsSpan(0, windows.FrameLength<T>()).Clear();
        // The right factor is read along its columns, which takes a copy: the smaller one is it, and the sums
        // are dw or its transpose.
        bool turned = taps > Outputs;
        var sum = sums.AsSpan(0, mine * taps);
        new Weighing<T>(this, group, from, to, turned, x, dy, frame, columns, part).Tree(image0 * strips,
            image1 * strips, sum);
        for (int o = 0; o < mine; o++)
        {
            var row = dw.Slice((from + o) * taps, taps);
            if (turned) for (int t = 0; t < taps; t++) row[t] += sum[t * mine + o];
            else TensorPrimitives.Add(row, sum.Slice(o * taps, taps), row);
        }
        ArrayPool<T>.Shared.Return(frame);
        ArrayPool<T>.Shared.Return(columns);
        ArrayPool<T>.Shared.Return(part);
        ArrayPool<T>.Shared.Return(sums);
    }

    /// <summary>What strips of windows, counted over all images, add to the gradients of a range of outputs.</summary>
    readonly ref struct Weighing<T>(
        Convolution s, int group, int from, int to, bool turned, ReadOnlySpan<T> x, ReadOnlySpan<T> dy, T[] frame,
        T[] columns, T[] part)
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
            for (int at = first; at < end; at++) Strip(at, begins: at == first, sum);
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
            windows.Gather<T>(frame, row, row + count / width, columns);
            for (int o = 0; o < mine && count < places; o++)
                image.Slice(o * places + row * width, count).CopyTo(part.AsSpan(o * count));
            ReadOnlySpan<T> gradient = count < places ? part.AsSpan(0, mine * count) : image,
                shown = columns.AsSpan(0, taps * count);
            if (turned) Gemm.Multiply(taps, count, mine, shown, false, gradient, true, sum, add: !begins);
            else Gemm.Multiply(mine, count, taps, gradient, false, shown, true, sum, add: !begins);
        }
    }
}
