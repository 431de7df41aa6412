using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChainRule.Kernels;

/// <summary>
/// The last few numbers of a span, fewer than a vector holds: the lanes beyond them hold a harmless
/// 1, and are not stored.
/// </summary>
static class Tail
{
    public static Vector<T> Load<T>(ReadOnlySpan<T> x) where T : unmanaged, INumber<T> =>
        Vector.ConditionalSelect(First<T>(x.Length), LoadOrZero(x), Vector<T>.One);

    /// <summary>As <see cref="Load"/>, with 0 in the lanes beyond: for what is summed.</summary>
    public static unsafe Vector<T> LoadOrZero<T>(ReadOnlySpan<T> x) where T : unmanaged, INumber<T>
    {
        if (Avx.IsSupported && Vector<byte>.Count == 32)
        {
            // Without a detour over memory: a vector read from where single numbers were just written waits for them.
            fixed (T* from = x)
            {
                return typeof(T) == typeof(float)
                    ? Avx.MaskLoad((float*)from, First<T>(x.Length).As<T, float>().AsVector256()).AsVector()
                        .As<float, T>()
                    : Avx.MaskLoad((double*)from, First<T>(x.Length).As<T, double>().AsVector256()).AsVector()
                        .As<double, T>();
            }
        }
        Span<T> pad = stackalloc T[Vector<T>.Count];
        pad.Clear();
        x.CopyTo(pad);
        return new(pad);
    }

    /// <summary>
    /// The vector that begins at a place, or the last few numbers from there on, as <see cref="Load"/> has them.
    /// </summary>
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

    /// <summary>The first few lanes of a vector, and 0 in the others, whatever they held.</summary>
    public static Vector<T> Keep<T>(Vector<T> v, int lanes) where T : unmanaged, INumber<T> => v & First<T>(lanes);

    /// <summary>
    /// The last few lanes of a vector, and 0 in the others: of one that ends where a row ends, what the vectors before
    /// it did not reach.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> KeepLast<T>(Vector<T> v, int lanes) where T : unmanaged => typeof(T) == typeof(float)
        ? v & Vector.GreaterThanOrEqual(Vector<int>.Indices, new Vector<int>(Vector<int>.Count - lanes)).As<int, T>()
        : v & Vector.GreaterThanOrEqual(Vector<long>.Indices, new Vector<long>(Vector<long>.Count - lanes))
            .As<long, T>();

    /// <summary>All bits in the first few lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector<T> First<T>(int lanes) where T : unmanaged, INumber<T> => typeof(T) == typeof(float)
        ? Vector.LessThan(Vector<int>.Indices, new Vector<int>(lanes)).As<int, T>()
        : Vector.LessThan(Vector<long>.Indices, new Vector<long>(lanes)).As<long, T>();
}
