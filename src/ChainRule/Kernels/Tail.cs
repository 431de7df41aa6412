using System.Numerics;
using System.Runtime.CompilerServices;

namespace ChainRule.Kernels;

/// <summary>The last few numbers of a span, fewer than a vector holds: the lanes beyond them hold a harmless 1, and are not stored.</summary>
static class Tail
{
    public static Vector<T> Load<T>(ReadOnlySpan<T> x) where T : unmanaged, INumber<T>
    {
        Span<T> pad = stackalloc T[Vector<T>.Count];
        pad.Fill(T.One);
        x.CopyTo(pad);
        return new(pad);
    }

    /// <summary>As <see cref="Load"/>, with 0 in the lanes beyond: for what is summed.</summary>
    public static Vector<T> LoadOrZero<T>(ReadOnlySpan<T> x) where T : unmanaged, INumber<T>
    {
        Span<T> pad = stackalloc T[Vector<T>.Count];
        pad.Clear();
        x.CopyTo(pad);
        return new(pad);
    }

    /// <summary>The vector that begins at a place, or the last few numbers from there on, as <see cref="Load"/> has them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> From<T>(ReadOnlySpan<T> x, int at) where T : unmanaged, INumber<T> =>
        at <= x.Length - Vector<T>.Count ? new(x[at..]) : Load(x[at..]);

    /// <summary>Stores a vector at a place, or as many of its lanes as there is room for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void To<T>(Vector<T> v, Span<T> y, int at) where T : unmanaged, INumber<T>
    {
        if (at <= y.Length - Vector<T>.Count) v.CopyTo(y[at..]);
        else Store(v, y[at..]);
    }

    public static void Store<T>(Vector<T> v, Span<T> y) where T : unmanaged, INumber<T>
    {
        Span<T> pad = stackalloc T[Vector<T>.Count];
        v.CopyTo(pad);
        pad[..y.Length].CopyTo(y);
    }

    /// <summary>Adds the first few lanes to a running sum: the others may hold anything.</summary>
    public static void AddLanes<T>(ref Vector<T> sum, Vector<T> v, int lanes) where T : unmanaged, INumber<T>
    {
        for (int i = 0; i < lanes; i++) sum = sum.WithElement(i, sum[i] + v[i]);
    }
}
