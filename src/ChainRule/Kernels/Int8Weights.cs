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

    // From a pair of an output to its next.
    const int Next = 2 * Panel;

    const long ThreadWorth = 1 << 20;

    readonly int _depth, _outputs, _pairs;
    readonly sbyte[] _packed;
    readonly float[] _scales, _zeros;
    readonly int[] _cross;

    /// <param name="depth">How many numbers a row of x has.</param>
    /// <param name="outputs">How many rows w has.</param>
    /// <param name="w">W, [outputs, depth].</param>
    public Int8Weights(int depth, int outputs, ReadOnlySpan<float> w)
    {
        int filled = (outputs + TileOutputs - 1) / TileOutputs * TileOutputs;
        // Two pairs are multiplied at a time.
        (_depth, _outputs, _pairs) = (depth, outputs, (depth + 3) / 4 * 2);
        // [panel, pair, output, 2], filled up with zeros.
        _packed = GC.AllocateArray<sbyte>(filled * 2 * _pairs, pinned: true);
        (_scales, _zeros) = (new float[filled], new float[filled]);
        _cross = new int[filled];
        short[] q = new short[2 * _pairs];
        for (int o = 0; o < outputs; o++)
        {
            _scales[o] = Int8Rows.Of(w.Slice(o * depth, depth), q);
            _cross[o] = Int8Rows.Cross(q);
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
        int[] cross = ArrayPool<int>.Shared.Rent(rows);
        for (int r = 0; r < rows; r++)
        {
            var row = q.AsSpan(r * 2 * _pairs, 2 * _pairs);
            row[_depth..].Clear();
            scales[r] = Int8Rows.Of(x.Slice(r * _depth, _depth), row);
            if (S.IsCrosswise) cross[r] = Int8Rows.Cross(row);
        }
        ForRows.Run(_scales.Length / TileOutputs, 1, (long)rows * _depth * TileOutputs, ThreadWorth,
            new Tiles<S>(this, rows, MemoryMarshal.Cast<short, int>(q), scales, cross, bias, y));
        ArrayPool<short>.Shared.Return(q);
        ArrayPool<float>.Shared.Return(scales);
        ArrayPool<int>.Shared.Return(cross);
    }

    /// <summary>A range of tiles of outputs: all rows pass over each while it is near.</summary>
    readonly ref struct Tiles<S>(Int8Weights w, int rows, ReadOnlySpan<int> x, ReadOnlySpan<float> scales,
        ReadOnlySpan<int> cross, ReadOnlySpan<float> bias, Span<float> y) : IRowWork where S : struct, IPairSums<S>
    {
        readonly ReadOnlySpan<int> _x = x, _cross = cross;
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
            Scale(row, H.Rows, output, sums);
        }

        [MethodImpl(Compiled.ForItself)]
        void Sum<H>(int row, int output, ref int sums) where H : struct, IHeight
        {
            int pairs = w._pairs;
            _ = _x[(row + H.Rows) * pairs - 1];
            ref sbyte w0 = ref w._packed[w.Place(output)], w1 = ref w._packed[w.Place(output + S.Count)];
            ref int x = ref Unsafe.Add(ref MemoryMarshal.GetReference(_x), row * pairs);
            nint row1 = pairs;
            bool four = H.Rows >= 4, eight = H.Rows == GemmTile.Rows;
            S a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default,
                d1 = default, e0 = default, e1 = default, f0 = default, f1 = default, g0 = default, g1 = default,
                h0 = default, h1 = default;
            for (int p = 0; p < pairs; p += 2)
            {
                S left = S.Widen(ref w0), right = S.Widen(ref w1), nextLeft = S.Widen(ref Unsafe.Add(ref w0, Next)),
                    nextRight = S.Widen(ref Unsafe.Add(ref w1, Next));
                Add(ref a0, ref a1, ref x, left, right, nextLeft, nextRight);
                if (four)
                {
                    Add(ref b0, ref b1, ref Unsafe.Add(ref x, row1), left, right, nextLeft, nextRight);
                    Add(ref c0, ref c1, ref Unsafe.Add(ref x, 2 * row1), left, right, nextLeft, nextRight);
                    Add(ref d0, ref d1, ref Unsafe.Add(ref x, 3 * row1), left, right, nextLeft, nextRight);
                }
                if (eight)
                {
                    Add(ref e0, ref e1, ref Unsafe.Add(ref x, 4 * row1), left, right, nextLeft, nextRight);
                    Add(ref f0, ref f1, ref Unsafe.Add(ref x, 5 * row1), left, right, nextLeft, nextRight);
                    Add(ref g0, ref g1, ref Unsafe.Add(ref x, 6 * row1), left, right, nextLeft, nextRight);
                    Add(ref h0, ref h1, ref Unsafe.Add(ref x, 7 * row1), left, right, nextLeft, nextRight);
                }
                x = ref Unsafe.Add(ref x, 2);
                w0 = ref Unsafe.Add(ref w0, 2 * Next);
                w1 = ref Unsafe.Add(ref w1, 2 * Next);
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
        static void Add(ref S sum, ref S other, ref int pairs, S left, S right, S nextLeft, S nextRight)
        {
            S x = S.All(pairs), next = S.All(Unsafe.Add(ref pairs, 1));
            sum = S.Add(sum, x, next, left, nextLeft);
            other = S.Add(other, x, next, right, nextRight);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Store(S sum, S next, ref int to)
        {
            sum.Store(ref to);
            next.Store(ref Unsafe.Add(ref to, S.Count));
        }

        /// <summary>y = scales · (sums − cross) + b of a tile.</summary>
        void Scale(int row, int rows, int output, ReadOnlySpan<int> sums)
        {
            int outputs = w._outputs, count = Math.Min(TileOutputs, outputs - output), i = 0;
            ref float to = ref _y.Slice(row * outputs + output, (rows - 1) * outputs + count)[0];
            ref readonly int sum = ref sums[..(rows * TileOutputs)][0];
            var scales = _scales.Slice(row, rows);
            var off = _cross.Slice(row, rows);
            var each = w._scales.AsSpan(output, TileOutputs);
            var cross = w._cross.AsSpan(output, TileOutputs);
            var shift = _bias.IsEmpty ? w._zeros : _bias[output..];
            if (Vector512.IsHardwareAccelerated)
                for (; i <= count - Vector512<float>.Count; i += Vector512<float>.Count)
                {
                    Vector512<float> times = Vector512.Create<float>(each[i..]), plus = Vector512.Create(shift[i..]);
                    var less = Vector512.Create<int>(cross[i..]);
                    for (int r = 0; r < scales.Length; r++)
                    {
                        var whole = Vector512.LoadUnsafe(in sum, (nuint)(r * TileOutputs + i));
                        if (S.IsCrosswise) whole -= less + Vector512.Create(off[r]);
                        (Vector512.ConvertToSingle(whole) * (times * scales[r]) + plus)
                            .StoreUnsafe(ref to, (nuint)(r * outputs + i));
                    }
                }
            for (; i <= count - Vector256<float>.Count; i += Vector256<float>.Count)
            {
                Vector256<float> times = Vector256.Create<float>(each[i..]), plus = Vector256.Create(shift[i..]);
                var less = Vector256.Create<int>(cross[i..]);
                for (int r = 0; r < rows; r++)
                {
                    var whole = Vector256.LoadUnsafe(in sum, (nuint)(r * TileOutputs + i));
                    if (S.IsCrosswise) whole -= less + Vector256.Create(off[r]);
                    (Vector256.ConvertToSingle(whole) * (times * scales[r]) + plus)
                        .StoreUnsafe(ref to, (nuint)(r * outputs + i));
                }
            }
            for (; i < count; i++)
                for (int r = 0; r < rows; r++)
                {
                    int whole = sums[r * TileOutputs + i] - (S.IsCrosswise ? cross[i] + off[r] : 0);
                    Unsafe.Add(ref to, r * outputs + i) = whole * (each[i] * scales[r]) + shift[i];
                }
        }
    }
}
