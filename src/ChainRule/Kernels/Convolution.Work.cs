using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace ChainRule.Kernels;

readonly partial record struct Convolution
{
    // Windows are gathered in strips of this many numbers, or one row of windows: they stay in the second cache.
    const int StripLength = 1 << 17;

    static int StripRows(in Windows windows) => Math.Clamp(StripLength / (windows.Taps * windows.Columns), 1, windows.Rows);

    /// <summary>y = weights · windows + bias for a range of images, or y += weights · windows; b holds the weights [outputs, taps] and then the bias.</summary>
    readonly struct Correlate<T>(Windows windows, Placing placing, int outputs, bool relu, bool add) : IRowWork<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Run(int from, int to, ReadOnlySpan<T> images, ReadOnlySpan<T> b, Span<T> y)
        {
            int taps = windows.Taps, rows = windows.Rows, width = windows.Columns, strip = StripRows(windows), most = strip * width;
            int length = windows.Channels * placing.Height * placing.Width, places = rows * width;
            var weights = b[..(outputs * taps)];
            var bias = b[weights.Length..];
            T[] frame = ArrayPool<T>.Shared.Rent(windows.FrameLength<T>());
            T[] columns = ArrayPool<T>.Shared.Rent(windows.GatherLength<T>(strip));
            T[] part = ArrayPool<T>.Shared.Rent(outputs * most);
            frame.AsSpan(0, windows.FrameLength<T>()).Clear();
            for (int n = from; n < to; n++)
            {
                windows.Place(images.Slice(n * length, length), placing, frame);
                var image = y.Slice(n * outputs * places, outputs * places);
                for (int row = 0; row < rows; row += strip)
                {
                    int count = (Math.Min(rows, row + strip) - row) * width;
                    bool whole = count == places;
                    windows.Gather<T>(frame, row, row + count / width, columns);
                    var product = whole ? image : part.AsSpan(0, outputs * count);
                    Multiply(outputs, taps, count, weights, columns.AsSpan(0, taps * count), false, product, whole && add);
                    if (whole && add) continue;
                    for (int o = 0; o < outputs; o++)
                        Finish(product.Slice(o * count, count), bias.IsEmpty ? T.Zero : bias[o], image.Slice(o * places + row * width, count));
                }
            }
            ArrayPool<T>.Shared.Return(frame);
            ArrayPool<T>.Shared.Return(columns);
            ArrayPool<T>.Shared.Return(part);
        }

        void Finish(ReadOnlySpan<T> product, T bias, Span<T> y)
        {
            if (add) TensorPrimitives.Add(y, product, y);
            else TensorPrimitives.Add(product, bias, y);
            if (relu) TensorPrimitives.Max(y, T.Zero, y);
        }
    }

    /// <summary>dw[from..to] += dy · windowsᵀ over all images.</summary>
    readonly struct Weigh<T>(int images, Windows windows, Placing placing, int outputs) : IRowWork<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Run(int from, int to, ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> dw)
        {
            int taps = windows.Taps, rows = windows.Rows, width = windows.Columns, strip = StripRows(windows), most = strip * width, mine = to - from;
            int length = windows.Channels * placing.Height * placing.Width, places = rows * width;
            T[] frame = ArrayPool<T>.Shared.Rent(windows.FrameLength<T>());
            T[] columns = ArrayPool<T>.Shared.Rent(windows.GatherLength<T>(strip));
            T[] part = ArrayPool<T>.Shared.Rent(mine * most);
            T[] sums = ArrayPool<T>.Shared.Rent(mine * taps);
            frame.AsSpan(0, windows.FrameLength<T>()).Clear();
            // The right factor is read along its columns, which takes a copy: the smaller one is it, and the sums are dw or its transpose.
            bool turned = taps > outputs;
            var sum = sums.AsSpan(0, mine * taps);
            sum.Clear();
            for (int n = 0; n < images; n++)
            {
                windows.Place(x.Slice(n * length, length), placing, frame);
                var image = dy.Slice((n * outputs + from) * places, mine * places);
                for (int row = 0; row < rows; row += strip)
                {
                    int count = (Math.Min(rows, row + strip) - row) * width;
                    windows.Gather<T>(frame, row, row + count / width, columns);
                    for (int o = 0; o < mine && count < places; o++) image.Slice(o * places + row * width, count).CopyTo(part.AsSpan(o * count));
                    ReadOnlySpan<T> slope = count < places ? part.AsSpan(0, mine * count) : image, shown = columns.AsSpan(0, taps * count);
                    if (turned) Multiply(taps, count, mine, shown, slope, true, sum, true);
                    else Multiply(mine, count, taps, slope, shown, true, sum, true);
                }
            }
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
    }

    /// <summary>c = a op(b), or c += a op(b), on this thread, which is one of several already.</summary>
    static void Multiply<T>(int m, int k, int n, ReadOnlySpan<T> a, ReadOnlySpan<T> b, bool transposeB, Span<T> c, bool add)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated) Multiply<Width512<T>, Vector512<T>, T>(m, k, n, a, b, transposeB, c, add);
        else if (Vector256.IsHardwareAccelerated) Multiply<Width256<T>, Vector256<T>, T>(m, k, n, a, b, transposeB, c, add);
        else Multiply<Width128<T>, Vector128<T>, T>(m, k, n, a, b, transposeB, c, add);
    }

    static void Multiply<W, V, T>(int m, int k, int n, ReadOnlySpan<T> a, ReadOnlySpan<T> b, bool transposeB, Span<T> c, bool add)
        where W : struct, IWidth<V, T> where V : struct where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var product = new GemmRows<W, V, T>(k, n, strideA: k, transposeA: false, strideB: n, packed: transposeB, strideC: n, add);
        if (!transposeB)
        {
            product.Run(0, m, a, b, c);
            return;
        }

        int length = (n + W.Count - 1) / W.Count * W.Count * k;
        T[] panels = ArrayPool<T>.Shared.Rent(length);
        new GemmPanels(k, n, W.Count, stride: k, transposed: true).Pack(b, panels.AsSpan(0, length));
        product.Run(0, m, a, panels.AsSpan(0, length), c);
        ArrayPool<T>.Shared.Return(panels);
    }
}
