using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ChainRule.Kernels;

/// <summary>
/// Convolutions in float32 whose windows show few numbers, as those of a network's first layer do: nothing is gathered.
/// 2 × 2 windows by two vectors of outputs are held in registers. Each number is one chain of multiply-adds over the
/// taps in order: the same bits as by a product of gathered windows.
/// </summary>
static class FewChannels
{
    // Numbers of outputs that stay near.
    const int Near = 1 << 14;

    const long ThreadWorth = 1 << 19;

    /// <summary>Whether a convolution is one of these.</summary>
    public static bool Pays<T>(in Convolution c) where T : unmanaged =>
        typeof(T) == typeof(float) && Taps(c) <= GemmTile.Chain && 4 * c.Outputs >= 3 * Padded(c.Outputs)
        && c.Places >= 4;

    static int Taps(in Convolution c) => c.Channels * c.KernelHeight * c.KernelWidth;

    static bool IsWide => Vector512.IsHardwareAccelerated;

    static int Pair => 2 * (IsWide ? Wide<float>.Count : Plain<float>.Count);

    static int Padded(int outputs) => (outputs + Pair - 1) / Pair * Pair;

    /// <summary>y = convolution + bias.</summary>
    public static void Forward(in ConvolutionBlocks blocks, ReadOnlySpan<float> x, ReadOnlySpan<float> w,
        ReadOnlySpan<float> bias, Span<float> y)
    {
        var c = blocks.Convolution;
        int taps = Taps(c), width = Padded(c.Outputs), each = (taps + 1) * width;
        // [groups, taps and bias, outputs]
        float[] room = ArrayPool<float>.Shared.Rent(c.Groups * each);
        room.AsSpan(0, c.Groups * each).Clear();
        int[] places = ArrayPool<int>.Shared.Rent(taps);
        for (int g = 0; g < c.Groups; g++)
        {
            Moves.Transpose(c.Outputs, taps, w[(g * c.Outputs * taps)..], taps, room.AsSpan(g * each), width);
            if (!bias.IsEmpty)
                bias.Slice(g * c.Outputs, c.Outputs).CopyTo(room.AsSpan(g * each + taps * width));
        }
        var windows = Frame(blocks);
        for (int tap = 0; tap < taps; tap++)
        {
            int j = tap % c.KernelWidth, i = tap / c.KernelWidth % c.KernelHeight,
                channel = tap / c.KernelWidth / c.KernelHeight;
            places[tap] = (channel * windows.Height + i * c.Dilation.Y) * windows.Width + j * c.Dilation.X;
        }
        ForRows.Run(c.Images * c.Groups * blocks.Down, 1, 4L * blocks.Across * taps * c.Outputs, ThreadWorth,
            new Rows(blocks, windows, width, places, x, room, y));
        ArrayPool<float>.Shared.Return(room);
        ArrayPool<int>.Shared.Return(places);
    }

    /// <summary>An image in its frame, with what blocks at the edges see beyond it.</summary>
    static Windows Frame(in ConvolutionBlocks blocks)
    {
        var c = blocks.Convolution;
        int height = (2 * blocks.Down - 1) * c.Stride.Y + (c.KernelHeight - 1) * c.Dilation.Y + 1,
            width = (2 * blocks.Across - 1) * c.Stride.X + (c.KernelWidth - 1) * c.Dilation.X + 1;
        return new(c.Channels, Math.Max(height, c.Height + 2 * c.Padding.Y), Math.Max(width, c.Width + 2 * c.Padding.X),
            c.KernelHeight, c.KernelWidth, c.Stride, c.Dilation);
    }

