using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ChainRule.Kernels;

/// <summary>
/// Convolutions of 3 × 3 in float32 with fewer multiplications, F(2 × 2, 3 × 3): of every tile of 2 × 2 outputs
/// Y = Aᵀ [(G w Gᵀ) ⊙ (Bᵀ x B)] A, where x are the 4 × 4 numbers that it sees. A tile and a channel take 16
/// multiplications in the place of 36, and these are 16 matrix products [tiles, channels] · [channels, outputs]. What
/// is added and in which order depends on no other tile, on no thread and on no vector's width.
/// </summary>
/// <remarks>
/// Winograd, 1980; Lavin and Gray, 2016. Numbers are added before they are multiplied: the error is up to twice
/// that of the direct way, measured, and as large for every number of a tile; infinity makes NaN of its tiles.
/// </remarks>
static partial class Winograd
{
    // Of a tile; outputs that are computed at once; what is padded so that vectors end there, and so that planes begin
    // in different lines of the cache.
    const int Points = 16, BlockOutputs = 64, Pad = 16;

    // Numbers of transformed input that stay near, and tiles that are worth a thread's while.
    const int Near = 1 << 16, GrainTiles = 24;

    const long ThreadWorth = 1 << 19;

    /// <summary>How many channels and outputs make the transforms worth while.</summary>
    const int FewestChannels = 16;

    /// <summary>Whether it is one of these, and the products that are saved pay for the transforms.</summary>
    public static bool Pays<T>(in Convolution c) where T : unmanaged =>
        typeof(T) == typeof(float) && c is { KernelHeight: 3, KernelWidth: 3, Stride: (1, 1), Dilation: (1, 1) }
        && c.Padding is { Y: >= 0, X: >= 0 } && c.Channels >= FewestChannels && c.Outputs >= FewestChannels
        && 4L * Points * ((c.Rows + 1) / 2) * ((c.Columns + 1) / 2) <= 3L * 9 * c.Places;

    static int Padded(int count) => (count + Pad - 1) / Pad * Pad;

    /// <summary>How many outputs stand in a block from one on, with what fills vectors up.</summary>
    static int Width(int from, int outputs) => Math.Min(BlockOutputs, Padded(outputs) - from);

    static int Plane(int rows, int width) => rows * width + Pad;

    static int GroupLength(in Convolution c)
    {
        int length = 0;
        for (int o = 0; o < c.Outputs; o += BlockOutputs)
            length += Points * Plane(c.Channels, Width(o, c.Outputs));
        return length;
    }

    /// <summary>How many numbers the transformed weights are.</summary>
    public static int Length(in Convolution c) => c.Groups * GroupLength(c);

    /// <summary>
    /// u = G w Gᵀ of all kernels: [groups, blocks of outputs, point, channel, output].
    /// </summary>
    public static void Transform(in Convolution c, ReadOnlySpan<float> w, Span<float> u) =>
        ForRows.Run(c.Groups * c.Channels, 1, 32L * c.Outputs, ForRows.Numbers, new Weights(c, w, u));

    /// <summary>y = convolution + bias by transformed weights.</summary>
    public static void Forward(in ConvolutionBlocks blocks, ReadOnlySpan<float> x, ReadOnlySpan<float> u,
        ReadOnlySpan<float> bias, Span<float> y)
    {
        var c = blocks.Convolution;
        int across = Math.Max(1, blocks.Across);
        ForRows.Run(c.Images * c.Groups * blocks.Down, (GrainTiles + across - 1) / across,
            (long)across * Points * c.Channels * c.Outputs, ThreadWorth, new Tiles(blocks, x, u, bias, y));
    }

    static bool IsWide => Vector512.IsHardwareAccelerated;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store<V>((V A, V B, V C, V D) row, ref float to, nint at, nint plane)
        where V : struct, IVector<V, float>
    {
        row.A.Store(ref to, at);
        row.B.Store(ref to, at + plane);
        row.C.Store(ref to, at + 2 * plane);
        row.D.Store(ref to, at + 3 * plane);
    }

