using System.Numerics;
using System.Runtime.InteropServices;

namespace ChainRule.Kernels;

/// <summary>
/// One step of an optimiser on a vector of numbers; fields are its settings. One loop,
/// <see cref="UpdateLoop"/>, serves all.
/// </summary>
interface IUpdate<T> where T : unmanaged
{
    /// <summary>
    /// The new w. Up to three numbers are remembered for each w, and overwritten; an absent one is 0,
    /// and is not stored.
    /// </summary>
    Vector<T> Of(Vector<T> w, Vector<T> g, ref Vector<T> a, ref Vector<T> b, ref Vector<T> c);
}

/// <summary>The loop of every optimiser: one pass reads and writes each number once.</summary>
static class UpdateLoop
{
    // An update reads and writes several numbers for each: half as many are worth a thread.
    const int Worth = ForRows.Numbers / 2;

    /// <summary>w = f(w, g, a, b, c), where a, b and c are as long as w, or empty; shared out among threads.</summary>
    public static void Each<F, T>(F f, Span<T> w, ReadOnlySpan<T> g, Span<T> a = default, Span<T> b = default,
        Span<T> c = default)
        where F : struct, IUpdate<T> where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        ForRows.Run(w.Length, ForRows.Grain, 1, Worth, new Work<F, T>(f, w, g, a, b, c));

    readonly ref struct Work<F, T>(F f, Span<T> w, ReadOnlySpan<T> g, Span<T> a, Span<T> b, Span<T> c) : IRowWork
        where F : struct, IUpdate<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        readonly Span<T> _w = w, _a = a, _b = b, _c = c;
        readonly ReadOnlySpan<T> _g = g;

        public void Run(int from, int to) =>
            Part(f, _w[from..to], _g[from..to], Of(_a, from, to), Of(_b, from, to), Of(_c, from, to));

        static Span<T> Of(Span<T> numbers, int from, int to) => numbers.IsEmpty ? numbers : numbers[from..to];
    }

    static void Part<F, T>(F f, Span<T> w, ReadOnlySpan<T> g, Span<T> a, Span<T> b, Span<T> c)
        where F : struct, IUpdate<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T ws = ref MemoryMarshal.GetReference(w), gs = ref MemoryMarshal.GetReference(g);
        ref T xa = ref MemoryMarshal.GetReference(a), xb = ref MemoryMarshal.GetReference(b),
            xc = ref MemoryMarshal.GetReference(c);
        bool hasA = !a.IsEmpty, hasB = !b.IsEmpty, hasC = !c.IsEmpty;
        int i = 0, n = w.Length, lanes = Vector<T>.Count;
        // Nothing remembered is a loop of its own, without a question at each vector.
        for (; !hasA && !hasB && !hasC && i <= n - lanes; i += lanes)
        {
            var none = Vector<T>.Zero;
            f.Of(Vector.LoadUnsafe(ref ws, (nuint)i), Vector.LoadUnsafe(ref gs, (nuint)i), ref none, ref none, ref none)
                .StoreUnsafe(ref ws, (nuint)i);
        }
        for (; i <= n - lanes; i += lanes)
        {
            var va = hasA ? Vector.LoadUnsafe(ref xa, (nuint)i) : default;
            var vb = hasB ? Vector.LoadUnsafe(ref xb, (nuint)i) : default;
            var vc = hasC ? Vector.LoadUnsafe(ref xc, (nuint)i) : default;
            f.Of(Vector.LoadUnsafe(ref ws, (nuint)i), Vector.LoadUnsafe(ref gs, (nuint)i), ref va, ref vb, ref vc)
                .StoreUnsafe(ref ws, (nuint)i);
            if (hasA) va.StoreUnsafe(ref xa, (nuint)i);
            if (hasB) vb.StoreUnsafe(ref xb, (nuint)i);
            if (hasC) vc.StoreUnsafe(ref xc, (nuint)i);
        }
        if (i == n) return;
        var ta = hasA ? Tail.Load<T>(a[i..]) : default;
        var tb = hasB ? Tail.Load<T>(b[i..]) : default;
        var tc = hasC ? Tail.Load<T>(c[i..]) : default;
        Tail.Store(f.Of(Tail.Load<T>(w[i..]), Tail.Load(g[i..]), ref ta, ref tb, ref tc), w[i..]);
        if (hasA) Tail.Store(ta, a[i..]);
        if (hasB) Tail.Store(tb, b[i..]);
        if (hasC) Tail.Store(tc, c[i..]);
    }
}
