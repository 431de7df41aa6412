using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace ChainRule.Kernels;

/// <summary>
/// The loop of every element-wise function of one number: the widest vectors that the machine has, then the
/// narrow, then the last few.
/// </summary>
static class MapLoop
{
    /// <summary>y = f(x), shared out among threads.</summary>
    public static void Forward<F, T>(F f, ReadOnlySpan<T> x, Span<T> y) where F : struct, IFormula
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        ForRows.Run(x.Length, ForRows.Grain, 1, ForRows.Numbers, new ForwardWork<F, T>(f, x, y));

    /// <summary>dx += f′(x) · dy, or dx = f′(x) · dy where it is the first; shared out among threads.</summary>
    public static void Backward<F, T>(F f, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> dy,
        Span<T> dx, bool first)
        where F : struct, IFormula where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (f.PassesGradient) Pass(dy, dx, first);
        else ForRows.Run(x.Length, ForRows.Grain, 1, ForRows.Numbers, new BackwardWork<F, T>(f, x, y, dy, dx, first));
    }

    /// <summary>dx += dy, or dx = dy where it is the first; shared out among threads.</summary>
    public static void Pass<T>(ReadOnlySpan<T> dy, Span<T> dx, bool first) where T : unmanaged, INumber<T> =>
        ForRows.Run(dy.Length, ForRows.Grain, 1, ForRows.Numbers, new PassWork<T>(dy, dx, first));

    /// <summary>y = f(x).</summary>
    public static void Each<F, T>(F f, ReadOnlySpan<T> x, Span<T> y) where F : struct, IFormula
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int i = 0;
        if (Avx512F.IsSupported && x.Length >= Wide<T>.Count) i = Each<F, Wide<T>, T>(f, x, y, i);
        if (x.Length - i >= Plain<T>.Count) i = Each<F, Plain<T>, T>(f, x, y, i);
        if (i < x.Length) Last(f, x[i..], y[i..]);
    }

    /// <summary>dx += f′(x) · dy, or dx = f′(x) · dy where it is the first.</summary>
    public static void AddGradient<F, T>(F f, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> dy, Span<T> dx,
        bool first = false)
        where F : struct, IFormula where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int i = 0;
        if (Avx512F.IsSupported && x.Length >= Wide<T>.Count) i = AddGradient<F, Wide<T>, T>(f, x, y, dy, dx, first, i);
        if (x.Length - i >= Plain<T>.Count) i = AddGradient<F, Plain<T>, T>(f, x, y, dy, dx, first, i);
        if (i < x.Length) AddLast(f, x[i..], y[i..], dy[i..], dx[i..], first);
    }

    // Each loop is compiled by itself: two of them in one method would share one budget for inlining.
    [MethodImpl(Compiled.ForItself)]
    static int Each<F, V, T>(F f, ReadOnlySpan<T> x, Span<T> y, int i) where F : struct, IFormula
        where V : struct, IVector<V, T> where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(y.Length, x.Length);
        ref T xs = ref MemoryMarshal.GetReference(x), ys = ref MemoryMarshal.GetReference(y);
        for (int w = V.Count, last = x.Length - w; i <= last; i += w) f.Of(V.Load(ref xs, i)).Store(ref ys, i);
        return i;
    }

    [MethodImpl(Compiled.ForItself)]
    static void Last<F, T>(F f, ReadOnlySpan<T> x, Span<T> y) where F : struct, IFormula
        where T : unmanaged, INumber<T> =>
        Tail.Store(f.Of(new Plain<T>(Tail.Load(x))).Value, y);

    [MethodImpl(Compiled.ForItself)]
    static int AddGradient<F, V, T>(F f, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> dy, Span<T> dx,
        bool first, int i)
        where F : struct, IFormula where V : struct, IVector<V, T> where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(y.Length, x.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(dx.Length, x.Length);
        ref T xs = ref MemoryMarshal.GetReference(x), ys = ref MemoryMarshal.GetReference(y);
        ref T dys = ref MemoryMarshal.GetReference(dy), dxs = ref MemoryMarshal.GetReference(dx);
        for (int w = V.Count, last = x.Length - w; i <= last; i += w)
        {
            var d = f.Derivative(V.Load(ref xs, i), V.Load(ref ys, i)) * V.Load(ref dys, i);
            if (!first) d += V.Load(ref dxs, i);
            d.Store(ref dxs, i);
        }
        return i;
    }

    [MethodImpl(Compiled.ForItself)]
    static void AddLast<F, T>(F f, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> dy, Span<T> dx, bool first)
        where F : struct, IFormula where T : unmanaged, INumber<T>
    {
        var d = f.Derivative(new Plain<T>(Tail.Load(x)), new Plain<T>(Tail.Load(y))).Value * Tail.Load(dy);
        if (!first) d += Tail.Load<T>(dx);
        Tail.Store(d, dx);
    }

    readonly ref struct ForwardWork<F, T>(F f, ReadOnlySpan<T> x, Span<T> y) : IRowWork
        where F : struct, IFormula where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        readonly ReadOnlySpan<T> _x = x;
        readonly Span<T> _y = y;

        public void Run(int from, int to) => Each(f, _x[from..to], _y[from..to]);
    }

    readonly ref struct BackwardWork<F, T>(F f, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> dy, Span<T> dx,
        bool first) : IRowWork
        where F : struct, IFormula where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        readonly ReadOnlySpan<T> _x = x, _y = y, _dy = dy;
        readonly Span<T> _dx = dx;

        public void Run(int from, int to) =>
            AddGradient(f, _x[from..to], _y[from..to], _dy[from..to], _dx[from..to], first);
    }

    readonly ref struct PassWork<T>(ReadOnlySpan<T> dy, Span<T> dx, bool first) : IRowWork
        where T : unmanaged, INumber<T>
    {
        readonly ReadOnlySpan<T> _dy = dy;
        readonly Span<T> _dx = dx;

        public void Run(int from, int to)
        {
            if (first) _dy[from..to].CopyTo(_dx[from..to]);
            else TensorPrimitives.Add(_dx[from..to], _dy[from..to], _dx[from..to]);
        }
    }
}
