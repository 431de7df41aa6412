using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ChainRule.Kernels;

/// <summary>
/// Maxima of windows of 2 × 2 that stand side by side, in floats, a vector of windows at a time. A pair of neighbours
/// is read as one integer of 64 bits, whose halves are the left and the right one. Planes [height, width] follow one
/// another. Both return how many windows they did, from the first on: those at the very end, where a vector would reach
/// beyond the last plane, are left to the caller.
/// </summary>
static class PoolPairs
{
    public static int Max<T>(ReadOnlySpan<T> x, int height, int width, Span<T> y) where T : unmanaged =>
        Run<T, Largest>(x, height, width, y.Length, ref Start<T>(y), ref Unsafe.NullRef<float>());

    public static int AddGradient<T>(ReadOnlySpan<T> x, int height, int width, ReadOnlySpan<T> dy, Span<T> dx)
        where T : unmanaged =>
        Run<T, Gradient>(x, height, width, dy.Length, ref Start(dy), ref Start<T>(dx));

    static int Run<T, W>(ReadOnlySpan<T> x, int height, int width, int windows, ref float perWindow, ref float dx)
        where T : unmanaged where W : struct, IWindows
    {
        if (typeof(T) != typeof(float)) return 0;
        ref float xs = ref Start(x);
        int rows = height / 2, columns = width / 2, lanes = Vector<float>.Count;
        for (int row = 0, at = 0; at < windows; row++, at += columns)
        {
            int top = (row / rows * height + row % rows * 2) * width;
            for (int c = 0; c < columns; c += lanes)
            {
                int from = top + 2 * c;
                if (Overruns(at + c, windows, from + width, x.Length)) return at + c;
                var (a, b) = Split(ref Unsafe.Add(ref xs, from));
                var (d, e) = Split(ref Unsafe.Add(ref xs, from + width));
                W.Do(a, b, d, e, ref Unsafe.Add(ref perWindow, at + c), columns - c, ref dx, from, width);
            }
        }
        return windows;
    }

    interface IWindows
    {
        /// <summary>A vector of windows.</summary>
        /// <param name="a">Above left; b stands above right, d and e below.</param>
        /// <param name="perWindow">y, or dy, of the first window.</param>
        /// <param name="left">How many windows of the row there are from here on; lanes beyond belong
        /// to the next row.</param>
        /// <param name="dx">The gradient of all planes, where the numbers above stand from
        /// <paramref name="from"/> on.</param>
        static abstract void Do(Vector<float> a, Vector<float> b, Vector<float> d, Vector<float> e, ref float perWindow,
            int left, ref float dx, int from, int width);
    }

    readonly struct Largest : IWindows
    {
        // The lanes beyond a row of windows are overwritten by the next row.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Do(Vector<float> a, Vector<float> b, Vector<float> d, Vector<float> e, ref float y, int left,
            ref float dx, int from, int width) =>
            Larger(e, Larger(d, Larger(b, a))).StoreUnsafe(ref y);
    }

    readonly struct Gradient : IWindows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Do(Vector<float> a, Vector<float> b, Vector<float> d, Vector<float> e, ref float dy,
            int left, ref float dx, int from, int width)
        {
            // The last of those that were larger than all before them.
            Vector<float> most = Larger(b, a), more = Larger(d, most);
            Vector<int> isB = IsLarger(b, a), isD = IsLarger(d, most), isE = IsLarger(e, more);
            var gradient = Vector.AsVectorInt32(Vector.LoadUnsafe(ref dy));
            // The lanes beyond a row of windows add 0 to the next row.
            if (left < Vector<float>.Count) gradient &= Vector.LessThan(Vector<int>.Indices, new(left));
            var below = Vector.AndNot(gradient, isE);
            var above = Vector.AndNot(below, isD);
            AddJoined(Vector.AndNot(above, isB), above & isB, ref Unsafe.Add(ref dx, from));
            AddJoined(below & isD, gradient & isE, ref Unsafe.Add(ref dx, from + width));
        }
    }

    static bool Overruns(int place, int places, int below, int length) =>
        place + Vector<float>.Count > places || below + 2 * Vector<float>.Count > length;

    static Vector<int> IsLarger(Vector<float> value, Vector<float> than) =>
        Vector.GreaterThan(value, than) | ~Vector.Equals(value, value);

    static Vector<float> Larger(Vector<float> value, Vector<float> than) =>
        Vector.ConditionalSelect(IsLarger(value, than), value, than);

    /// <summary>The left and the right ones of two vectors of pairs.</summary>
    static (Vector<float> Left, Vector<float> Right) Split(ref float pairs)
    {
        var low = Vector.AsVectorUInt64(Vector.LoadUnsafe(ref pairs));
        var high = Vector.AsVectorUInt64(Vector.LoadUnsafe(ref pairs, (nuint)Vector<float>.Count));
        return (Vector.AsVectorSingle(Vector.Narrow(low, high)),
            Vector.AsVectorSingle(Vector.Narrow(low >>> 32, high >>> 32)));
    }

    /// <summary>Adds numbers to pairs, left ones and right ones.</summary>
    static void AddJoined(Vector<int> left, Vector<int> right, ref float pairs)
    {
        Vector.Widen(Vector.AsVectorUInt32(left), out var leftLow, out var leftHigh);
        Vector.Widen(Vector.AsVectorUInt32(right), out var rightLow, out var rightHigh);
        nuint half = (nuint)Vector<float>.Count;
        (Vector.LoadUnsafe(ref pairs) + Vector.AsVectorSingle(leftLow | (rightLow << 32))).StoreUnsafe(ref pairs);
        (Vector.LoadUnsafe(ref pairs, half) + Vector.AsVectorSingle(leftHigh | (rightHigh << 32))).StoreUnsafe(
            ref pairs, half);
    }

    static ref float Start<T>(ReadOnlySpan<T> x) where T : unmanaged =>
        ref Unsafe.As<T, float>(ref MemoryMarshal.GetReference(x));
}
