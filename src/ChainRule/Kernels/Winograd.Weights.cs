using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ChainRule.Kernels;

static partial class Winograd
{
    /// <summary>A range of channels of all groups.</summary>
    readonly ref struct Weights(Convolution c, ReadOnlySpan<float> w, Span<float> u) : IRowWork
    {
        readonly ReadOnlySpan<float> _w = w;
        readonly Span<float> _u = u;

        public void Run(int from, int to)
        {
            float[] room = ArrayPool<float>.Shared.Rent(9 * BlockOutputs);
            for (int at = from; at < to; at++)
            {
                int group = at / c.Channels, channel = at % c.Channels, begin = group * GroupLength(c);
                for (int o = 0; o < c.Outputs; o += BlockOutputs)
                {
                    int width = Width(o, c.Outputs), mine = Math.Min(BlockOutputs, c.Outputs - o),
                        plane = Plane(c.Channels, width);
                    if (mine < width) room.AsSpan(0, 9 * width).Clear();
                    Moves.Transpose(mine, 9, _w[(((group * c.Outputs + o) * c.Channels + channel) * 9)..],
                        9 * c.Channels, room, width);
                    var points = _u.Slice(begin, Points * plane)[(channel * width)..];
                    if (IsWide) Kernels<Wide<float>>(room, width, points, plane);
                    else Kernels<Plain<float>>(room, width, points, plane);
                    begin += Points * plane;
                }
            }
            ArrayPool<float>.Shared.Return(room);
        }

        [MethodImpl(Compiled.ForItself)]
        static void Kernels<V>(ReadOnlySpan<float> w, int width, Span<float> u, int plane)
            where V : struct, IVector<V, float>
        {
            _ = (w[9 * width - 1], u[(Points - 1) * plane + width - 1]);
            ref float g = ref MemoryMarshal.GetReference(w), to = ref MemoryMarshal.GetReference(u);
            for (int o = 0; o < width; o += V.Count)
            {
                var (a0, a1, a2, a3) = Column(V.Load(ref g, o), V.Load(ref g, 3 * width + o),
                    V.Load(ref g, 6 * width + o));
                var (b0, b1, b2, b3) = Column(V.Load(ref g, width + o), V.Load(ref g, 4 * width + o),
                    V.Load(ref g, 7 * width + o));
                var (c0, c1, c2, c3) = Column(V.Load(ref g, 2 * width + o), V.Load(ref g, 5 * width + o),
                    V.Load(ref g, 8 * width + o));
                Store(Column(a0, b0, c0), ref to, o, plane);
                Store(Column(a1, b1, c1), ref to, o + 4 * plane, plane);
                Store(Column(a2, b2, c2), ref to, o + 8 * plane, plane);
                Store(Column(a3, b3, c3), ref to, o + 12 * plane, plane);
            }
        }

        /// <summary>G g: g₀, (g₀ + g₁ + g₂) / 2, (g₀ − g₁ + g₂) / 2, g₂.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static (V, V, V, V) Column<V>(V g0, V g1, V g2) where V : struct, IVector<V, float>
        {
            V ends = g0 + g2, half = V.Of(0.5);
            return (g0, (ends + g1) * half, (ends - g1) * half, g2);
        }
    }
}
