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

    // Outputs of a panel, whose pairs lie side by side, and of a tile.
    const int Panel = 16, TileOutputs = 32;

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
            Span<int> sums = stackalloc int[GemmTile.Rows * TileOutputs];
            for (int o = from * TileOutputs; o < to * TileOutputs; o += TileOutputs)
            {
                int r = 0;
                for (; RowsOfTile == GemmTile.Rows && r + GemmTile.Rows <= rows; r += GemmTile.Rows)
                    Rows<EightRows>(r, o, sums);
                for (; r + 4 <= rows; r += 4) Rows<FourRows>(r, o, sums);
                for (; r < rows; r++) Rows<OneRow>(r, o, sums);
            }
        }

        // As many as there are registers for.
        static int RowsOfTile => S.Count == WideSums.Count ? GemmTile.Rows : 4;

        void Rows<H>(int row, int output, Span<int> sums) where H : struct, IHeight
        {
            for (int at = 0; at < TileOutputs; at += 2 * S.Count) Sum<H>(row, output + at, ref sums[at]);
            for (int i = 0; i < H.Rows; i++) Scale(row + i, output, sums.Slice(i * TileOutputs, TileOutputs));
        }

        [MethodImpl(Compiled.ForItself)]
        void Sum<H>(int row, int output, ref int sums) where H : struct, IHeight
        {
            int pairs = w._pairs;
            _ = _x[(row + H.Rows) * pairs - 1];
            ref sbyte w0 = ref w._packed[w.Place(output)], w1 = ref w._packed[w.Place(output + S.Count)];
            ref int x = ref Unsafe.Add(ref MemoryMarshal.GetReference(_x), row * pairs);
            nint next = pairs;
            bool four = H.Rows >= 4, eight = H.Rows == GemmTile.Rows;
            S a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default,
                d1 = default, e0 = default, e1 = default, f0 = default, f1 = default, g0 = default, g1 = default,
                h0 = default, h1 = default;
            for (int p = 0; p < pairs; p++)
            {
                S left = S.Widen(ref w0), right = S.Widen(ref w1);
                Add(ref a0, ref a1, x, left, right);
                if (four)
                {
                    Add(ref b0, ref b1, Unsafe.Add(ref x, next), left, right);
                    Add(ref c0, ref c1, Unsafe.Add(ref x, 2 * next), left, right);
                    Add(ref d0, ref d1, Unsafe.Add(ref x, 3 * next), left, right);
                }
                if (eight)
                {
                    Add(ref e0, ref e1, Unsafe.Add(ref x, 4 * next), left, right);
                    Add(ref f0, ref f1, Unsafe.Add(ref x, 5 * next), left, right);
                    Add(ref g0, ref g1, Unsafe.Add(ref x, 6 * next), left, right);
                    Add(ref h0, ref h1, Unsafe.Add(ref x, 7 * next), left, right);
                }
                x = ref Unsafe.Add(ref x, 1);
                w0 = ref Unsafe.Add(ref w0, 2 * Panel);
                w1 = ref Unsafe.Add(ref w1, 2 * Panel);
            }
            Store(a0, a1, ref sums);
            if (four)
            {
                Store(b0, b1, ref Unsafe.Add(ref sums, TileOutputs));
                Store(c0, c1, ref Unsafe.Add(ref sums, 2 * TileOutputs));
                Store(d0, d1, ref Unsafe.Add(ref sums, 3 * TileOutputs));
            }
            if (!eight) return;
            Store(e0, e1, ref Unsafe.Add(ref sums, 4 * TileOutputs));
            Store(f0, f1, ref Unsafe.Add(ref sums, 5 * TileOutputs));
            Store(g0, g1, ref Unsafe.Add(ref sums, 6 * TileOutputs));
            Store(h0, h1, ref Unsafe.Add(ref sums, 7 * TileOutputs));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Add(ref S sum, ref S next, int pair, S left, S right)
        {
            S x = S.All(pair);
            sum = S.Add(sum, x, left);
            next = S.Add(next, x, right);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Store(S sum, S next, ref int to)
        {
            sum.Store(ref to);
            next.Store(ref Unsafe.Add(ref to, S.Count));
        }

        /// <summary>y = scales · sums + b.</summary>
        void Scale(int row, int output, ReadOnlySpan<int> sums)
        {
            int count = Math.Min(TileOutputs, w._outputs - output), i = 0;
            float scale = _scales[row];
            var y = _y.Slice(row * w._outputs + output, count);
            var each = w._scales.AsSpan(output, count);
            var shift = _bias.IsEmpty ? default : _bias.Slice(output, count);
            ref float to = ref MemoryMarshal.GetReference(y), scaled = ref MemoryMarshal.GetReference(each),
                shifted = ref MemoryMarshal.GetReference(shift);
            for (; i <= count - Vector256<float>.Count; i += Vector256<float>.Count)
            {
                var sum = Vector256.ConvertToSingle(Vector256.Create(sums[i..]))
                    * (Vector256.LoadUnsafe(ref scaled, (nuint)i) * scale);
                if (!shift.IsEmpty) sum += Vector256.LoadUnsafe(ref shifted, (nuint)i);
                sum.StoreUnsafe(ref to, (nuint)i);
            }
            for (; i < count; i++)
            {
                float sum = sums[i] * (each[i] * scale);
                y[i] = shift.IsEmpty ? sum : sum + shift[i];
            }
        }
    }
}
