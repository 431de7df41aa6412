using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ChainRule.Kernels;

/// <summary>
/// Maxima of windows of 2 × 2 that stand side by side, in floats, a vector of windows at a time. A pair of neighbours is read as one integer of 64 bits,
/// whose halves are the left and the right one. Planes [height, width] follow one another. Both return how many windows they did, from the first on:
/// those at the very end, where a vector would reach beyond the last plane, are left to the caller.
/// </summary>
static class PoolPairs
{
    public static int Max<T>(ReadOnlySpan<T> x, int height, int width, Span<T> y) where T : unmanaged
    {
        if (typeof(T) != typeof(float)) return 0;
        ref float xs = ref Start(x), ys = ref Start<T>(y);
        int rows = height / 2, columns = width / 2, lanes = Vector<float>.Count;
        for (int row = 0, at = 0; at < y.Length; row++, at += columns)
        {
            int top = (row / rows * height + row % rows * 2) * width;
            for (int c = 0; c < columns; c += lanes)
            {
                int from = top + 2 * c;
                if (Overruns(at + c, y.Length, from + width, x.Length)) return at + c;
                var (a, b) = Split(ref Unsafe.Add(ref xs, from));
                var (d, e) = Split(ref Unsafe.Add(ref xs, from + width));
                // The lanes beyond a row of windows are overwritten by the next row.
                Larger(e, Larger(d, Larger(b, a))).StoreUnsafe(ref ys, (nuint)(at + c));
            }
        }
        return y.Length;
    }

    public static int AddGradient<T>(ReadOnlySpan<T> x, int height, int width, ReadOnlySpan<T> dy, Span<T> dx) where T : unmanaged
    {
        if (typeof(T) != typeof(float)) return 0;
        ref float xs = ref Start(x), dys = ref Start(dy), dxs = ref Start<T>(dx);
        int rows = height / 2, columns = width / 2, lanes = Vector<float>.Count;
        for (int row = 0, at = 0; at < dy.Length; row++, at += columns)
        {
            int top = (row / rows * height + row % rows * 2) * width;
            for (int c = 0; c < columns; c += lanes)
            {
                int from = top + 2 * c;
                if (Overruns(at + c, dy.Length, from + width, x.Length)) return at + c;
                var (a, b) = Split(ref Unsafe.Add(ref xs, from));
                var (d, e) = Split(ref Unsafe.Add(ref xs, from + width));
                // The last of those that were larger than all before them.
                Vector<float> most = Larger(b, a), more = Larger(d, most);
                Vector<int> isB = IsLarger(b, a), isD = IsLarger(d, most), isE = IsLarger(e, more);
                var gradient = Vector.AsVectorInt32(Vector.LoadUnsafe(ref dys, (nuint)(at + c)));
                // The lanes beyond a row of windows add 0 to the next row.
                if (columns - c < lanes) gradient &= Vector.LessThan(Vector<int>.Indices, new(columns - c));
                var below = Vector.AndNot(gradient, isE);
                var above = Vector.AndNot(below, isD);
                AddJoined(Vector.AndNot(above, isB), above & isB, ref Unsafe.Add(ref dxs, from));
                AddJoined(below & isD, gradient & isE, ref Unsafe.Add(ref dxs, from + width));
            }
        }
        return dy.Length;
    }

    static bool Overruns(int place, int places, int below, int length) =>
        place + Vector<float>.Count > places || below + 2 * Vector<float>.Count > length;

    static Vector<int> IsLarger(Vector<float> value, Vector<float> than) => Vector.GreaterThan(value, than) | ~Vector.Equals(value, value);

    static Vector<float> Larger(Vector<float> value, Vector<float> than) => Vector.ConditionalSelect(IsLarger(value, than), value, than);

    /// <summary>The left and the right ones of two vectors of pairs.</summary>
    static (Vector<float> Left, Vector<float> Right) Split(ref float pairs)
    {
        var low = Vector.AsVectorUInt64(Vector.LoadUnsafe(ref pairs));
        var high = Vector.AsVectorUInt64(Vector.LoadUnsafe(ref pairs, (nuint)Vector<float>.Count));
        return (Vector.AsVectorSingle(Vector.Narrow(low, high)), Vector.AsVectorSingle(Vector.Narrow(low >>> 32, high >>> 32)));
    }

    /// <summary>Adds numbers to pairs, left ones and right ones.</summary>
    static void AddJoined(Vector<int> left, Vector<int> right, ref float pairs)
    {
        Vector.Widen(Vector.AsVectorUInt32(left), out var leftLow, out var leftHigh);
        Vector.Widen(Vector.AsVectorUInt32(right), out var rightLow, out var rightHigh);
        nuint half = (nuint)Vector<float>.Count;
        (Vector.LoadUnsafe(ref pairs) + Vector.AsVectorSingle(leftLow | (rightLow << 32))).StoreUnsafe(ref pairs);
        (Vector.LoadUnsafe(ref pairs, half) + Vector.AsVectorSingle(leftHigh | (rightHigh << 32))).StoreUnsafe(ref pairs, half);
    }

    static ref float Start<T>(ReadOnlySpan<T> x) where T : unmanaged => ref Unsafe.As<T, float>(ref MemoryMarshal.GetReference(x));
}
