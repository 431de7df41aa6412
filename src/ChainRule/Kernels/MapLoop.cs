using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChainRule.Kernels;

/// <summary>The loops of element-wise functions of one number.</summary>
static class MapLoop
{
    /// <summary>y = f(x), for a formula given for one vector at a time.</summary>
    [MethodImpl(Compiled.ForItself)]
    public static void Each<F, T>(F f, ReadOnlySpan<T> x, Span<T> y)
        where F : struct, ILane where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T xs = ref MemoryMarshal.GetReference(x), ys = ref MemoryMarshal.GetReference(y);
        int i = 0, n = x.Length, w = Vector<T>.Count;
        for (; i <= n - w; i += w) f.Of(Vector.LoadUnsafe(ref xs, (nuint)i)).StoreUnsafe(ref ys, (nuint)i);
        if (i < n) Tail.Store(f.Of(Tail.Load(x[i..])), y[i..]);
    }

    /// <summary>y = f(x), in the widest vectors that the machine has.</summary>
    [MethodImpl(Compiled.ForItself)]
    public static void Widest<F, T>(F f, ReadOnlySpan<T> x, Span<T> y)
        where F : struct, IWideLane where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int i = 0;
        if (Avx512F.IsSupported)
        {
            ref T xs = ref MemoryMarshal.GetReference(x), ys = ref MemoryMarshal.GetReference(y);
            for (; i <= x.Length - Vector512<T>.Count; i += Vector512<T>.Count)
                f.Of(new Wide<T>(Vector512.LoadUnsafe(ref xs, (nuint)i))).Value.StoreUnsafe(ref ys, (nuint)i);
        }
        Each(new Narrow<F>(f), x[i..], y[i..]);
    }

    /// <summary>y = f(x) of a function and its slope, whatever its loop is; shared out among threads.</summary>
    public static void Forward<F, T>(F f, ReadOnlySpan<T> x, Span<T> y) where F : struct, IUnary where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        ForRows.Run(x.Length, ForRows.Grain, 1, ForRows.Numbers, new ForwardWork<F, T>(f, x, y));

    /// <summary>As <see cref="AddSlope"/>, shared out among threads.</summary>
    public static void Backward<F, T>(F f, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> dy, Span<T> dx, bool first)
        where F : struct, IUnary where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        ForRows.Run(x.Length, ForRows.Grain, 1, ForRows.Numbers, new BackwardWork<F, T>(f, x, y, dy, dx, first));

    /// <summary>dx += dy, or dx = dy where it is the first; shared out among threads.</summary>
    public static void Pass<T>(ReadOnlySpan<T> dy, Span<T> dx, bool first) where T : unmanaged, INumber<T> =>
        ForRows.Run(dy.Length, ForRows.Grain, 1, ForRows.Numbers, new PassWork<T>(dy, dx, first));

    readonly ref struct PassWork<T>(ReadOnlySpan<T> dy, Span<T> dx, bool first) : IRowWork where T : unmanaged, INumber<T>
    {
        readonly ReadOnlySpan<T> _dy = dy;
        readonly Span<T> _dx = dx;

        public void Run(int from, int to)
        {
            if (first) _dy[from..to].CopyTo(_dx[from..to]);
            else TensorPrimitives.Add(_dx[from..to], _dy[from..to], _dx[from..to]);
        }
    }

    readonly ref struct ForwardWork<F, T>(F f, ReadOnlySpan<T> x, Span<T> y) : IRowWork
        where F : struct, IUnary where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        readonly ReadOnlySpan<T> _x = x;
        readonly Span<T> _y = y;

        public void Run(int from, int to) => f.Map(_x[from..to], _y[from..to]);
    }

    readonly ref struct BackwardWork<F, T>(F f, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> dy, Span<T> dx, bool first) : IRowWork
        where F : struct, IUnary where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        readonly ReadOnlySpan<T> _x = x, _y = y, _dy = dy;
        readonly Span<T> _dx = dx;

        public void Run(int from, int to) => AddSlope(f, _x[from..to], _y[from..to], _dy[from..to], _dx[from..to], first);
    }

    /// <summary>As <see cref="AddWideSlope"/>, shared out among threads.</summary>
    public static void WideBackward<F, T>(F f, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> dy, Span<T> dx, bool first)
        where F : struct, IUnary, IWideSlope where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        ForRows.Run(x.Length, ForRows.Grain, 1, ForRows.Numbers, new WideBackwardWork<F, T>(f, x, y, dy, dx, first));

    readonly ref struct WideBackwardWork<F, T>(F f, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> dy, Span<T> dx, bool first) : IRowWork
        where F : struct, IUnary, IWideSlope where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        readonly ReadOnlySpan<T> _x = x, _y = y, _dy = dy;
        readonly Span<T> _dx = dx;

        public void Run(int from, int to) => AddWideSlope(f, _x[from..to], _y[from..to], _dy[from..to], _dx[from..to], first);
    }

    readonly struct Narrow<F>(F f) : ILane where F : struct, IWideLane
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        Vector<T> ILane.Of<T>(Vector<T> x) => f.Of(new Plain<T>(x)).Value;
    }

    /// <summary>As <see cref="AddSlope"/>, in the widest vectors that the machine has.</summary>
    [MethodImpl(Compiled.ForItself)]
    public static void AddWideSlope<F, T>(F f, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> dy, Span<T> dx, bool first = false)
        where F : struct, IUnary, IWideSlope where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int i = 0;
        if (Avx512F.IsSupported)
        {
            ref T xs = ref MemoryMarshal.GetReference(x), ys = ref MemoryMarshal.GetReference(y);
            ref T dys = ref MemoryMarshal.GetReference(dy), dxs = ref MemoryMarshal.GetReference(dx);
            for (; i <= x.Length - Vector512<T>.Count; i += Vector512<T>.Count)
            {
                var d = f.Slope(Wide<T>.Load(ref xs, i), Wide<T>.Load(ref ys, i)) * Wide<T>.Load(ref dys, i);
                if (!first) d += Wide<T>.Load(ref dxs, i);
                d.Store(ref dxs, i);
            }
        }
        AddSlope(f, x[i..], y[i..], dy[i..], dx[i..], first);
    }

    /// <summary>dx += f′(x) · dy, or dx = f′(x) · dy where it is the first.</summary>
    [MethodImpl(Compiled.ForItself)]
    public static void AddSlope<F, T>(F f, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> dy, Span<T> dx, bool first = false)
        where F : struct, IUnary where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T xs = ref MemoryMarshal.GetReference(x), ys = ref MemoryMarshal.GetReference(y);
        ref T dys = ref MemoryMarshal.GetReference(dy), dxs = ref MemoryMarshal.GetReference(dx);
        int i = 0, n = x.Length, w = Vector<T>.Count;
        for (; i <= n - w; i += w)
        {
            var slope = f.Slope(Vector.LoadUnsafe(ref xs, (nuint)i), Vector.LoadUnsafe(ref ys, (nuint)i));
            var d = slope * Vector.LoadUnsafe(ref dys, (nuint)i);
            if (!first) d += Vector.LoadUnsafe(ref dxs, (nuint)i);
            d.StoreUnsafe(ref dxs, (nuint)i);
        }
        if (i == n) return;
        var last = f.Slope(Tail.Load(x[i..]), Tail.Load(y[i..])) * Tail.Load(dy[i..]);
        if (!first) last += Tail.Load<T>(dx[i..]);
        Tail.Store(last, dx[i..]);
    }
}