    /// <summary>A range of rows of tiles, counted over all images and groups.</summary>
    readonly ref struct Tiles(ConvolutionBlocks blocks, ReadOnlySpan<float> x, ReadOnlySpan<float> u,
        ReadOnlySpan<float> bias, Span<float> y) : IRowWork
    {
        readonly ReadOnlySpan<float> _x = x, _u = u, _bias = bias;
        readonly Span<float> _y = y;
        readonly Convolution _c = blocks.Convolution;

        public void Run(int from, int to)
        {
            int down = blocks.Down, across = blocks.Across, channels = Padded(_c.Channels),
                strip = Math.Max(1, Near / (Points * channels * across));
            // Whole images, where one fits.
            if (strip > down) strip -= strip % down;
            strip = Math.Min(strip, to - from);
            int most = Math.Min(strip, down), room = (2 * most + 2) * (2 * across + 2) * channels;
            float[] lines = ArrayPool<float>.Shared.Rent((2 * most + 2) * _c.Width * channels),
                frame = ArrayPool<float>.Shared.Rent(room),
                seen = ArrayPool<float>.Shared.Rent(Points * Plane(strip * across, channels)),
                products = ArrayPool<float>.Shared.Rent(Points * Plane(strip * across, BlockOutputs)),
                made = ArrayPool<float>.Shared.Rent(most * blocks.PerRow * BlockOutputs);
            frame.AsSpan(0, room).Clear();
            if (channels > _c.Channels) lines.AsSpan().Clear();
            for (int row = from; row < to;)
            {
                int end = Math.Min(to, row + strip), first = row;
                // All of one group: they share weights.
                if (_c.Groups > 1) end = Math.Min(end, (row / down + 1) * down);
                int tiles = (end - row) * across, plane = Plane(tiles, channels);
                for (int count; row < end; row += count)
                {
                    count = Math.Min(end - row, down - row % down);
                    Place(row / down, row % down, count, lines, frame);
                    var some = seen.AsSpan((row - first) * across * channels);
                    if (IsWide) See<Wide<float>>(frame, count, some, plane);
                    else See<Plain<float>>(frame, count, some, plane);
                }
                int group = first / down % _c.Groups, begin = group * GroupLength(_c);
                for (int o = 0; o < _c.Outputs; o += BlockOutputs)
                {
                    int width = Width(o, _c.Outputs), weights = Plane(_c.Channels, width), sums = Plane(tiles, width);
                    for (int point = 0; point < Points; point++, begin += weights)
                        Gemm.Multiply(tiles, _c.Channels, width,
                            new Factor<float>(seen.AsSpan(point * plane, tiles * channels), channels),
                            new Factor<float>(_u.Slice(begin, _c.Channels * width), width),
                            products.AsSpan(point * sums, tiles * width), width, add: false);
                    Make(first, end, group, o, width, products, sums, made);
                }
            }
            ArrayPool<float>.Shared.Return(lines);
            ArrayPool<float>.Shared.Return(frame);
            ArrayPool<float>.Shared.Return(seen);
            ArrayPool<float>.Shared.Return(products);
            ArrayPool<float>.Shared.Return(made);
        }

        /// <summary>
        /// What some rows of tiles of an image see, with its channels last: [row, column, channel] in zeros.
        /// </summary>
        void Place(int image, int tileRow, int count, Span<float> lines, Span<float> frame)
        {
            int channels = Padded(_c.Channels), area = _c.Height * _c.Width, pitch = (2 * blocks.Across + 2) * channels,
                top = 2 * tileRow - _c.Padding.Y, first = Math.Clamp(top, 0, _c.Height),
                last = Math.Min(_c.Height, top + 2 * count + 2), rows = Math.Max(0, last - first);
            Moves.Transpose(_c.Channels, rows * _c.Width, _x[(image * _c.Channels * area + first * _c.Width)..], area,
                lines, channels);
            for (int r = 0; r < 2 * count + 2; r++)
            {
                var line = frame.Slice(r * pitch, pitch);
                if (top + r < 0 || top + r >= _c.Height) line.Clear();
                else
                    lines.Slice((top + r - first) * _c.Width * channels, _c.Width * channels)
                        .CopyTo(line[(_c.Padding.X * channels)..]);
            }
        }

        /// <summary>seen[point, tile, channel] = Bᵀ x B of some rows of tiles.</summary>
        [MethodImpl(Compiled.ForItself)]
        void See<V>(ReadOnlySpan<float> frame, int count, Span<float> seen, int plane)
            where V : struct, IVector<V, float>
        {
            int across = blocks.Across, channels = Padded(_c.Channels), line = (2 * across + 2) * channels;
            _ = (frame[(2 * count + 2) * line - 1], seen[(Points - 1) * plane + count * across * channels - 1]);
            ref float to = ref MemoryMarshal.GetReference(seen);
            for (int row = 0; row < count; row++)
            {
                for (int column = 0; column < across; column++)
                {
                    ref float x = ref Unsafe.Add(ref MemoryMarshal.GetReference(frame),
                        (nint)(2 * row * line + 2 * column * channels));
                    for (int at = 0; at < channels; at += V.Count)
                    {
                        var (a0, a1, a2, a3) = Seen<V>(ref x, at, line);
                        var (b0, b1, b2, b3) = Seen<V>(ref x, at + channels, line);
                        var (c0, c1, c2, c3) = Seen<V>(ref x, at + 2 * channels, line);
                        var (d0, d1, d2, d3) = Seen<V>(ref x, at + 3 * channels, line);
                        Store(Seen(a0, b0, c0, d0), ref to, at, plane);
                        Store(Seen(a1, b1, c1, d1), ref to, at + 4 * plane, plane);
                        Store(Seen(a2, b2, c2, d2), ref to, at + 8 * plane, plane);
                        Store(Seen(a3, b3, c3, d3), ref to, at + 12 * plane, plane);
                    }
                    to = ref Unsafe.Add(ref to, channels);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static (V, V, V, V) Seen<V>(ref float x, nint at, nint line) where V : struct, IVector<V, float> =>
            Seen(V.Load(ref x, at), V.Load(ref x, at + line), V.Load(ref x, at + 2 * line),
                V.Load(ref x, at + 3 * line));

        /// <summary>Bᵀ x: x₀ − x₂, x₁ + x₂, x₂ − x₁, x₁ − x₃.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static (V, V, V, V) Seen<V>(V x0, V x1, V x2, V x3) where V : struct, IVector<V, float> =>
            (x0 - x2, x1 + x2, x2 - x1, x1 - x3);

        /// <summary>y of a block of outputs of a range of rows of tiles.</summary>
        void Make(int from, int to, int group, int o, int width, ReadOnlySpan<float> products, int plane,
            Span<float> made)
        {
            Span<float> bias = stackalloc float[BlockOutputs];
            if (_bias.IsEmpty) bias.Clear();
            else _bias.Slice(group * _c.Outputs + o, Math.Min(width, _c.Outputs - o)).CopyTo(bias);
            for (int row = from, count; row < to; row += count)
            {
                count = Math.Min(to - row, blocks.Down - row % blocks.Down);
                var some = products[((row - from) * blocks.Across * width)..];
                if (IsWide) Begin<Wide<float>>(some, plane, count, width, bias, made);
                else Begin<Plain<float>>(some, plane, count, width, bias, made);
                blocks.Move(row / blocks.Down, row % blocks.Down, count, o, width, made, _y);
            }
        }

        void Begin<V>(ReadOnlySpan<float> products, int plane, int count, int width, ReadOnlySpan<float> bias,
            Span<float> made) where V : struct, IVector<V, float>
        {
            if (blocks.Pool) Make<CutOffAndPooled, V>(products, plane, count, width, bias, made);
            else if (blocks.Relu) Make<CutOff, V>(products, plane, count, width, bias, made);
            else Make<AsTheyAre, V>(products, plane, count, width, bias, made);
        }

        /// <summary>made[row, column, output] = Aᵀ products A + bias of some rows of tiles.</summary>
        [MethodImpl(Compiled.ForItself)]
        void Make<E, V>(ReadOnlySpan<float> products, int plane, int count, int width, ReadOnlySpan<float> bias,
            Span<float> made) where E : struct, IEnding where V : struct, IVector<V, float>
        {
            int across = blocks.Across, below = 2 * across * width, step = blocks.Step(width);
            _ = (products[(Points - 1) * plane + count * across * width - 1], made[count * blocks.PerRow * width - 1],
                bias[width - 1]);
            ref float m = ref MemoryMarshal.GetReference(products), b = ref MemoryMarshal.GetReference(bias);
            for (int row = 0; row < count; row++)
            {
                ref float y = ref Unsafe.Add(ref MemoryMarshal.GetReference(made), (nint)row * blocks.PerRow * width);
                for (int column = 0; column < across; column++)
                {
                    for (int at = 0; at < width; at += V.Count)
                    {
                        var (a0, a1) = Made<V>(ref m, at, 4 * plane);
                        var (b0, b1) = Made<V>(ref m, at + plane, 4 * plane);
                        var (c0, c1) = Made<V>(ref m, at + 2 * plane, 4 * plane);
                        var (d0, d1) = Made<V>(ref m, at + 3 * plane, 4 * plane);
                        ConvolutionBlocks.Store<E, V>(a0 + b0 + c0, b0 - c0 - d0, a1 + b1 + c1, b1 - c1 - d1,
                            V.Load(ref b, at), ref Unsafe.Add(ref y, at), width, below);
                    }
                    m = ref Unsafe.Add(ref m, width);
                    y = ref Unsafe.Add(ref y, step);
                }
            }
        }

        /// <summary>Aᵀ m: m₀ + m₁ + m₂, m₁ − m₂ − m₃.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static (V, V) Made<V>(ref float m, nint at, nint step) where V : struct, IVector<V, float>
        {
            V m1 = V.Load(ref m, at + step), m2 = V.Load(ref m, at + 2 * step);
            return (V.Load(ref m, at) + m1 + m2, m1 - m2 - V.Load(ref m, at + 3 * step));
        }
    }
}