    /// <summary>A range of rows of blocks, counted over all images and groups.</summary>
    readonly ref struct Rows(ConvolutionBlocks blocks, Windows windows, int width, int[] places, ReadOnlySpan<float> x,
        ReadOnlySpan<float> weights, Span<float> y) : IRowWork
    {
        readonly ReadOnlySpan<float> _x = x, _weights = weights;
        readonly Span<float> _y = y;
        readonly Convolution _c = blocks.Convolution;

        public void Run(int from, int to)
        {
            int down = blocks.Down, row = blocks.PerRow * width, strip = Math.Clamp(Near / Math.Max(1, row), 1, down),
                frameLength = windows.FrameLength<float>(), length = _c.Channels * _c.Height * _c.Width;
            float[] frame = ArrayPool<float>.Shared.Rent(frameLength), made = ArrayPool<float>.Shared.Rent(strip * row);
            frame.AsSpan(0, frameLength).Clear();
            for (int at = from, placed = -1, count; at < to; at += count)
            {
                int image = at / down;
                count = Math.Min(Math.Min(strip, to - at), down - at % down);
                if (image != placed)
                    windows.Place(_x.Slice(image * length, length),
                        new Placing(_c.Height, _c.Width, _c.Padding.Y, _c.Padding.X, (1, 1)), frame);
                placed = image;
                var some = _weights.Slice(image % _c.Groups * (Taps(_c) + 1) * width, (Taps(_c) + 1) * width);
                if (IsWide) Begin<Wide<float>>(frame, at % down, count, some, made);
                else Begin<Plain<float>>(frame, at % down, count, some, made);
                blocks.Move(image, at % down, count, 0, width, made, _y);
            }
            ArrayPool<float>.Shared.Return(frame);
            ArrayPool<float>.Shared.Return(made);
        }

        void Begin<V>(ReadOnlySpan<float> frame, int first, int count, ReadOnlySpan<float> weights, Span<float> made)
            where V : struct, IVector<V, float>
        {
            if (blocks.Pool) Make<CutOffAndPooled, V>(frame, first, count, weights, made);
            else if (blocks.Relu) Make<CutOff, V>(frame, first, count, weights, made);
            else Make<AsTheyAre, V>(frame, first, count, weights, made);
        }

        /// <summary>made[row, column, output] of some rows of blocks.</summary>
        [MethodImpl(Compiled.ForItself)]
        void Make<E, V>(ReadOnlySpan<float> frame, int first, int count, ReadOnlySpan<float> weights, Span<float> made)
            where E : struct, IEnding where V : struct, IVector<V, float>
        {
            int across = blocks.Across, taps = Taps(_c), right = _c.Stride.X, below = _c.Stride.Y * windows.Width,
                next = 2 * across * width, step = blocks.Step(width);
            _ = (weights[(taps + 1) * width - 1], made[count * blocks.PerRow * width - 1]);
            ref int place = ref MemoryMarshal.GetArrayDataReference(places);
            for (int row = 0; row < count; row++)
            {
                ref float y = ref Unsafe.Add(ref MemoryMarshal.GetReference(made), (nint)row * blocks.PerRow * width);
                ref float x = ref Unsafe.Add(ref MemoryMarshal.GetReference(frame), (nint)2 * (first + row) * below);
                for (int column = 0; column < across; column++)
                {
                    for (int o = 0; o < width; o += 2 * V.Count)
                    {
                        V a0 = default, a1 = default, b0 = default, b1 = default, d0 = default, d1 = default,
                            e0 = default, e1 = default;
                        ref float w = ref Unsafe.Add(ref MemoryMarshal.GetReference(weights), o);
                        for (int tap = 0; tap < taps; tap++)
                        {
                            V w0 = V.Load(ref w, 0), w1 = V.Load(ref w, V.Count);
                            ref float seen = ref Unsafe.Add(ref x, (nint)Unsafe.Add(ref place, tap));
                            V one = V.All(seen);
                            a0 = V.MultiplyAdd(one, w0, a0);
                            a1 = V.MultiplyAdd(one, w1, a1);
                            one = V.All(Unsafe.Add(ref seen, right));
                            b0 = V.MultiplyAdd(one, w0, b0);
                            b1 = V.MultiplyAdd(one, w1, b1);
                            one = V.All(Unsafe.Add(ref seen, below));
                            d0 = V.MultiplyAdd(one, w0, d0);
                            d1 = V.MultiplyAdd(one, w1, d1);
                            one = V.All(Unsafe.Add(ref seen, below + right));
                            e0 = V.MultiplyAdd(one, w0, e0);
                            e1 = V.MultiplyAdd(one, w1, e1);
                            w = ref Unsafe.Add(ref w, width);
                        }
                        ref float to = ref Unsafe.Add(ref y, o);
                        ConvolutionBlocks.Store<E, V>(a0, b0, d0, e0, V.Load(ref w, 0), ref to, width, next);
                        to = ref Unsafe.Add(ref to, V.Count);
                        ConvolutionBlocks.Store<E, V>(a1, b1, d1, e1, V.Load(ref w, V.Count), ref to, width, next);
                    }
                    x = ref Unsafe.Add(ref x, 2 * right);
                    y = ref Unsafe.Add(ref y, step);
                }
            }
        }
    }
}
