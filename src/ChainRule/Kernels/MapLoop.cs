using System.Numerics;
using System.Runtime.InteropServices;

namespace ChainRule.Kernels;

/// <summary>The loops of element-wise functions of one number.</summary>
static class MapLoop
{
    /// <summary>y = f(x), for a formula given for one vector at a time.</summary>
    public static void Each<F, T>(F f, ReadOnlySpan<T> x, Span<T> y)
        where F : struct, ILane where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T xs = ref MemoryMarshal.GetReference(x), ys = ref MemoryMarshal.GetReference(y);
        int i = 0, n = x.Length, w = Vector<T>.Count;
        for (; i <= n - w; i += w) f.Of(Vector.LoadUnsafe(ref xs, (nuint)i)).StoreUnsafe(ref ys, (nuint)i);
        if (i < n) Tail.Store(f.Of(Tail.Load(x[i..])), y[i..]);
    }

    /// <summary>dx += f′(x) · dy.</summary>
    public static void AddSlope<F, T>(F f, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> dy, Span<T> dx)
        where F : struct, IUnary where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T xs = ref MemoryMarshal.GetReference(x), ys = ref MemoryMarshal.GetReference(y);
        ref T dys = ref MemoryMarshal.GetReference(dy), dxs = ref MemoryMarshal.GetReference(dx);
        int i = 0, n = x.Length, w = Vector<T>.Count;
        for (; i <= n - w; i += w)
        {
            var slope = f.Slope(Vector.LoadUnsafe(ref xs, (nuint)i), Vector.LoadUnsafe(ref ys, (nuint)i));
            (Vector.LoadUnsafe(ref dxs, (nuint)i) + slope * Vector.LoadUnsafe(ref dys, (nuint)i)).StoreUnsafe(ref dxs, (nuint)i);
        }
        if (i < n) Tail.Store(Tail.Load<T>(dx[i..]) + f.Slope(Tail.Load(x[i..]), Tail.Load(y[i..])) * Tail.Load(dy[i..]), dx[i..]);
    }
}
