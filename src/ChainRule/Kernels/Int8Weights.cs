using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChainRule.Kernels;

/// <summary>
/// The right factor of many products, y = x Wᵀ + b, as bytes with a scale for each output; rows of x are made whole
/// numbers as they come, with a scale for each. Sums of whole numbers are exact and float32 enters at the end, so a
/// row's bits are the same in any batch, on any machine.
/// </summary>
sealed class Int8Weights
{
    /// <summary>How deep products may be for their sums to fit 32 bits.</summary>
    public const int MaxDepth = int.MaxValue / (Int8Rows.Largest * Int8Rows.Largest);

    // Outputs of a panel, whose pairs lie side by side, and of a tile; rows of a tile.
    const int Panel = 16, TileOutputs = 32, TileRows = 4;

    const long ThreadWorth = 1 << 20;

    readonly int _depth, _outputs, _pairs;
    readonly sbyte[] _packed;
    readonly float[] _scales;

    /// <param name="depth">How many numbers a row of x has.</param>
    /// <param name="outputs">How many rows w has.</param>
    /// <param name="w">W, [outputs, depth].</param>
    public Int8Weights(int depth, int outputs, ReadOnlySpan<float> w)
    {
        int filled = (outputs + TileOutputs - 1) / TileOutputs * TileOutputs;
        (_depth, _outputs, _pairs) = (depth, outputs, (depth + 1) / 2);
        // [panel, pair, output, 2], filled up with zeros.
        _packed = GC.AllocateArray<sbyte>(filled * 2 * _pairs, pinned: true);
        _scales = new float[filled];
        short[] q = new short[depth];
        for (int o = 0; o < outputs; o++)
        {
            _scales[o] = Int8Rows.Of(w.Slice(o * depth, depth), q);
            for (int k = 0; k < depth; k++) _packed[Place(o) + k / 2 * 2 * Panel + k % 2] = (sbyte)q[k];
        }
    }

    int Place(int output) => output / Panel * Panel * 2 * _pairs + output % Panel * 2;

    /// <summary>y = x Wᵀ + b of some rows; b is empty if there is none.</summary>
    public void Multiply(int rows, ReadOnlySpan<float> x, ReadOnlySpan<float> bias, Span<float> y)
    {
        if (rows == 0) return;
        if (Avx512BW.IsSupported && Vector512.IsHardwareAccelerated) Multiply<WideSums>(rows, x, bias, y);
        else if (Avx2.IsSupported) Multiply<HalfSums>(rows, x, bias, y);
        else Multiply<LoneSum>(rows, x, bias, y);
    }

    /// <summary>As above, by sums of one kind.</summary>
    public void Multiply<S>(int rows, ReadOnlySpan<float> x, ReadOnlySpan<float> bias, Span<float> y)
        where S : struct, IPairSums<S>
    {
        short[] q = ArrayPool<short>.Shared.Rent(rows * 2 * _pairs);
        float[] scales = ArrayPool<float>.Shared.Rent(rows);
        for (int r = 0; r < rows; r++)
        {
            var row = q.AsSpan(r * 2 * _pairs, 2 * _pairs);
            row[^1..].Clear();
            scales[r] = Int8Rows.Of(x.Slice(r * _depth, _depth), row);
        }
        ForRows.Run(_scales.Length / TileOutputs, 1, (long)rows * _depth * TileOutputs, ThreadWorth,
            new Tiles<S>(this, rows, MemoryMarshal.Cast<short, int>(q), scales, bias, y));
        ArrayPool<short>.Shared.Return(q);
        ArrayPool<float>.Shared.Return(scales);
    }

