using System.Runtime.CompilerServices;

namespace ChainRule.Kernels;

/// <summary>One row of a tile, or the row of B that it is multiplied with: one to three vectors, held in registers.</summary>
interface IGemmRow<R, V, T> where R : struct where V : struct where T : unmanaged
{
    static abstract int Vectors { get; }

    /// <summary>What says which numbers of the last vector there are.</summary>
    static abstract V Edge(int last);

    static abstract R Load(ref T from, V edge);

    static abstract V All(T x);

    /// <summary>Adds x · b to it.</summary>
    void Add(V x, R b);

    /// <summary>Adds b to it.</summary>
    void Add(R b);

    void Store(ref T to, V edge);
}

/// <summary>How the last vector of a row is read and written.</summary>
interface IEdge<V, T> where V : struct where T : unmanaged
{
    static abstract V Of(int count);

    static abstract V Load(ref T from, nint at, V edge);

    static abstract void Store(V v, ref T to, nint at, V edge);
}

/// <summary>All of it.</summary>
readonly struct Whole<W, V, T> : IEdge<V, T> where W : struct, IWidth<V, T> where V : struct where T : unmanaged
{
    public static V Of(int count) => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(ref T from, nint at, V edge) => W.Load(ref from, at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(V v, ref T to, nint at, V edge) => W.Store(v, ref to, at);
}

/// <summary>Its first numbers: what lies behind them is neither read nor written.</summary>
readonly struct Cut<W, V, T> : IEdge<V, T> where W : struct, IWidth<V, T> where V : struct where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of(int count) => W.First(count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(ref T from, nint at, V edge) => W.LoadSome(ref from, at, edge);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(V v, ref T to, nint at, V edge) => W.StoreSome(v, ref to, at, edge);
}

struct One<W, V, T, E>(V v0) : IGemmRow<One<W, V, T, E>, V, T>
    where W : struct, IWidth<V, T> where V : struct where T : unmanaged where E : struct, IEdge<V, T>
{
    V _v0 = v0;

    public static int Vectors => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Edge(int last) => E.Of(last);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static One<W, V, T, E> Load(ref T from, V edge) => new(E.Load(ref from, 0, edge));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V All(T x) => W.All(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(V x, One<W, V, T, E> b) => _v0 = W.MultiplyAdd(x, b._v0, _v0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(One<W, V, T, E> b) => _v0 = W.Add(b._v0, _v0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref T to, V edge) => E.Store(_v0, ref to, 0, edge);
}

struct Two<W, V, T, E>(V v0, V v1) : IGemmRow<Two<W, V, T, E>, V, T>
    where W : struct, IWidth<V, T> where V : struct where T : unmanaged where E : struct, IEdge<V, T>
{
    V _v0 = v0, _v1 = v1;

    public static int Vectors => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Edge(int last) => E.Of(last);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Two<W, V, T, E> Load(ref T from, V edge) => new(W.Load(ref from, 0), E.Load(ref from, W.Count, edge));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V All(T x) => W.All(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(V x, Two<W, V, T, E> b)
    {
        _v0 = W.MultiplyAdd(x, b._v0, _v0);
        _v1 = W.MultiplyAdd(x, b._v1, _v1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Two<W, V, T, E> b)
    {
        _v0 = W.Add(b._v0, _v0);
        _v1 = W.Add(b._v1, _v1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref T to, V edge)
    {
        W.Store(_v0, ref to, 0);
        E.Store(_v1, ref to, W.Count, edge);
    }
}

struct Three<W, V, T, E>(V v0, V v1, V v2) : IGemmRow<Three<W, V, T, E>, V, T>
    where W : struct, IWidth<V, T> where V : struct where T : unmanaged where E : struct, IEdge<V, T>
{
    V _v0 = v0, _v1 = v1, _v2 = v2;

    public static int Vectors => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Edge(int last) => E.Of(last);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Three<W, V, T, E> Load(ref T from, V edge) => new(W.Load(ref from, 0), W.Load(ref from, W.Count), E.Load(ref from, 2 * W.Count, edge));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V All(T x) => W.All(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(V x, Three<W, V, T, E> b)
    {
        _v0 = W.MultiplyAdd(x, b._v0, _v0);
        _v1 = W.MultiplyAdd(x, b._v1, _v1);
        _v2 = W.MultiplyAdd(x, b._v2, _v2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Three<W, V, T, E> b)
    {
        _v0 = W.Add(b._v0, _v0);
        _v1 = W.Add(b._v1, _v1);
        _v2 = W.Add(b._v2, _v2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref T to, V edge)
    {
        W.Store(_v0, ref to, 0);
        W.Store(_v1, ref to, W.Count);
        E.Store(_v2, ref to, 2 * W.Count, edge);
    }
}
