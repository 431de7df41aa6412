using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ChainRule.Kernels;

readonly partial record struct Convolution
{
    // Windows are gathered in strips of this many numbers, or one row of windows: they stay in the second cache.
    const int StripLength = 1 << 17;

    static int StripRows(in Windows windows) =>
        Math.Clamp(StripLength / (windows.Taps * windows.Columns), 1, windows.Rows);

    /// <summary>
    /// y = weights · windows + bias for a range of images and groups, or y += weights · windows; weights
    /// [groups, outputs, taps].
    /// </summary>
    readonly ref struct Correlate<T>(Windows windows, Placing placing, int groups, int outputs,
        ReadOnlySpan<T> images, ReadOnlySpan<T> weights, ReadOnlySpan<T> bias, bool relu, Span<T> y, bool add)
        : IRowWork
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        readonly ReadOnlySpan<T> _images = images, _weights = weights, _bias = bias;
        readonly Span<T> _y = y;

        public void Run(int from, int to)
        {
            // What is gathered has a row for each tap; what is not, its product is moved, a row for each output.
            if (windows.InPlace && windows.Taps > outputs) RunInPlace(from, to);
            else RunGathered(from, to);
        }

        /// <summary>Rows of the right factor are the frame itself, from each tap on: nothing is gathered.</summary>
        void RunInPlace(int from, int to)
        {
            int taps = windows.Taps, rows = windows.Rows, width = windows.Columns, pitch = windows.Width,
                strip = Math.Clamp(StripLength / (outputs * pitch), 1, rows);
            int length = windows.Channels * placing.Height * placing.Width, places = rows * width;
            T[] frame = ArrayPool<T>.Shared.Rent(windows.FrameLength<T>());
            T[] part = ArrayPool<T>.Shared.Rent(outputs * strip * pitch);
            int[] steps = ArrayPool<int>.Shared.Rent(taps);
            windows.Steps(steps);
            frame.AsSpan(0, windows.FrameLength<T>()).Clear();
            for (int n = from; n < to; n++)
            {
                windows.Place(_images.Slice(n * length, length), placing, frame);
                var image = _y.Slice(n * outputs * places, outputs * places);
                int first = n % groups * outputs;
                var weights = _weights.Slice(first * taps, outputs * taps);
                for (int row = 0; row < rows; row += strip)
                {
                    int count = Math.Min(rows - row, strip), reach = (count - 1) * pitch + width;
                    Gemm.Multiply(outputs, taps, reach, new(weights, taps),
                        new(frame.AsSpan(row * pitch), pitch) { Steps = steps }, part, reach, add: false);
                    for (int o = 0; o < outputs; o++)
                        Finish(part.AsSpan(o * reach, reach), width, pitch, _bias.IsEmpty ? T.Zero : _bias[first + o],
                            image.Slice(o * places + row * width, count * width));
                }
            }
            ArrayPool<T>.Shared.Return(frame);
            ArrayPool<T>.Shared.Return(part);
            ArrayPool<int>.Shared.Return(steps);
        }

        void RunGathered(int from, int to)
        {
            int taps = windows.Taps, rows = windows.Rows, width = windows.Columns, strip = StripRows(windows),
                most = strip * width;
            int length = windows.Channels * placing.Height * placing.Width, places = rows * width;
            T[] frame = ArrayPool<T>.Shared.Rent(windows.FrameLength<T>());
            T[] columns = ArrayPool<T>.Shared.Rent(windows.GatherLength<T>(strip));
            T[] part = ArrayPool<T>.Shared.Rent(outputs * most);
            frame.AsSpan(0, windows.FrameLength<T>()).Clear();
            for (int n = from; n < to; n++)
            {
                windows.Place(_images.Slice(n * length, length), placing, frame);
                var image = _y.Slice(n * outputs * places, outputs * places);
                int first = n % groups * outputs;
                var weights = _weights.Slice(first * taps, outputs * taps);
                for (int row = 0; row < rows; row += strip)
                {
                    int count = (Math.Min(rows, row + strip) - row) * width;
                    bool whole = count == places;
                    windows.Gather<T>(frame, row, row + count / width, columns);
                    var product = whole ? image : part.AsSpan(0, outputs * count);
                    Gemm.Multiply<T>(outputs, taps, count, weights, false, columns.AsSpan(0, taps * count), false,
                        product, whole && add);
                    if (whole && add) continue;
                    for (int o = 0; o < outputs; o++)
                        Finish(product.Slice(o * count, count), _bias.IsEmpty ? T.Zero : _bias[first + o],
                            image.Slice(o * places + row * width, count));
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

        /// <summary>The same, where the rows of the product lie farther apart than those of y.</summary>
        void Finish(ReadOnlySpan<T> product, int width, int pitch, T bias, Span<T> y)
        {
            Vector<T> shift = new(bias);
            ref T from = ref MemoryMarshal.GetReference(product);
            for (int to = 0; to < y.Length; to += width, from = ref Unsafe.Add(ref from, pitch))
            {
                ref T row = ref y[to];
                int i = 0;
                for (; i <= width - Vector<T>.Count; i += Vector<T>.Count)
                {
                    var sum = Vector.LoadUnsafe(ref from, (nuint)i)
                        + (add ? Vector.LoadUnsafe(ref row, (nuint)i) : shift);
                    (relu ? Vector.Max(sum, Vector<T>.Zero) : sum).StoreUnsafe(ref row, (nuint)i);
                }
                for (; i < width; i++)
                {
                    T sum = Unsafe.Add(ref from, i) + (add ? Unsafe.Add(ref row, i) : bias);
                    Unsafe.Add(ref row, i) = relu ? T.Max(sum, T.Zero) : sum;
                }
            }
        }
    }

    /// <summary>The sums of a range of parts of the images: sums[part] += dy · windowsᵀ.</summary>
    readonly ref struct WeighImages<T>(Convolution s, int group, int parts, ReadOnlySpan<T> x, ReadOnlySpan<T> dy,
        Span<T> sums) : IRowWork
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        readonly ReadOnlySpan<T> _x = x, _dy = dy;
        readonly Span<T> _sums = sums;

        public void Run(int from, int to)
        {
            int length = _sums.Length / parts;
            for (int p = from; p < to; p++)
                s.Weigh(group, First(p), First(p + 1), 0, s.Outputs, _x, _dy, _sums.Slice(p * length, length));
        }

        int First(int part) => (int)((long)part * s.Images / parts);
    }

    /// <summary>A range of outputs: dw += dy · windowsᵀ over all images.</summary>
    readonly ref struct WeighOutputs<T>(Convolution s, int group, ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> dw)
        : IRowWork
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        readonly ReadOnlySpan<T> _x = x, _dy = dy;
        readonly Span<T> _dw = dw;

        public void Run(int from, int to) => s.Weigh(group, 0, s.Images, from, to, _x, _dy, _dw);
    }

    /// <summary>turned[g, c, o] = w[g, o, c], back to front, for a range of channels over all groups.</summary>
    readonly ref struct Turn<T>(Convolution s, ReadOnlySpan<T> w, Span<T> turned) : IRowWork
    {
        readonly ReadOnlySpan<T> _w = w;
        readonly Span<T> _turned = turned;

        public void Run(int from, int to)
        {
            int taps = s.KernelHeight * s.KernelWidth;
            for (int c = from; c < to; c++)
            {
                for (int o = 0; o < s.Outputs; o++)
                {
                    var turned = _turned.Slice((c * s.Outputs + o) * taps, taps);
                    _w.Slice(((c / s.Channels * s.Outputs + o) * s.Channels + c % s.Channels) * taps, taps)
                        .CopyTo(turned);
                    turned.Reverse();
                }
            }
        }
    }

    /// <summary>db += Σ dy for a range of outputs.</summary>
    readonly ref struct AddPlanes<T>(Convolution s, ReadOnlySpan<T> dy, Span<T> db) : IRowWork
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        readonly ReadOnlySpan<T> _dy = dy;
        readonly Span<T> _db = db;

        public void Run(int from, int to)
        {
            double[] room = ArrayPool<double>.Shared.Rent(Chains.Room(Chains.Strands,
                (long)s.Images * (s.Places / Chains.Strands + 1)));
            for (int o = from; o < to; o++)
            {
                var chains = new Chains(room, Chains.Strands);
                for (int n = 0; n < s.Images; n++)
                    chains.AddRow(Kernels.Rows.Numbers<T>(_dy.Slice((n * s.Groups * s.Outputs + o) * s.Places,
                        s.Places)), s.Places);
                _db[o] += T.CreateTruncating(chains.Row());
            }
            ArrayPool<double>.Shared.Return(room);
        }
    }
}