    /// <summary>A range of tiles of outputs: all rows pass over each while it is near.</summary>
    readonly ref struct Tiles<S>(Int8Weights w, int rows, ReadOnlySpan<int> x, ReadOnlySpan<float> scales,
        ReadOnlySpan<float> bias, Span<float> y) : IRowWork where S : struct, IPairSums<S>
    {
        readonly ReadOnlySpan<int> _x = x;
        readonly ReadOnlySpan<float> _scales = scales, _bias = bias;
        readonly Span<float> _y = y;

        public void Run(int from, int to)
        {
            Span<int> sums = stackalloc int[TileRows * TileOutputs];
            for (int o = from * TileOutputs; o < to * TileOutputs; o += TileOutputs)
            {
                int r = 0;
                for (; r + TileRows <= rows; r += TileRows)
                {
                    for (int at = 0; at < TileOutputs; at += 2 * S.Count) Four(r, o + at, ref sums[at]);
                    for (int i = 0; i < TileRows; i++) Scale(r + i, o, sums.Slice(i * TileOutputs, TileOutputs));
                }
                for (; r < rows; r++)
                {
                    for (int at = 0; at < TileOutputs; at += 2 * S.Count) One(r, o + at, ref sums[at]);
                    Scale(r, o, sums[..TileOutputs]);
                }
            }
        }

        [MethodImpl(Compiled.ForItself)]
        void Four(int row, int output, ref int sums)
        {
            int pairs = w._pairs;
            _ = _x[(row + TileRows) * pairs - 1];
            ref sbyte w0 = ref w._packed[w.Place(output)], w1 = ref w._packed[w.Place(output + S.Count)];
            ref int x0 = ref Unsafe.Add(ref MemoryMarshal.GetReference(_x), row * pairs);
            ref int x2 = ref Unsafe.Add(ref x0, 2 * pairs);
            S a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default,
                d1 = default;
            for (int p = 0; p < pairs; p++)
            {
                S left = S.Widen(ref w0), right = S.Widen(ref w1);
                int one = x0;
                a0 = S.Add(a0, one, left);
                a1 = S.Add(a1, one, right);
                one = Unsafe.Add(ref x0, pairs);
                b0 = S.Add(b0, one, left);
                b1 = S.Add(b1, one, right);
                one = x2;
                c0 = S.Add(c0, one, left);
                c1 = S.Add(c1, one, right);
                one = Unsafe.Add(ref x2, pairs);
                d0 = S.Add(d0, one, left);
                d1 = S.Add(d1, one, right);
                x0 = ref Unsafe.Add(ref x0, 1);
                x2 = ref Unsafe.Add(ref x2, 1);
                w0 = ref Unsafe.Add(ref w0, 2 * Panel);
                w1 = ref Unsafe.Add(ref w1, 2 * Panel);
            }
            a0.Store(ref sums);
            a1.Store(ref Unsafe.Add(ref sums, S.Count));
            b0.Store(ref Unsafe.Add(ref sums, TileOutputs));
            b1.Store(ref Unsafe.Add(ref sums, TileOutputs + S.Count));
            c0.Store(ref Unsafe.Add(ref sums, 2 * TileOutputs));
            c1.Store(ref Unsafe.Add(ref sums, 2 * TileOutputs + S.Count));
            d0.Store(ref Unsafe.Add(ref sums, 3 * TileOutputs));
            d1.Store(ref Unsafe.Add(ref sums, 3 * TileOutputs + S.Count));
        }

        [MethodImpl(Compiled.ForItself)]
        void One(int row, int output, ref int sums)
        {
            int pairs = w._pairs;
            ref sbyte w0 = ref w._packed[w.Place(output)], w1 = ref w._packed[w.Place(output + S.Count)];
            S a0 = default, a1 = default;
            foreach (int x in _x.Slice(row * pairs, pairs))
            {
                a0 = S.Add(a0, x, S.Widen(ref w0));
                a1 = S.Add(a1, x, S.Widen(ref w1));
                w0 = ref Unsafe.Add(ref w0, 2 * Panel);
                w1 = ref Unsafe.Add(ref w1, 2 * Panel);
            }
            a0.Store(ref sums);
            a1.Store(ref Unsafe.Add(ref sums, S.Count));
        }

        /// <summary>y = scales · sums + b.</summary>
        void Scale(int row, int output, ReadOnlySpan<int> sums)
        {
            int count = Math.Min(TileOutputs, w._outputs - output), i = 0;
            float scale = _scales[row];
            var y = _y.Slice(row * w._outputs + output, count);
            var each = w._scales.AsSpan(output, count);
            var shift = _bias.IsEmpty ? default : _bias.Slice(output, count);
            for (; i <= count - Vector128<float>.Count; i += Vector128<float>.Count)
            {
                var sum = Vector128.ConvertToSingle(Vector128.Create(sums[i..])) * (Vector128.Create<float>(each[i..])
                    * scale);
                (shift.IsEmpty ? sum : sum + Vector128.Create(shift[i..])).CopyTo(y[i..]);
            }
            for (; i < count; i++)
            {
                float sum = sums[i] * (each[i] * scale);
                y[i] = shift.IsEmpty ? sum : sum + shift[i];
            }
        }
    }
}
